"""How the largest eigenvalue of the Hessian in the input is spread over samples, and whether any is negative."""

import numpy as np
from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QWidget

from app.render.plot.figure_view import FigureView, figure_label, selectable, write_quietly
from app.render.plot.histogram_panel import Bars, FloatArray, HistogramPanel
from app.render.plot.style import plot_colours
from core.exchange.words import count, number
from core.robustness.robustness import Robustness

EMPTY = "The Hessian in the input was not computed. Compute the attacks again with “Hessian in the input” ticked."
WIDE = 30.0  # largest over smallest eigenvalue, from which on bars are equal on a logarithmic axis
BINS = 40


class InputCurvatureView(FigureView):
    """A histogram over samples, and in words what the smallest eigenvalue of all of them says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("inputCurvature", parent)
        self.panel = HistogramPanel("inputCurvature.plot", "Largest eigenvalues of the Hessian in the input")
        self.panel.pointed_at.connect(self._on_pointed)
        self._words = selectable(figure_label("inputCurvature.words"))
        self._reading = figure_label("inputCurvature.reading")
        self._arrange(EMPTY, [self._reading], [self.panel], [self._words], QMargins(10, 12, 10, 8))

    @property
    def words(self) -> str:
        """What is said below the plot."""
        return self._words.text()

    def set_result(self, found: Robustness | None) -> None:
        """Show the eigenvalues of this result."""
        known = _largest(found)
        self._show_figure(something=bool(known.size))
        if found is None or not known.size:
            return
        median = float(np.median(known))
        self.panel.set_labels(
            "largest eigenvalue of the Hessian in the input",
            "samples",
            f"{found.loss_unit} per squared range of the data",
            short="largest eigenvalue",
        )
        self.panel.show_bars(_bars(known), [(median, f"median {number(median, 3)}")] if median > 0 else [])
        self._reading.setText(f"{count(len(known), 'sample')}. Point at a bar to read it.")
        self._draw()
        self._words.setText(curvature_sentences(found))
        self.setAccessibleDescription(self._words.text())

    def _draw(self) -> None:
        write_quietly(plot_colours(self.palette()), self._reading)

    def _on_pointed(self, bar: int) -> None:
        bars, words = self.panel.bars, ""
        if bars is not None and bar >= 0:
            low, high = (number(float(edge), 3) for edge in bars.edges[bar : bar + 2])
            words = f"{count(int(bars.counts[bar]), 'sample')} with a largest eigenvalue of {low} to {high}"
        self.hovered.emit(words)
        if bars is not None:
            self._reading.setText(words or f"{count(int(bars.counts.sum()), 'sample')}. Point at a bar to read it.")


def curvature_sentences(found: Robustness) -> str:
    """What the smallest eigenvalue over all samples says, and how exact it is."""
    smallest = found.smallest_input_eigenvalue
    if not np.isfinite(smallest):
        return "The Hessian in the input is not finite for any sample, so nothing can be said of its sign."
    samples = count(found.samples, "sample")
    start = f"The smallest eigenvalue of the Hessian in the input over all {samples} is {number(smallest, 2)}"
    if found.saddle_free:
        meaning = (
            f"{start}: not negative but for rounding. The inner maximisation of robust training, over changes of the "
            "input, so meets no saddle points here (Yao et al. 2018, §4)."
        )
    else:
        meaning = f"{start}: negative, so the inner maximisation over changes of the input has saddle points here."
    if found.piecewise_linear:
        exact = "Exact but for rounding, because the network is piecewise linear"
    else:
        exact = "Of the Gauss–Newton matrix, which is never negative; the network is not piecewise linear"
    if np.isfinite(found.hessian_deviation):
        exact += f"; it differs from differentiating twice by {number(100 * found.hessian_deviation, 2)} %"
    return f"{meaning}\n{exact}."


def _largest(found: Robustness | None) -> FloatArray:
    """Of every sample for which it is finite."""
    if found is None or found.input_eigenvalues is None or found.input_eigenvalues.shape[1] == 0:
        return np.zeros(0)
    values: FloatArray = found.input_eigenvalues[:, 0]
    return values[np.isfinite(values)]


def _bars(values: FloatArray) -> Bars:
    """Equal bars, on a logarithmic axis where the values span decades; what is not above zero is in the first one."""
    positive = values[values > 0]
    logarithmic = bool(positive.size and positive.max() > WIDE * positive.min())
    if logarithmic:
        low = max(float(positive.min()), 1e-9 * float(positive.max()))
        edges = np.geomspace(low, float(positive.max()) * (1 + 1e-9), BINS + 1)
        values = np.clip(values, low, None)
    else:
        low, high = float(min(values.min(), 0.0)), float(values.max())
        edges = np.linspace(low, high if high > low else low + 1.0, BINS + 1)
    counts, _ = np.histogram(values, bins=edges)
    return Bars(
        edges=edges, counts=counts.astype(np.int64), hatched=np.zeros(len(counts), np.bool_), logarithmic=logarithmic
    )
