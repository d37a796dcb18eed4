"""The colours of the window, light and dark, and the contrast between them."""

from dataclasses import dataclass

from PySide6.QtGui import QColor


@dataclass(frozen=True, kw_only=True)
class Colours:
    """Every colour that the window uses; plots take theirs from the colour maps."""

    window: str  # behind docks and tool bars
    base: str  # behind lists, fields and plots
    alternate: str  # every other row
    button: str
    border: str  # between them
    text: str
    muted: str  # secondary text, placeholders
    disabled: str
    accent: str  # selection, default button, focus
    accent_text: str  # on it
    link: str
    tooltip: str
    good: str  # verified, done
    warning: str  # partial, not checked
    bad: str  # failed


LIGHT = Colours(
    window="#f1f2f4",
    base="#ffffff",
    alternate="#f6f7f9",
    button="#e7e9ec",
    border="#b9c0c8",
    text="#1c2126",
    muted="#56606a",
    disabled="#8a929b",
    accent="#24619c",
    accent_text="#ffffff",
    link="#1d5c9b",
    tooltip="#fbfbf4",
    good="#1b6b3a",
    warning="#805100",
    bad="#b0251d",
)

DARK = Colours(
    window="#23272c",
    base="#1a1d21",
    alternate="#1f2327",
    button="#31363d",
    border="#4a525b",
    text="#e4e7ea",
    muted="#a3acb6",
    disabled="#767f89",
    accent="#3d77af",
    accent_text="#ffffff",
    link="#82b7ee",
    tooltip="#2f343a",
    good="#6fcb92",
    warning="#e2b456",
    bad="#ff8f86",
)


def contrast(one: str | QColor, other: str | QColor) -> float:
    """Contrast ratio of two opaque colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(QColor(one)), _luminance(QColor(other))))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2): linear light of sRGB, weighted by the eye's sensitivity."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
