"""Surfaces beside each other: in the paper's places, on one scale, and what differs between two of them."""

import io
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure

from core.errors import InvalidRequest
from core.exchange.export import export_comparison, export_difference
from core.exchange.figures.comparison import comparison_figure
from core.exchange.figures.comparison_layout import MOST_SURFACES, paper_layout
from core.exchange.figures.difference import difference_figure, height_difference
from core.exchange.figures.loss_scale import common_scale
from core.exchange.figures.rendering import write_figure
from core.landscape.difference import same_grid
from core.session.document import Document, ResultItem
from tests import documents


def texts(figure: Figure) -> str:
    file = io.BytesIO()
    write_figure(figure, file, "svg")
    root = ET.fromstring(file.getvalue())  # noqa: S314  we wrote it
    found = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    return " ".join(" ".join(found).split())


def study(*architectures: str) -> tuple[Document, list[ResultItem]]:
    """A surface for a network of each architecture, each higher than the one before."""
    document, items = Document(), []
    for index, name in enumerate(architectures):
        network = documents.network_item(f"network-{index}", name=f"Net {index}", seed=index)
        network = replace(network, card=replace(network.card, architecture=name))
        surface = documents.surface(9, 9, hole=False)
        surface = replace(surface, loss=surface.loss * (index + 1))
        item = replace(documents.result_item(surface, f"surface-{index}", name), network_id=network.id)
        document = document.with_item(network).with_item(item)
        items.append(item)
    return document, items


def test_architectures_find_their_places_as_in_the_paper() -> None:
    names = ("resnet110_noshort", "resnet20", "resnet56", "resnet56_noshort", "resnet20_noshort", "resnet110")
    document, items = study(*names)
    layout = paper_layout(items, document)
    assert layout.rows == ("with shortcuts", "without shortcuts")
    assert layout.columns == ("ResNet-20", "ResNet-56", "ResNet-110")
    assert {place: item.name for place, item in layout.cells.items()} == {
        (0, 0): "resnet20",
        (0, 1): "resnet56",
        (0, 2): "resnet110",
        (1, 0): "resnet20_noshort",
        (1, 1): "resnet56_noshort",
        (1, 2): "resnet110_noshort",
    }


def test_columns_are_widths_where_networks_differ_in_width() -> None:
    document, items = study("wrn56_8", "wrn56_2", "wrn56_4_noshort")
    layout = paper_layout(items, document)
    assert layout.columns == ("WRN-56-2", "WRN-56-4", "WRN-56-8")
    assert sorted(layout.cells) == [(0, 0), (0, 2), (1, 1)]


@pytest.mark.parametrize("names", [("resnet20", "resnet20"), ("mlp:6-8-2", "resnet20"), ("resnet20",)])
def test_what_architectures_do_not_tell_stands_in_order(names: tuple[str, ...]) -> None:
    document, items = study(*names)
    layout = paper_layout(items, document)
    assert not any(layout.columns)
    assert [layout.cells[0, place] for place in range(len(names))] == items


def test_all_panels_have_one_scale_and_the_bar_shows_it() -> None:
    document, items = study("resnet20", "resnet20_noshort")
    surfaces = [item.result for item in items]
    scale = common_scale(surfaces)  # type: ignore[arg-type]
    assert scale.low == min(surface.loss.min() for surface in surfaces)  # type: ignore[union-attr]
    assert scale.high == 10.0
    figure = comparison_figure(paper_layout(items, document), document)
    filled = [c for axes in figure.axes for c in axes.collections if getattr(c, "filled", False)]
    limits = {c.get_clim() for c in filled if len(c.levels) > 3}  # type: ignore[attr-defined]
    assert len(limits) == 1
    said = texts(figure)
    assert "ResNet-20" in said
    assert "without shortcuts" in said
    assert "Losses above 10 are clipped in all of them" in said
    assert "≥ 10" in said


def test_reliefs_are_compared_as_well_with_names_of_their_own() -> None:
    document, items = study("resnet20", "resnet20")
    said = texts(comparison_figure(paper_layout(items, document), document, relief=True))
    assert "Net 0" in said
    assert "Net 1" in said


def test_surfaces_of_different_samples_are_told() -> None:
    document, items = study("resnet20", "resnet56")
    other = replace(items[1], result=replace(items[1].result, provenance=documents.provenance(samples=7)))
    document = document.with_item(other)
    assert "not computed on the same samples" in texts(
        comparison_figure(paper_layout([items[0], other], document), document)
    )


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="no surfaces"):
        paper_layout([documents.result_item(documents.spectrum(), "spectrum-0", "x")], Document())
    document, items = study("resnet20")
    with pytest.raises(InvalidRequest, match="do not fit on a page"):
        paper_layout(items * (MOST_SURFACES + 1), document)


def test_a_difference_is_signed_and_in_the_heights_one_sees() -> None:
    first, second = documents.surface(7, 5, hole=False), documents.surface(7, 5, hole=False)
    doubled = replace(second, loss=2 * second.loss)
    difference = height_difference(first, doubled)
    clipped = np.minimum(first.loss, 10), np.minimum(doubled.loss, 10)
    np.testing.assert_allclose(10**difference, (clipped[0] + 0.1) / (clipped[1] + 0.1))
    assert (difference <= 0).all()
    figure = difference_figure(doubled, first, ("Twice", "Once"))
    mesh = figure.axes[0].collections[0]
    low, high = mesh.get_clim()
    assert low == -high  # white is no difference
    said = texts(figure)
    assert "“Twice” less “Once”" in said
    assert "×1" in said
    assert "÷" in said


def test_surfaces_on_different_grids_have_no_difference() -> None:
    first, second = documents.surface(7, 5), documents.surface(5, 7)
    assert not same_grid(first, second)
    with pytest.raises(InvalidRequest, match="different grids"):
        difference_figure(first, second, ("a", "b"))


def test_surfaces_in_different_planes_say_so() -> None:
    first = documents.surface(5, 5)
    other = replace(first, directions=documents.directions(9))
    assert "different planes" in texts(difference_figure(first, other, ("a", "b")))
    assert "different planes" not in texts(difference_figure(first, first, ("a", "b")))


@pytest.mark.parametrize(
    "loss", [np.full((5, 5), np.nan), np.linspace(-3, 2, 25).reshape(5, 5)], ids=["unknown", "negative"]
)
def test_any_two_surfaces_on_one_grid_are_drawn(loss: np.ndarray) -> None:
    first = documents.surface(5, 5)
    assert texts(difference_figure(first, replace(first, loss=loss), ("a", "b")))


def test_both_are_written_as_figures_and_as_nothing_else(tmp_path: Path) -> None:
    document, items = study("resnet20", "resnet56")
    export_comparison(items, document, tmp_path / "compared.svg")
    export_comparison(items, document, tmp_path / "reliefs.png", relief=True)
    export_difference(items[0], items[1], tmp_path / "difference.pdf")
    assert len(list(tmp_path.iterdir())) == 3
    with pytest.raises(InvalidRequest, match=r"\.png, \.svg, \.pdf"):
        export_comparison(items, document, tmp_path / "compared.csv")
    spectrum = documents.result_item(documents.spectrum(), "spectrum-0", "x")
    with pytest.raises(InvalidRequest, match="Only two surfaces"):
        export_difference(items[0], spectrum, tmp_path / "difference.png")
