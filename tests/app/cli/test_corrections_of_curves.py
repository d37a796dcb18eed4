"""``corrie corrections`` of a network with GELUs: two numbers have no exact slice, and are searched for by bounds."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from core.corrections.joint import JointCorrection
from core.networks.card import InputCard, NetworkCard, write_network_card
from core.networks.program import export_program
from core.session.files import open_document
from tests.app.cli.conftest import Corrie
from tests.pumping import build_station, simulated
from tests.threads import one_torch_thread


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The simulated pumping station, with a network that bends everywhere."""
    folder = tmp_path_factory.mktemp("curved")
    _, table = build_station(folder)
    x, y = simulated()
    mean, std = x.mean(axis=0), x.std(axis=0)
    with one_torch_thread(), torch.random.fork_rng():
        torch.manual_seed(0)
        module = nn.Sequential(nn.Linear(5, 12), nn.GELU(), nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 1))
        inputs = torch.from_numpy(((x - mean) / std).astype(np.float32))
        targets = torch.from_numpy(y.astype(np.float32))[:, None]
        optimiser = torch.optim.Adam(module.parameters(), lr=0.01)
        for _ in range(300):
            optimiser.zero_grad()
            nn.functional.mse_loss(module(inputs), targets).backward()
            optimiser.step()
    (folder / "curved.pt2").write_bytes(export_program(module.eval(), (5,)))
    card = NetworkCard(
        name="Pressure, curved",
        input=InputCard(shape=(5,), mean=tuple(mean.tolist()), std=tuple(std.tolist())),
        file="curved.pt2",
    )
    write_network_card(card, folder / "curved.toml")
    return folder / "curved.toml", table


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
