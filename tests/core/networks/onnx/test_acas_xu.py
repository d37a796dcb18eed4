"""The 45 collision-avoidance networks that every verifier is measured on (Julian et al. 2016; Katz et al. 2017)."""

import numpy as np
import pytest
import torch

from core.corrections.network.lowering import lower
from core.networks.card import InputCard
from core.networks.onnx.loading import import_onnx
from core.networks.program import load_program
from tests.core.corrections.examples import as_network
from tests.core.networks.onnx.graphs import TOLERANCE, by_runtime, difference, numbers
from tests.realdata import realdata_path

pytestmark = [pytest.mark.realdata, pytest.mark.slow]


def test_all_45_give_what_onnxruntime_gives_and_can_be_corrected() -> None:
    files = sorted(realdata_path("acasxu").glob("*.onnx"))
    assert len(files) == 45
    worst = {}
    for file in files:
        content = file.read_bytes()
        imported = import_onnx(content, file)
        module = load_program(imported.program, file)
        rows = numbers(200, *imported.input_shape, low=-0.5, high=0.5)  # as they are normalised
        with torch.inference_mode():
            ours = module(torch.from_numpy(rows)).numpy()
        truth = np.stack([by_runtime(content, row).reshape(-1) for row in rows])
        worst[file.name] = difference(ours, truth)
        assert lower(as_network(module, InputCard(shape=imported.input_shape))).widths == (50,) * 6
    largest = max(worst, key=worst.__getitem__)
    print(f"largest difference over {len(worst)} networks: {worst[largest]:.2e} of the largest output ({largest})")  # noqa: T201
    assert worst[largest] <= TOLERANCE
