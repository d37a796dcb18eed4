"""Every pair of colours that stands on each other can be read."""

import pytest
from PySide6.QtGui import QPalette

from app.theme.colours import DARK, LIGHT, Colours, contrast
from app.theme.palette import palette_of

READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3, level AA
DISTINCT = 3.0  # WCAG 2.2, success criterion 1.4.11: frames and areas, not text

Role = QPalette.ColorRole
PAIRS = [
    (Role.WindowText, Role.Window),
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.ButtonText, Role.Button),
    (Role.PlaceholderText, Role.Base),
    (Role.PlaceholderText, Role.Window),
    (Role.HighlightedText, Role.Highlight),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.Link, Role.Base),
    (Role.Link, Role.Window),
    (Role.LinkVisited, Role.Base),
    (Role.BrightText, Role.Window),
]
both_themes = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),  # published examples: the darkest grey that just fails on white,
        ("#767676", "#ffffff", 4.54),  # and the lightest that passes
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_the_contrast_of_known_pairs(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.006)
    assert contrast(other, one) == contrast(one, other)


@both_themes
@pytest.mark.parametrize(("text", "ground"), PAIRS, ids=lambda role: role.name)
@pytest.mark.parametrize("group", [QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive])
def test_text_is_readable_on_every_background(
    colours: Colours, text: Role, ground: Role, group: QPalette.ColorGroup
) -> None:
    palette = palette_of(colours)
    assert contrast(palette.color(group, text), palette.color(group, ground)) >= READABLE


@both_themes
@pytest.mark.parametrize(("text", "ground"), PAIRS[:4], ids=lambda role: role.name)
def test_disabled_text_is_visible_and_paler_than_enabled(colours: Colours, text: Role, ground: Role) -> None:
    palette = palette_of(colours)
    off, on = QPalette.ColorGroup.Disabled, QPalette.ColorGroup.Active
    pale = contrast(palette.color(off, text), palette.color(off, ground))
    assert 2.5 <= pale < contrast(palette.color(on, text), palette.color(on, ground))


@both_themes
@pytest.mark.parametrize("word", ["good", "warning", "bad"])
@pytest.mark.parametrize("ground", ["window", "base", "alternate"])
def test_words_about_a_result_are_readable(colours: Colours, word: str, ground: str) -> None:
    assert contrast(getattr(colours, word), getattr(colours, ground)) >= READABLE


@both_themes
@pytest.mark.parametrize("ground", [Role.Window, Role.Base])
def test_what_is_selected_or_in_focus_stands_out(colours: Colours, ground: Role) -> None:
    assert contrast(palette_of(colours).color(Role.Accent), palette_of(colours).color(ground)) >= DISTINCT


@both_themes
def test_no_role_is_left_to_the_system(colours: Colours) -> None:
    palette = palette_of(colours)
    for role in Role:
        if role not in (Role.NColorRoles, Role.NoRole):
            assert palette.isBrushSet(QPalette.ColorGroup.Active, role), role.name


def test_light_is_light_and_dark_is_dark() -> None:
    assert contrast(LIGHT.base, "#000000") > 15
    assert contrast(DARK.base, "#ffffff") > 15
