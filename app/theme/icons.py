"""Icons: drawn as lines of one colour, which is taken from the palette, so none disappears in a dark theme."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parents[2] / "resources" / "icons"
SIZES = (16, 20, 24, 32, 48, 64)  # pixels; 48 and 64 are the tool bar's 24 and 32 on a dense screen

MODES = (
    (QIcon.Mode.Normal, QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText),
    (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText),
    (QIcon.Mode.Selected, QPalette.ColorGroup.Active, QPalette.ColorRole.HighlightedText),
)
MOST = 256  # icons that are kept: all of them in two themes

_COLOUR = b"currentColor"  # what every icon is drawn in; Qt's SVG would paint it black


def icon(name: str, palette: QPalette | None = None) -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in the colours of a palette, by default the application's.

    Raises
    ------
    FileNotFoundError
        If there is no icon of that name; the text lists those there are.
    """
    palette = palette or QGuiApplication.palette()
    colours = [_hex(palette.color(group, role)) for _, group, role in MODES]
    return _painted(name, *colours)


@lru_cache(maxsize=MOST)
def _painted(name: str, *colours: bytes) -> QIcon:
    """The icon in a colour per mode. Rows, tabs and buttons share it: to paint all its sizes takes a millisecond."""
    drawing = _drawing(name)
    made = QIcon()
    for (mode, _, _), colour in zip(MODES, colours, strict=True):
        renderer = QSvgRenderer(QByteArray(drawing.replace(_COLOUR, colour)))
        for size in SIZES:
            made.addPixmap(_pixmap(renderer, size), mode)
    return made


def icon_names() -> tuple[str, ...]:
    """All icons there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.svg")))


def _drawing(name: str) -> bytes:
    try:
        return (FOLDER / f"{name}.svg").read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f'There is no icon "{name}". There are: {", ".join(icon_names())}.') from None


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def _hex(colour: QColor) -> bytes:
    return colour.name().encode()
