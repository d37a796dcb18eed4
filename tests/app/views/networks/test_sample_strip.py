"""Samples as pictures: every layout, true brightness, whole pixels."""

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.views.networks.sample_images import brightness_of, is_picture, picture_of_sample
from app.views.networks.sample_strip import Sample, SampleStrip, shown_size

RED = np.zeros((3, 8, 9), np.uint8)
RED[0] = 200


def image(side: int) -> QImage:
    made = QImage(side, side, QImage.Format.Format_RGB888)
    made.fill(0)
    return made


@pytest.mark.parametrize("sample", [RED, np.moveaxis(RED, 0, -1)])
def test_both_layouts_of_a_colour_image_give_the_same_picture(sample: np.ndarray) -> None:
    picture = picture_of_sample(sample, brightness_of(sample))
    assert (picture.width(), picture.height()) == (9, 8)
    assert picture.pixelColor(3, 3).getRgb()[:3] == (200, 0, 0)


@pytest.mark.parametrize("shape", [(8, 9), (1, 8, 9), (8, 9, 1)])
def test_one_channel_is_drawn_grey_in_every_layout(shape: tuple[int, ...]) -> None:
    sample = np.linspace(0, 1, 72).reshape(shape)
    picture = picture_of_sample(sample, brightness_of(sample))
    assert (picture.width(), picture.height()) == (9, 8)
    assert picture.pixelColor(0, 0).getRgb()[:3] == (0, 0, 0)
    assert picture.pixelColor(8, 7).getRgb()[:3] == (255, 255, 255)


def test_digits_from_0_to_16_are_as_bright_as_bytes(qapp: object) -> None:
    sample = np.full((8, 8), 16, np.uint8)
    assert picture_of_sample(sample, brightness_of(sample)).pixelColor(0, 0).red() == 255


def test_values_below_zero_are_darker_than_zero() -> None:
    samples = np.stack([np.full((8, 8), -1.0), np.zeros((8, 8)), np.ones((8, 8))])
    light = brightness_of(samples)
    assert [picture_of_sample(one, light).pixelColor(0, 0).red() for one in samples] == [0, 128, 255]


@pytest.mark.parametrize("shape", [(51,), (4, 5, 6, 7), (2, 64, 64), (4, 128)])
def test_samples_of_other_shapes_are_no_pictures(shape: tuple[int, ...]) -> None:
    assert not is_picture(shape)
    with pytest.raises(ValueError, match="no picture"):
        picture_of_sample(np.zeros(shape), brightness_of(np.zeros(shape)))


@pytest.mark.parametrize(("side", "shown"), [(8, 64), (28, 56), (32, 64), (64, 64), (224, 74), (100, 50)])
def test_pictures_are_shown_at_a_whole_multiple_or_fraction(side: int, shown: int) -> None:
    size = shown_size(QSize(side, side)).width()
    assert size == shown
    assert size % side == 0 or side // (side // size) == size


def test_small_pixels_stay_crisp_on_the_screen(qtbot: QtBot) -> None:
    picture = image(8)
    picture.setPixelColor(0, 0, "white")
    strip = SampleStrip()
    qtbot.addWidget(strip)
    strip.set_samples([Sample(image=picture, caption="a")])
    strip.resize(300, 120)
    grabbed = strip.grab().toImage()
    colours = {grabbed.pixelColor(x, 4).getRgb()[:3] for x in range(1, 63)}
    assert colours == {(255, 255, 255), (0, 0, 0)}
    assert grabbed.pixelColor(7, 4).red() == 255
    assert grabbed.pixelColor(8, 4).red() == 0


def test_captions_are_read_to_those_who_do_not_see_them(qtbot: QtBot) -> None:
    strip = SampleStrip()
    qtbot.addWidget(strip)
    strip.set_samples([Sample(image=image(8), caption="cat", verdict="✗ wrong: dog", note="62 %", good=False)])
    assert strip.accessibleName() == "Samples: cat, ✗ wrong: dog, 62 %"


def test_a_narrow_strip_grows_in_height_and_loses_no_sample(qtbot: QtBot) -> None:
    strip = SampleStrip()
    qtbot.addWidget(strip)
    strip.set_samples([Sample(image=image(8), caption=str(index)) for index in range(8)])
    assert strip.heightForWidth(100) == 8 * strip.heightForWidth(1000)
