"""Where surfaces stand: recognised by the names of architectures, as in the figures of Li et al. 2018."""

import pytest

from app.views.comparison.layouts import arrange, chosen_for, kind_of_network, surfaces_in
from tests.app.views.comparison.sessions import compared, places


def arranged(*architectures: str, way="automatic"):
    document = compared(*architectures)
    return arrange(surfaces_in(document), document, way)


def test_depths_are_columns_and_shortcuts_are_rows() -> None:
    layout = arranged("resnet56", "resnet20_noshort", "resnet20", "resnet110_noshort")
    assert layout.rows == ("with shortcuts", "without shortcuts")
    assert layout.columns == ("ResNet-20", "ResNet-56", "ResNet-110")
    assert places(layout) == {(0, 1): "surface-0", (1, 0): "surface-1", (0, 0): "surface-2", (1, 2): "surface-3"}


def test_widths_are_columns_however_they_are_written() -> None:
    layout = arranged("wrn56_2", "resnet56_k4_noshort", "resnet56")
    assert layout.columns == ("ResNet-56", "ResNet-56, k = 2", "ResNet-56, k = 4")
    assert places(layout) == {(0, 1): "surface-0", (1, 2): "surface-1", (0, 0): "surface-2"}
    assert arranged("resnet20_w8", "resnet20").columns == ("ResNet-20", "ResNet-20, 8 channels")


def test_one_network_with_and_without_shortcuts_stands_side_by_side() -> None:
    layout = arranged("resnet56_noshort", "resnet56")
    assert layout.columns == ("with shortcuts", "without shortcuts")
    assert layout.rows == ("ResNet-56",)
    assert places(layout) == {(0, 0): "surface-1", (0, 1): "surface-0"}


def test_padding_shortcuts_have_a_row_of_their_own() -> None:
    layout = arranged("resnet20_noshort", "resnet20_pad", "resnet20", "resnet32")
    assert layout.rows == ("with shortcuts", "padding shortcuts", "without shortcuts")


@pytest.mark.parametrize("names", [("resnet20", "vgg9"), ("resnet20", "resnet20"), ("resnet56",)])
def test_what_cannot_be_told_apart_stands_in_order(names: tuple[str, ...]) -> None:
    layout = arranged(*names)
    assert not any(layout.columns)
    assert list(places(layout).values()) == [f"surface-{number}" for number in range(len(names))]


def test_the_figure_by_depth_takes_the_newest_surface_of_each_network_of_one_width() -> None:
    document = compared("resnet20", "wrn56_4", "resnet20", "resnet56", "vgg9", "resnet56_noshort")
    assert [item.id for item in chosen_for("depth", document)] == ["surface-2", "surface-3", "surface-5"]


def test_the_figure_by_width_takes_all_widths_of_one_depth() -> None:
    document = compared("resnet20", "wrn56_4", "resnet56", "wrn56_8_noshort", "resnet110")
    assert [item.id for item in chosen_for("width", document)] == ["surface-2", "surface-1", "surface-3"]


def test_a_network_that_is_no_residual_one_has_no_kind() -> None:
    document = compared("vgg9", "resnet56x", "")
    assert [kind_of_network(document, item) for item in surfaces_in(document)] == [None, None, None]
