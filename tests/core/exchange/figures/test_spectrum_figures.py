"""The figure of a spectrum that has more than its pairs."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.axes import Axes

from core.exchange.figures.rendering import drawing
from core.exchange.figures.spectrum import spectrum_figure
from core.exchange.figures.spectrum_panels import MOST_LAYERS, drawn_layers
from core.spectrum.density_curve import symmetric_log_of
from core.spectrum.spectrum import Density, Estimate, LayerCurvature, Spectrum
from tests import documents
from tests.core.exchange.figures.test_figures import subject, texts


def panels(spectrum: Spectrum) -> list[Axes]:
    return list(spectrum_figure(spectrum, subject()).axes)


def layers(count: int) -> tuple[LayerCurvature, ...]:
    return tuple(
        LayerCurvature(
            layer=f"layer{number}",
            parameters=9,
            top_eigenvalue=float((-1) ** number * (1 + number % 7)),
            residual=0.01,
            trace=Estimate(value=3.0 + number, standard_error=0.5),
            share=1 / count,
        )
        for number in range(count)
    )


def test_a_plain_spectrum_has_one_panel_and_a_whole_one_three() -> None:
    assert len(panels(documents.spectrum())) == 1
    assert len(panels(documents.whole_spectrum())) == 3


def test_both_error_bars_are_drawn_side_by_side_with_their_own_lengths() -> None:
    spectrum = documents.whole_spectrum()
    assert spectrum.sampling is not None
    solver, sampling = (lines.get_segments() for lines in panels(spectrum)[0].collections)  # type: ignore[attr-defined]
    assert np.allclose([high[1] - low[1] for low, high in solver], 2 * spectrum.residuals)
    assert np.allclose([high[1] - low[1] for low, high in sampling], 2 * spectrum.sampling.standard_error)
    assert all(one[0][0] < other[0][0] for one, other in zip(solver, sampling, strict=True))


def test_the_density_has_a_tick_for_every_eigenvalue_of_the_bars() -> None:
    spectrum = documents.whole_spectrum()
    assert spectrum.density is not None
    axes = panels(spectrum)[1]
    assert axes.get_yscale() == "log"
    ticks = [line.get_xdata()[0] for line in axes.lines if len(line.get_xdata()) == 2]  # type: ignore[arg-type]
    places = symmetric_log_of(spectrum.density, 5).position(spectrum.eigenvalues)
    assert np.allclose(sorted(ticks), sorted(places))


def test_layers_are_bars_of_their_top_eigenvalue_in_the_order_of_the_network() -> None:
    spectrum = documents.whole_spectrum()
    axes = panels(spectrum)[2]
    widths = [bar.get_width() for bar in axes.patches]  # type: ignore[attr-defined]
    assert widths == [row.top_eigenvalue for row in spectrum.layer_table]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["1", "3"]
    assert axes.yaxis_inverted()


def test_of_very_many_layers_those_of_largest_curvature_are_drawn_and_the_figure_says_so() -> None:
    table = layers(120)
    drawn = drawn_layers(table)
    assert len(drawn) == MOST_LAYERS
    assert min(abs(row.top_eigenvalue) for row in drawn) >= 5
    assert [table.index(row) for row in drawn] == sorted(table.index(row) for row in drawn)
    said = texts(spectrum_figure(replace(documents.whole_spectrum(), layer_table=table), subject()))
    assert f"of 120 the {MOST_LAYERS} of largest curvature are drawn" in " ".join(said.split())


def test_the_notes_say_what_every_error_is_and_how_the_density_was_made() -> None:
    said = " ".join(texts(spectrum_figure(documents.whole_spectrum(), subject())).split())
    for words in (
        "Standard error of v'Hv over 20 random groups of samples",
        "over all 400 samples at hand: at least 37.5",
        "Trace 103.4 ± 0.75",
        "3 random vectors of 20 Lanczos steps, 8 known eigenvalues taken out",
        "standard deviation of 0.1 of a decade",
    ):
        assert words in said


def test_the_subtitle_names_matrix_end_and_layers() -> None:
    plain = documents.spectrum()
    asked = replace(plain.request, matrix="gauss_newton", end="largest", layers=("3",), weights_only=True)
    said = " ".join(texts(spectrum_figure(replace(plain, request=asked), subject())).split())
    assert "Largest eigenvalues of the Gauss–Newton matrix of the mean loss in the weights of 3 alone" in said
    assert "rank from the largest" in said


@pytest.mark.parametrize("nodes", [[], [0.0], [0.0, 0.0, 1e-30], [-1e20, 1e-20, 3.0], [5.0], [-5.0, -4.0]], ids=str)
def test_a_density_of_any_values_is_drawn(nodes: list[float]) -> None:
    weights = np.full(len(nodes), 1 / max(1, len(nodes)))
    density = Density(nodes=np.array(nodes), weights=weights, probes=1, steps=3, deflated=0)
    with drawing():
        figure = spectrum_figure(replace(documents.whole_spectrum(), density=density), subject())
        figure.canvas.draw()
    assert len(figure.axes) == 3


def test_layers_without_any_curvature_are_drawn() -> None:
    flat = tuple(
        replace(row, top_eigenvalue=0.0, residual=0.0, trace=Estimate(value=0.0, standard_error=0.0))
        for row in layers(2)
    )
    with drawing():
        spectrum_figure(replace(documents.whole_spectrum(), layer_table=flat), subject()).canvas.draw()
