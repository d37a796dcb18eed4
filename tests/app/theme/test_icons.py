"""Icons: all there, drawn in the palette's colour, and visible in both themes."""

import re

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QIcon, QImage, QPalette
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.theme.colours import DARK, LIGHT, Colours
from app.theme.icons import FOLDER, icon, icon_names
from app.theme.palette import palette_of

EXPECTED = (
    "open save undo redo compute stop surface contour spectrum correction network data note theme export camera link"
)


def drawn(name: str, colours: Colours, size: int = 24, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    return icon(name, palette_of(colours)).pixmap(size, size, mode).toImage()


def opaque(image: QImage) -> list[QColor]:
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return [colour for colour in pixels if colour.alpha() == 255]


def test_every_promised_icon_is_there() -> None:
    assert set(EXPECTED.split()) <= set(icon_names())


def test_an_unknown_icon_is_refused_with_those_there_are(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError, match=r'no icon "nothing"\. There are: .*camera'):
        icon("nothing")


@pytest.mark.parametrize("name", icon_names())
def test_an_icon_is_a_24_by_24_drawing_in_the_current_colour_only(name: str) -> None:
    text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(str(FOLDER / f"{name}.svg"))
    assert renderer.isValid()
    assert renderer.viewBox() == QRect(0, 0, 24, 24)
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', text)) <= {"none", "currentColor"}
    assert "<script" not in text
    assert "href" not in text


@pytest.mark.parametrize("name", icon_names())
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_an_icon_is_painted_in_the_text_colour_and_leaves_its_margin_free(
    qapp: QApplication, name: str, colours: Colours
) -> None:
    image = drawn(name, colours)
    solid = opaque(image)
    assert len(solid) >= 20
    wanted = QColor(colours.text)
    for colour in solid:  # two levels of tolerance: overlapping strokes are blended in eight bits
        assert max(abs(a - b) for a, b in zip(colour.getRgb(), wanted.getRgb(), strict=True)) <= 2  # type: ignore[arg-type]
    corners = [image.pixelColor(x, y).alpha() for x in (0, 23) for y in (0, 23)]
    assert corners == [0, 0, 0, 0]


def test_a_disabled_icon_is_pale_and_a_selected_one_has_the_colour_of_selected_text(qapp: QApplication) -> None:
    disabled = opaque(drawn("stop", LIGHT, mode=QIcon.Mode.Disabled))
    selected = opaque(drawn("stop", LIGHT, mode=QIcon.Mode.Selected))
    assert {colour.name() for colour in disabled} == {LIGHT.disabled}
    assert {colour.name() for colour in selected} == {LIGHT.accent_text}


def test_no_two_icons_look_the_same(qapp: QApplication) -> None:
    images = [bytes(drawn(name, LIGHT).constBits()) for name in icon_names()]
    assert len(set(images)) == len(images)


@pytest.mark.parametrize("size", [16, 20, 24, 32, 48, 64])
def test_an_icon_is_sharp_in_every_usual_size(qapp: QApplication, size: int) -> None:
    assert drawn("stop", LIGHT, size).width() == size


def test_without_a_palette_the_applications_own_is_used(qapp: QApplication) -> None:
    before = qapp.palette()
    qapp.setPalette(palette_of(DARK))
    try:
        assert {colour.name() for colour in opaque(icon("stop").pixmap(24, 24).toImage())} == {DARK.text}
        assert QPalette(qapp.palette()).color(QPalette.ColorRole.ButtonText).name() == DARK.text
    finally:
        qapp.setPalette(before)
