"""Figures say what was computed, whatever the result, the names and the user's settings."""

import io
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from core.exchange.figures.correction import correction_figure
from core.exchange.figures.rendering import DOTS_PER_INCH, house_style, write_figure
from core.exchange.figures.spectrum import spectrum_figure
from core.exchange.figures.surface import surface_figure
from core.exchange.figures.surface_3d import surface_3d_figure
from core.exchange.forms import result_figure
from core.exchange.subject import Subject, subject_of
from core.landscape.surface import Surface
from core.session.document import Result
from tests import documents

ROOT = Path(__file__).parents[3]
EVERY_RESULT = {
    "surface": documents.surface(),
    "partial surface": documents.surface(status="partial"),
    "spectrum": documents.spectrum(),
    "wide spectrum": documents.spectrum(20),
    "correction": documents.correction(),
    "impossible correction": documents.impossible_correction(),
    "correction without room": replace(documents.correction(), tradeoff=documents.tradeoff_without_room()),
    "explained correction": documents.explained_correction(),
    "certified surface": documents.certified_surface(),
    "curve": documents.curve(),
    "partial curve": documents.curve(status="partial", test=False),
    "ten draws": documents.curve(10),
    "trajectory": documents.trajectory(),
    "convexity": documents.convexity(),
    "initialisations": documents.initialisations(),
    "robustness": documents.robustness(),
    "partial robustness": documents.robustness(status="partial"),
}


def subject(item_id: str = "surface-0") -> Subject:
    document = documents.document()
    item = document.items[item_id]
    return subject_of(item, document)  # type: ignore[arg-type]


def written(figure: Figure, kind: str) -> bytes:
    file = io.BytesIO()
    write_figure(figure, file, kind)
    return file.getvalue()


def texts(figure: Figure) -> str:
    """All text of the figure's SVG, words parted by spaces however the lines were broken."""
    root = ET.fromstring(written(figure, "svg"))  # noqa: S314  we wrote it
    found = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    return " ".join(" ".join(found).split())


def colour_at(figure: Figure, x: float, y: float) -> tuple[int, ...]:
    """The colour that the first axes have at a place in data coordinates."""
    with house_style():
        figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]
    column, row = figure.axes[0].transData.transform((x, y))
    return tuple(int(channel) for channel in pixels[pixels.shape[0] - 1 - round(row), round(column), :3])


@pytest.mark.parametrize("result", EVERY_RESULT.values(), ids=EVERY_RESULT.keys())
def test_every_result_is_drawn_in_every_format(result: Result) -> None:
    figure = result_figure(result, subject())
    png, pdf = written(figure, "png"), written(figure, "pdf")
    width, height = struct.unpack(">II", png[16:24])
    assert width == round(7.2 * DOTS_PER_INCH)
    assert abs(height - figure.get_size_inches()[1] * DOTS_PER_INCH) <= 1
    assert pdf.startswith(b"%PDF")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert "Around the minimum" in texts(figure)
    assert documents.provenance().network_sha256[:12] in texts(figure)


def test_the_figure_of_a_surface_says_what_it_shows() -> None:
    said = texts(surface_figure(documents.surface(), subject()))
    assert "loss (nats)" in said
    assert "multiples of direction δ (filter-normalised)" in said
    assert "seed 123" in said
    assert "Network: Loan network · data: Loan applications, first 40 samples" in said
    assert "179 of 357 points evaluated" in said
    assert "1 hole: loss not finite" in said
    assert "loss above 10, clipped" in said
    assert "PARTIAL" not in said


def test_a_partial_surface_is_marked_as_such() -> None:
    for draw in (surface_figure, surface_3d_figure):
        said = texts(draw(documents.surface(status="partial"), subject()))
        assert "PARTIAL" in said
        assert "126 not computed" in said


def test_the_colours_of_a_surface_are_those_of_its_losses() -> None:
    surface = documents.surface(51, 51, hole=False)
    figure = surface_figure(surface, subject())
    heights = np.log10(np.minimum(surface.loss, 10) + 0.1)
    shares = (heights - heights.min()) / np.ptp(heights)
    for row, column in [(24, 29), (30, 31), (25, 36), (10, 33), (33, 12)]:  # no dot and no line there
        truth = 255 * np.array(mpl.colormaps["viridis"](shares[row, column])[:3])
        drawn = colour_at(figure, surface.x[column], surface.y[row])
        assert np.abs(drawn - truth).max() < 12, (row, column)  # half a band


def test_what_is_not_known_has_no_colour_of_the_scale() -> None:
    figure = surface_figure(documents.surface(status="partial"), subject())
    assert colour_at(figure, 0.9, 0.9) == (0xED, 0xEF, 0xF1)


