"""The colours of the theme that is on, for widgets that paint themselves."""

from PySide6.QtGui import QPalette

from app.theme.colours import DARK, LIGHT, Colours


def tones(palette: QPalette) -> Colours:
    """Our own colours that go with a palette."""
    return DARK if palette.window().color().lightness() < palette.windowText().color().lightness() else LIGHT
