"""The colours as Qt's palette, which all of Fusion is painted from."""

from PySide6.QtGui import QColor, QPalette

from app.theme.colours import Colours

_Role = QPalette.ColorRole
_Group = QPalette.ColorGroup


def palette_of(colours: Colours) -> QPalette:
    """A palette in which every role is set, so that nothing of the system's own theme shines through."""
    palette = QPalette()
    for role, colour in _roles(colours).items():
        palette.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.PlaceholderText, _Role.Link):
        palette.setColor(_Group.Disabled, role, QColor(colours.disabled))
    palette.setColor(_Group.Disabled, _Role.Highlight, QColor(colours.border))
    palette.setColor(_Group.Disabled, _Role.HighlightedText, QColor(colours.text))
    return palette


def _roles(colours: Colours) -> dict[QPalette.ColorRole, QColor | str]:
    button = QColor(colours.button)
    return {
        _Role.Window: colours.window,
        _Role.WindowText: colours.text,
        _Role.Base: colours.base,
        _Role.AlternateBase: colours.alternate,
        _Role.Text: colours.text,
        _Role.PlaceholderText: colours.muted,
        _Role.Button: colours.button,
        _Role.ButtonText: colours.text,
        _Role.BrightText: colours.bad,
        _Role.Highlight: colours.accent,
        _Role.HighlightedText: colours.accent_text,
        _Role.Accent: colours.accent,
        _Role.Link: colours.link,
        _Role.LinkVisited: colours.link,
        _Role.ToolTipBase: colours.tooltip,
        _Role.ToolTipText: colours.text,
        # Fusion paints bevels, grooves and lines with these.
        _Role.Light: button.lighter(120),
        _Role.Midlight: button.lighter(108),
        _Role.Mid: colours.border,
        _Role.Dark: QColor(colours.border).darker(115),
        _Role.Shadow: QColor(colours.border).darker(180),
    }