def test_contour_lines_lie_where_the_loss_has_their_value() -> None:
    bowl = documents.surface(41, 41, hole=False)
    x, y = np.meshgrid(bowl.x, bowl.y)
    figure = surface_figure(replace(bowl, loss=4 * (x**2 + y**2)), subject())
    lines = [c for c in figure.axes[0].collections if type(c).__name__ == "QuadContourSet" and not c.filled]
    radii = {}
    for path, level in zip(lines[0].get_paths(), lines[0].levels, strict=True):
        radii[float(10**level - 0.1)] = np.hypot(*path.vertices.T)
    assert {round(loss, 6) for loss in radii} >= {0.5, 1.0, 2.0}
    for loss, radius in radii.items():
        inside = radius < 0.99  # corners of the plane cut the outer circles
        np.testing.assert_allclose(radius[inside], np.sqrt(loss / 4), atol=0.02)


@pytest.mark.parametrize("draw", [surface_figure, surface_3d_figure], ids=["flat", "relief"])
@pytest.mark.parametrize(
    "loss",
    [
        np.full((3, 4), 2.0),
        np.full((3, 4), np.nan),
        np.full((3, 4), np.inf),
        np.full((3, 4), 50.0),
        np.zeros((3, 4)),
        np.linspace(-5, -1, 12).reshape(3, 4),
        np.linspace(0, 1e-9, 12).reshape(3, 4),
        np.linspace(0, 1e300, 12).reshape(3, 4),
    ],
    ids=["constant", "unknown", "infinite", "above the limit", "zero", "negative", "tiny", "huge"],
)
def test_a_surface_of_any_loss_is_drawn(draw: Callable[[Surface, Subject], Figure], loss: np.ndarray) -> None:
    surface = replace(
        documents.surface(4, 3, hole=False), loss=loss, evaluated=np.ones((3, 4), np.uint8), centre_loss=loss[1, 1]
    )
    assert written(draw(surface, subject()), "png")


def test_the_relief_has_heights_of_the_logarithm_and_no_facet_at_a_hole() -> None:
    surface = documents.surface()
    figure = surface_3d_figure(surface, subject())
    written(figure, "png")  # projects the facets
    relief = figure.axes[0].collections[-1]
    facets = (surface.loss.shape[0] - 1) * (surface.loss.shape[1] - 1)
    drawn = [path for path in relief.get_paths() if np.isfinite(path.vertices).all()]
    assert len(drawn) == facets - 4  # those around the hole, which is not at the edge
    assert "clipped at 10" in texts(figure)


def test_contours_on_the_floor_lie_below_the_relief_at_round_losses() -> None:
    surface = documents.surface(21, 21, hole=False)
    axes = surface_3d_figure(surface, subject()).axes[0]
    (floor,) = (collection for collection in axes.collections if hasattr(collection, "levels"))
    losses = 10**floor.levels - 0.1
    assert {1.0, 2.0, 5.0} <= {round(float(loss), 6) for loss in losses}
    assert axes.get_zlim()[0] < np.log10(surface.loss.min() + 0.1)  # type: ignore[attr-defined]


def test_the_figure_of_a_spectrum_says_what_it_shows() -> None:
    said = texts(spectrum_figure(documents.spectrum(), subject()))
    assert "7 of 8 pairs verified" in said
    assert "negative, verified ✓" in said
    assert "positive, not verified ?" in said
    assert "no eigenvalue missed" in said
    assert "41" in said.split()


def test_only_a_complete_spectrum_claims_that_its_errors_were_recomputed() -> None:
    complete = documents.spectrum()
    assert "recomputed from the operator" in texts(spectrum_figure(complete, subject()))
    said = texts(spectrum_figure(replace(complete, status="partial", audit=None), subject()))
    assert "not recomputed" in said
    assert "a true eigenvalue lies within" not in said
    assert "PARTIAL" in said


def test_bars_and_whiskers_have_the_length_of_eigenvalues_and_residuals() -> None:
    spectrum = documents.spectrum()
    axes = spectrum_figure(spectrum, subject()).axes[0]
    heights = [bar.get_height() for bar in axes.patches]  # type: ignore[attr-defined]
    np.testing.assert_allclose(heights, spectrum.eigenvalues)
    assert [bar.get_hatch() is not None for bar in axes.patches] == (spectrum.eigenvalues < 0).tolist()
    whiskers = axes.collections[0].get_segments()  # type: ignore[attr-defined]
    lengths = [high[1] - low[1] for low, high in whiskers]
    np.testing.assert_allclose(lengths, 2 * spectrum.residuals)


def test_magnitudes_that_differ_much_are_drawn_on_a_logarithm() -> None:
    assert spectrum_figure(documents.spectrum(6), subject()).axes[0].get_yscale() == "linear"
    assert spectrum_figure(documents.spectrum(20), subject()).axes[0].get_yscale() == "symlog"


