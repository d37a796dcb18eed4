"""``corrie corrections`` of a network with GELUs: two numbers have no exact slice, and are searched for by bounds."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from core.corrections.records.joint import JointCorrection
from core.session.files import open_document
from tests.app.cli.conftest import Corrie
from tests.pumping import simulated, train, write_program, write_table
from tests.threads import one_torch_thread


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The simulated pumping station, with a network that bends everywhere."""
    folder = tmp_path_factory.mktemp("curved")
    with one_torch_thread(), torch.random.fork_rng():
        torch.manual_seed(0)
        module = nn.Sequential(nn.Linear(5, 12), nn.GELU(), nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 1))
        train(module, 300)
    return write_program(folder, module, "Pressure, curved"), write_table(folder)


def test_two_numbers_of_a_network_with_gelus_are_corrected_by_bounds_and_it_says_why(
    corrie: Corrie, station: tuple[Path, Path], own_folder: Path
) -> None:
    x, y = simulated()
    row = int(np.where(np.abs(x[:, 3] - 17) <= 1, y, np.inf).argmin())
    ask = ("corrections", *station, "--row", row, "--free", "speed,valve", "--at-least", 3.5)
    answer = corrie(*ask, "-o", own_folder / "c.corrie.h5", "--json")
    values = answer.values
    assert "bends everywhere" in answer.err
    assert "A search in several features" in answer.err
    assert (values["kind"], values["proof"], values["closed"]) == ("joint", "proved", True)
    speed, valve = (one["correction"] for one in values["free"])
    assert speed - 15 >= 1100 - 1e-6
    assert valve + 2 <= 100 + 1e-6
    (item,) = open_document(own_folder / "c.corrie.h5").results
    assert isinstance(item.result, JointCorrection)
