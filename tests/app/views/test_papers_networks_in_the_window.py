"""The loss-landscape paper's own ResNet-56 with and without shortcuts, opened by their cards, side by side."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QSpinBox

from app.views.pages.surface_page import SurfacePage
from tests.app.views.conftest import Driver
from tests.realdata import realdata_path

pytestmark = pytest.mark.realdata

CARD = """
name = "{name}"
architecture = "{architecture}"
weights = "{weights}"
classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
[input]
shape = [3, 32, 32]
mean = [125.3, 123.0, 113.9]
std = [63.0, 62.1, 66.7]
"""


def card(folder: Path, name: str, architecture: str) -> Path:
    weights = realdata_path(f"lossland_resnet56/{architecture}_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7")
    path = folder / f"{architecture}.toml"
    path.write_text(CARD.format(name=name, architecture=architecture, weights=weights.as_posix()))
    return path


def test_the_papers_two_networks_stand_side_by_side_on_one_scale(driver: Driver, tmp_path: Path) -> None:
    images = realdata_path("cifar10_lossless/cifar10_train_first4000.npz")
    with_shortcuts = card(tmp_path, "ResNet-56", "resnet56")
    without = card(tmp_path, "ResNet-56 without shortcuts", "resnet56_noshort")
    driver.open(images, with_shortcuts, without)
    driver.wait(lambda: len(driver.document.networks) == 2 and len(driver.document.datasets) == 1)
    for network in driver.document.networks:
        before = len(driver.window.area.pages())
        driver.select(network.id)
        driver.find(QSpinBox, "surface.grid").setValue(3)
        driver.find(QSpinBox, "surface.samples").setValue(16)
        driver.click("compute.surface")
        driver.wait(lambda before=before: len(driver.window.area.pages()) == before + 1)
    driver.wait(lambda: len(driver.results()) == 2)
    shown = driver.window.area.shown_pages()
    assert [type(page) for page in shown] == [SurfacePage, SurfacePage]
    assert shown[0].relief.scale == shown[1].relief.scale
    smooth, chaotic = (item.result for item in driver.results())
    assert smooth.centre_loss < 0.01  # trained on these very images
    assert np.nanmax(smooth.loss) < np.nanmax(chaotic.loss)
