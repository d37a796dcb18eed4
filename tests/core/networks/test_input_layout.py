"""Raw samples become the network's input: whatever the layout of the file, the numbers are those of the card."""

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import nn

from core.data.dataset import Dataset
from core.errors import DataError
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network

MEAN, STD = (125.3, 123.0, 113.9), (63.0, 62.1, 66.7)


def network(shape: tuple[int, ...], mean: tuple[float, ...] = (0.0,), std: tuple[float, ...] = (1.0,)) -> Network:
    module = nn.Sequential(nn.Flatten(), nn.Linear(int(np.prod(shape)), 3)).eval()
    card = NetworkCard(name="n", input=InputCard(shape=shape, mean=mean, std=std), file="p.pt2")
    return Network(card=card, module=module, sha256="0")


def pixels(*shape: int) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("layout", ["channels last", "channels first"])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64, np.int64])
def test_colour_images_are_normalised_channel_by_channel(layout: str, dtype: type[np.generic]) -> None:
    raw = pixels(5, 8, 6, 3).astype(dtype)
    given = raw if layout == "channels last" else np.ascontiguousarray(raw.transpose(0, 3, 1, 2))
    inputs = network((3, 8, 6), MEAN, STD).normalise(given)
    assert inputs.dtype == torch.float32
    assert inputs.shape == (5, 3, 8, 6)
    for image, row, column, channel in ((0, 0, 0, 0), (4, 7, 5, 2), (2, 3, 1, 1)):
        expected = (float(raw[image, row, column, channel]) - MEAN[channel]) / STD[channel]
        assert float(inputs[image, channel, row, column]) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("shape", [(5, 8, 6), (5, 8, 6, 1), (5, 1, 8, 6)])
def test_grey_images_may_have_a_channel_anywhere_or_none(shape: tuple[int, ...]) -> None:
    raw = pixels(*shape)
    inputs = network((1, 8, 6), (33.0,), (78.0,)).normalise(raw)
    assert inputs.shape == (5, 1, 8, 6)
    assert np.allclose(inputs.numpy(), ((raw.astype(np.float64) - 33) / 78).reshape(5, 1, 8, 6), rtol=1e-6)


def test_columns_of_a_table_have_their_own_mean() -> None:
    raw = np.array([[1.0, 10.0], [3.0, 30.0]])
    inputs = network((2,), (1.0, 10.0), (2.0, 40.0)).normalise(raw)
    assert inputs.tolist() == [[0.0, 0.0], [1.0, 0.5]]


@pytest.mark.parametrize("dtype", [np.float64, np.int64])
def test_numbers_that_float32_cannot_tell_apart_are_told_apart_after_normalisation(dtype: type[np.generic]) -> None:
    """Times in seconds: float32 has a step of 128 there."""
    raw = np.array([[1_700_000_000], [1_700_000_001], [1_700_000_050]]).astype(dtype)
    inputs = network((1,), (1_700_000_000.0,), (50.0,)).normalise(raw)
    assert inputs.flatten().tolist() == pytest.approx([0.0, 0.02, 1.0])


def test_normalising_leaves_the_data_as_they_are() -> None:
    raw = np.ones((4, 2), dtype=np.float32)
    raw.setflags(write=False)
    network((2,), (1.0,), (2.0,)).normalise(raw)
    assert (raw == 1).all()


@pytest.mark.parametrize("shape", [(5, 6, 8, 3), (5, 3, 8), (5, 8, 6), (5, 144), (5,), (5, 4, 8, 6)])
def test_samples_of_another_shape_are_refused_with_both_shapes(shape: tuple[int, ...]) -> None:
    words = f"samples have shape {' × '.join(map(str, shape[1:]))}, the network takes 3 × 8 × 6"
    with pytest.raises(DataError, match=words):
        network((3, 8, 6)).normalise(pixels(*shape))


def test_a_label_without_an_output_is_refused_with_its_row() -> None:
    data = Dataset(name="d", x=np.zeros((4, 2)), y=np.array([0, 2, 3, 1]))
    with pytest.raises(DataError, match=r'Sample 2 of "d" has label 3.*3 outputs \(0 to 2\)'):
        network((2,)).prepare(data)


def test_a_number_beyond_float32_is_refused_with_its_row() -> None:
    data = Dataset(name="d", x=np.array([[1.0, 2.0], [1e300, 0.0]]), y=np.array([0, 1]))
    with pytest.raises(DataError, match=r"Sample 1 .* too large"):
        network((2,)).prepare(data)
