"""One turn around a surface becomes a moving picture, and the camera is given back."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage

from app.render.gl.probe import probe_graphics
from app.views.turntable_export import pixels_of
from tests.app import landscapes
from tests.app.views.conftest import Driver


def test_the_colours_of_a_picture_keep_their_places() -> None:
    image = QImage(5, 3, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 20, 30))
    image.setPixelColor(4, 2, QColor(200, 100, 50))
    pixels = pixels_of(image)
    assert pixels.shape == (3, 5, 3)
    assert pixels[2, 4].tolist() == [200, 100, 50]
    assert pixels[0, 0].tolist() == [10, 20, 30]


@pytest.mark.gl
@pytest.mark.slow
def test_a_turn_is_written_and_the_camera_stands_where_it_stood(driver: Driver, tmp_path: Path) -> None:
    if not probe_graphics():
        pytest.skip(f"no OpenGL here: {probe_graphics().reason}")
    driver.window.desk.state.open(landscapes.session(("surface-1", landscapes.plane(9))), None)
    page = driver.window.area.page("surface-1")
    page.relief.setFixedSize(300, 240)
    before = page.relief.camera_state()
    driver.answers.target = tmp_path / "turn.gif"
    with driver.qtbot.waitSignal(driver.window.desk.file.exported, timeout=60_000):
        page.animation_wanted.emit("surface-1")
    assert page.relief.camera_state() == before
    with Image.open(tmp_path / "turn.gif") as animation:
        assert animation.n_frames == 48
        first = np.asarray(animation.convert("RGB"), dtype=int)
        animation.seek(24)
        assert np.abs(np.asarray(animation.convert("RGB"), dtype=int) - first).max() > 50


def test_a_page_that_is_closed_meanwhile_ends_its_turn(driver: Driver, tmp_path: Path) -> None:
    driver.window.desk.state.open(landscapes.session(("surface-1", landscapes.plane(9))), None)
    driver.answers.target = tmp_path / "turn.gif"
    driver.window.turntable_export.export("surface-1")
    assert driver.window.turntable_export.busy
    driver.window.area.close_page("surface-1")
    driver.wait(lambda: not driver.window.turntable_export.busy)
    assert not (tmp_path / "turn.gif").exists()
