"""Slices of images along two directions: towards another image, and through the pixels of a rectangle."""

import numpy as np
import pytest
import torch
from torch import nn

from core.corrections.engines.slice import compute_correction
from core.corrections.live.slice import LiveRegion
from core.corrections.records.correction import CorrectionRequest, FreeFeature
from core.corrections.records.move import Move
from core.corrections.requests.image_handles import ImageHandle, image_request, nearest_image, pixels_of
from core.data.dataset import Dataset
from core.errors import InvalidRequest
from core.job import JobContext
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network
from core.session.json_text import record_from_json, record_to_json

TOWARDS = ImageHandle(kind="towards", row=1)
BRIGHT = ImageHandle(kind="brightness", rectangle=(1, 0, 2, 2))
FADE = ImageHandle(kind="fade", rectangle=(0, 2, 4, 2))


@pytest.fixture
def images() -> Dataset:
    x = np.random.default_rng(0).integers(60, 190, (6, 4, 4, 3)).astype(np.uint8)
    x[0, 0, 0], x[1, 0, 0] = 0, 255  # the limits of the data
    return Dataset(name="pictures", x=x, y=np.arange(6) % 2)


@pytest.fixture
def network() -> Network:
    torch.manual_seed(3)
    layers = (nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16, 2))
    module = nn.Sequential(*layers).eval()
    card = NetworkCard(name="eye", input=InputCard(shape=(3, 4, 4), mean=(128.0,), std=(64.0,)), architecture="own")
    return Network(card=card, module=module, sha256="")


def classes_of(network: Network, inputs: np.ndarray) -> np.ndarray:
    """By the module itself, in float64."""
    module = network.module.double()
    with torch.inference_mode():
        outputs = module(torch.from_numpy((inputs.reshape(-1, 3, 4, 4) - 128) / 64))
    module.float()
    return outputs.argmax(dim=1).numpy()


@pytest.mark.parametrize("handles", [(TOWARDS, BRIGHT), (BRIGHT, FADE), (FADE, TOWARDS)])
def test_the_region_of_an_image_is_exact_along_its_handles(images: Dataset, network: Network, handles) -> None:
    start = pixels_of(images, 0, (3, 4, 4))
    verdict = int(classes_of(network, start[None])[0])
    request = image_request(images, 0, (3, 4, 4), handles, (1 - verdict,))
    assert request.point == (0, 0)
    found = compute_correction(request, network, "", JobContext())
    region = LiveRegion.of(found)
    low, high = np.reshape(request.bounds, (2, 2))
    points = np.random.default_rng(1).uniform(low, high, (400, 2))
    said = classes_of(network, request.subspace.inputs(points)) != verdict
    mine = np.array([region.nearest(tuple(point), (0, 0), (1, 1)) == tuple(point) for point in points])
    assert (said == mine).mean() > 0.99  # but for points within the guard of the margin
    assert not (mine & ~said).any()
    if found.box is not None:
        assert found.proof in ("proved", "unknown")


def test_inputs_of_a_slice_stay_within_the_data(images: Dataset) -> None:
    request = image_request(images, 2, (3, 4, 4), (ImageHandle(kind="towards", row=3), BRIGHT), (0,))
    corners = np.array([(x, y) for x in request.bounds[::2] for y in request.bounds[1::2]])
    inputs = request.subspace.inputs(corners)
    assert inputs.min() >= 0
    assert inputs.max() <= 255
    assert np.array_equal(request.subspace.inputs(np.zeros((1, 2)))[0], np.array(request.input))
    reached = request.subspace.inputs(np.array([[1.0, 0]]))[0]
    assert np.allclose(reached, pixels_of(images, 3, (3, 4, 4)))


def test_a_rectangle_that_has_faded_is_of_its_mean_colour(images: Dataset) -> None:
    request = image_request(images, 0, (3, 4, 4), (FADE, TOWARDS), (0,))
    faded = request.subspace.inputs(np.array([[1.0, 0]]))[0].reshape(3, 4, 4)
    before = np.array(request.input).reshape(3, 4, 4)
    assert np.allclose(faded[:, 2:], before[:, 2:].mean(axis=(1, 2), keepdims=True))
    assert np.array_equal(faded[:, :2], before[:, :2])


def test_a_request_with_moves_survives_the_session(images: Dataset) -> None:
    request = image_request(images, 0, (3, 4, 4), (TOWARDS, FADE), (0,), stability=(0.1, 0.05))
    assert record_from_json(CorrectionRequest, record_to_json(request)) == request


@pytest.mark.parametrize(
    ("handles", "words"),
    [
        ((TOWARDS,), "two handles"),
        ((TOWARDS, TOWARDS), "in the same way"),
        ((TOWARDS, ImageHandle(kind="towards", row=9)), "no image 9"),
        ((TOWARDS, ImageHandle(kind="towards", row=0)), "image itself"),
        ((TOWARDS, ImageHandle(kind="fade", rectangle=(3, 3, 2, 1))), "not within the image"),
        ((TOWARDS, ImageHandle(kind="brightness", rectangle=(0, 0, 2, 2))), "darkest to the brightest"),
        ((TOWARDS, ImageHandle(kind="fade", rectangle=(0, 0, 1, 1))), "one colour"),
    ],
)
def test_handles_that_move_nothing_are_refused_in_a_sentence(images: Dataset, handles, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        image_request(images, 0, (3, 4, 4), handles, (0,))


def test_images_of_another_shape_are_refused(images: Dataset) -> None:
    with pytest.raises(InvalidRequest, match="takes 1 × 8 × 8"):
        image_request(images, 0, (1, 8, 8), (TOWARDS, BRIGHT), (0,))


def test_a_request_has_columns_or_moves_and_no_column_twice() -> None:
    free = (FreeFeature(name="a", low=0, high=1), FreeFeature(name="b", low=0, high=1))
    both = (Move(columns=(0, 1)), Move(columns=(1, 2)))
    with pytest.raises(InvalidRequest, match="same column"):
        CorrectionRequest(input=(0.0, 0.0, 0.0), free=free, target=1, moves=both)
    with pytest.raises(InvalidRequest, match="not both"):
        CorrectionRequest(input=(0.0,) * 3, free=free, target=1, columns=(0, 1), moves=(both[0], Move(columns=(2,))))
    with pytest.raises(InvalidRequest, match="change together, but differ"):
        _ = CorrectionRequest(input=(0.0, 1.0, 0.0), free=free, target=1, moves=(both[0], Move(columns=(2,)))).point


def test_the_nearest_image_of_a_class_is_another_one_that_is_judged_as_it_is_labelled() -> None:
    x = np.zeros((5, 6, 6), dtype=np.uint8)
    x[1], x[2], x[3], x[4] = 3, 9, 1, 200
    data = Dataset(name="greys", x=x, y=np.array([0, 1, 1, 0, 1]))
    assert nearest_image(data, 0, 1) == 1
    assert nearest_image(data, 0, 1, np.array([0, 0, 1, 0, 1])) == 2
    assert nearest_image(data, 0, 0) == 3
    assert nearest_image(data, 0, 7) is None
