"""The figure of a correction of an image shows the corrected image as well."""

import dataclasses

import numpy as np
import pytest

from core.corrections.records.correction import Box, Correction
from core.corrections.requests.image_handles import ImageHandle, image_request
from core.data.dataset import Dataset
from core.exchange.figures.correction import correction_figure
from core.exchange.figures.image_panels import draws_images
from core.exchange.subject import Subject
from core.networks.card import InputCard
from tests import documents

SHAPES = [(1, 6, 8), (3, 8, 6)]


def subject(shape: tuple[int, ...]) -> Subject:
    network = documents.network_item()
    card = dataclasses.replace(network.card, input=InputCard(shape=shape))
    return Subject(title="an image", network=dataclasses.replace(network, card=card))


def corrected(shape: tuple[int, int, int]) -> Correction:
    """The numbers of a correction of a table, over the slice of an image."""
    x = np.random.default_rng(0).integers(0, 256, (4, *shape)).astype(np.uint8)
    handles = (ImageHandle(kind="towards", row=1), ImageHandle(kind="fade", rectangle=(1, 1, 3, 2)))
    request = image_request(Dataset(name="images", x=x, y=np.arange(4) % 2), 0, shape, handles, (1,))
    box = Box(centre=(0.5, 0.25), half_width=(0.1, 0.1))
    return dataclasses.replace(documents.correction(), request=request, centre=box.centre, box=box, tradeoff=None)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_middle_of_the_box_is_drawn_beside_the_image_and_the_change(shape: tuple[int, int, int]) -> None:
    correction = corrected(shape)
    figure = correction_figure(correction, subject(shape))
    pictures = [axes.get_images()[0].get_array() for axes in figure.axes if axes.get_images()]
    assert len(pictures) == 3
    expected = correction.request.subspace.inputs(np.array([(0.5, 0.25)]))[0].reshape(shape)
    shown = np.reshape(pictures[2], (*shape[1:], -1)).transpose(2, 0, 1)
    assert np.corrcoef(shown.ravel(), expected.ravel())[0, 1] == pytest.approx(1)
    words = [axes.get_xlabel() for axes in figure.axes]
    assert any(text.startswith("image 0, judged") for text in words)


def test_other_corrections_have_no_pictures() -> None:
    correction = corrected((1, 6, 8))
    assert draws_images(correction, subject((1, 6, 8)))
    assert not draws_images(correction, subject((48,)))
    assert not draws_images(dataclasses.replace(correction, box=None), subject((1, 6, 8)))
    assert not draws_images(documents.correction(), subject((1, 6, 8)))
    assert not draws_images(correction, Subject(title="whose network is gone"))
