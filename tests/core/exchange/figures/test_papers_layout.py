"""The order of tensors in direction files is that of the paper's own checkpoints."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from core.exchange.original.directions import named_directions, read_original_directions
from core.networks.architectures.registry import build_architecture
from core.networks.weights import read_weights
from tests.realdata import realdata_path


@pytest.mark.realdata
@pytest.mark.parametrize("architecture", ["resnet56", "resnet56_noshort"])
def test_states_of_the_papers_checkpoint_are_named_as_the_paper_named_them(architecture: str, tmp_path: Path) -> None:
    weights = read_weights(realdata_path(f"lossland_resnet56/{architecture}_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7"))
    module = build_architecture(architecture, (3, 32, 32), 10)
    parameters = {name: tuple(tensor.shape) for name, tensor in module.named_parameters()}
    states = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    path = tmp_path / "directions.h5"
    for kept, layout in ((list(weights), "states"), ([name for name in weights if name in parameters], "weights")):
        with h5py.File(path, "w") as file:
            group = file.create_group("xdirection")
            for place, name in enumerate(kept):
                group.create_dataset(str(place), data=weights[name].numpy())
        directions, moving = named_directions(read_original_directions(path), parameters, states)
        assert moving == layout
        for name in kept:
            np.testing.assert_array_equal(directions.x[name], weights[name].numpy())