@pytest.mark.parametrize("values", [[], [0.0], [np.nan, 1.0], [1e-30, -1e-32], [1e30, 1.0, 0.0]])
def test_a_spectrum_of_any_values_is_drawn(values: list[float]) -> None:
    count = len(values)
    spectrum = replace(
        documents.spectrum(2, vectors=False),
        eigenvalues=np.array(values),
        residuals=np.full(count, np.nan),
        verified=np.zeros(count, np.uint8),
        audit=None,
        status="partial",
    )
    assert "an eigenvalue may have been missed" in texts(spectrum_figure(spectrum, subject()))


def test_the_figure_of_a_correction_says_what_it_shows() -> None:
    said = texts(correction_figure(documents.correction(), subject("correction-0")))
    assert "Duration (months)" in said
    assert "Amount (DM)" in said
    assert 'the input, judged "denied": 48 months, 13\u202f500 DM'.replace("\u202f", " ") in said
    assert "Duration \u221219 months" in said
    assert "weighted distance 0.4161" in said
    assert "proved: every point of the box is accepted" in said


def test_the_largest_box_is_a_thin_outline_and_the_triangle_dashed_and_both_are_named() -> None:
    found = documents.explained_correction()
    figure = correction_figure(found, subject("correction-0"))
    said = texts(figure)
    assert "largest box (proved)" in said
    assert "triangle, as by Zhang et al. 2018: 29 % of the accepted area" in said
    assert "or less (down to 4)" in said
    assert found.triangle is not None
    lines = {line.get_linestyle(): line for line in figure.axes[0].lines if len(line.get_xdata()) in {4, 5}}
    assert set(lines) == {"-", "--"}
    np.testing.assert_array_equal(lines["--"].get_xydata()[:3], found.triangle.corners)


def test_the_curve_of_minimal_against_stable_lies_below_the_slice_of_a_correction() -> None:
    figure = correction_figure(documents.explained_correction(), subject("correction-0"))
    said = texts(figure)
    assert "stability, in multiples of what was asked for (± 2 months, ± 500 DM)" in said
    assert "proved: no correction is that stable" in said
    above, below = (axes.get_position() for axes in figure.axes)
    assert below.y1 < above.y0
    assert (below.x0, below.x1) == (above.x0, above.x1)


def test_a_correction_that_does_not_exist_says_that_this_is_proved() -> None:
    said = texts(correction_figure(documents.impossible_correction(), subject("correction-0")))
    assert "proved: there is no stable correction in this slice" in said


def test_accepted_regions_are_filled_and_their_holes_are_not() -> None:
    figure = correction_figure(documents.correction(), subject("correction-0"))
    refused = colour_at(figure, 65, 2000)
    assert colour_at(figure, 18.3, 4400) == refused  # in the hole
    assert colour_at(figure, 5.0, 8000) != refused  # accepted, not stable
    assert colour_at(figure, 62.9, 17000) == colour_at(figure, 5.0, 8000)  # the island
    assert colour_at(figure, 30, 2000) not in (refused, colour_at(figure, 5.0, 8000))  # stable


def test_an_input_outside_of_the_ranges_is_still_in_the_picture() -> None:
    correction = documents.correction()
    outside = replace(correction.request, input=(90.0, 25000.0, 33.0, 1.0, 0.0, 0.0))
    axes = correction_figure(replace(correction, request=outside), subject("correction-0")).axes[0]
    assert axes.get_xlim()[1] > 90
    assert axes.get_ylim()[1] > 25000


@pytest.mark.parametrize("name", ["$x$ and $\\frac", "<b>&\"'", "a\0b\x1b\udcff", "模型 модель", "", "very long " * 40])
@pytest.mark.parametrize("result", [documents.surface(), documents.spectrum(), documents.correction()], ids=type)
def test_names_are_shown_as_they_are_and_break_no_figure(name: str, result: Result) -> None:
    network = replace(documents.network_item(), name=name)
    odd = Subject(title=name, network=network, dataset=replace(documents.dataset_item(), name=name))
    said = texts(result_figure(result, odd))
    if name.startswith(("$", "<", "模")):
        assert f"Network: {name}" in said


def test_the_same_figure_gives_the_same_bytes() -> None:
    for kind in ("png", "svg", "pdf"):
        first, second = (written(surface_figure(documents.surface(), subject()), kind) for _ in range(2))
        assert first == second


def test_settings_of_the_user_change_nothing_and_are_not_changed() -> None:
    plain = written(spectrum_figure(documents.spectrum(), subject()), "svg")
    with mpl.rc_context({"font.size": 30.0, "axes.facecolor": "red", "svg.fonttype": "path"}):
        before = dict(mpl.rcParams)
        assert written(spectrum_figure(documents.spectrum(), subject()), "svg") == plain
        assert dict(mpl.rcParams) == before


def test_neither_torch_nor_pyplot_is_loaded() -> None:
    code = (
        "import sys, core.exchange.export, core.exchange.report; print({'torch', 'matplotlib.pyplot'} & {*sys.modules})"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"
