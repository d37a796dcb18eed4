"""Asks for a spectrum."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QWidget

from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from app.jobs.parameter_shapes import Shapes, shapes_at_hand, shapes_of
from app.jobs.spectrum_effort import known_words, memory_words, spectrum_effort
from app.views.inspector.fields import NumberField, whole_number
from app.views.inspector.form import RequestForm
from app.views.inspector.landscape.choices import choice, explain
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.layer_list import LayerList, parameters_within
from app.views.inspector.section import FoldButton
from app.views.made import named, text_label
from core.errors import CorrieError, InvalidRequest
from core.landscape.effort import Effort
from core.networks.layers import layers_of
from core.session.document import NetworkItem
from core.spectrum.spectrum import (
    MATRIX_NAMES,
    MOST_DENSITY_STEPS,
    MOST_PROBES,
    End,
    Matrix,
    Spectrum,
    SpectrumRequest,
    product_limit,
)

USUAL_SAMPLES = 256
MATRICES: dict[Matrix, str] = {
    "hessian": "All second derivatives of the loss: the curvature itself, of both signs",
    "gauss_newton": "The Hessian without the curvature of the network itself: never negative, near it after training",
    "fisher": "The mean of the outer products of the gradients of single samples: never negative",
}
ENDS: dict[End, tuple[str, str]] = {
    "magnitude": ("by magnitude", "The outermost of both signs, as in Yao et al. 2018"),
    "largest": ("largest", "The most positive ones: the sharpest directions"),
    "smallest": ("smallest", "The most negative ones: directions in which the loss bends downwards"),
}
NO_LAYER = "No layer is ticked. Tick some, or choose all layers."
LOOKING = "Looking into the program…"
Held = Callable[[SpectrumRequest], Spectrum | None]  # the spectrum of the session whose eigenvectors are taken over


class SpectrumForm(RequestForm):
    """Which matrix, of which parameters, how many eigenvalues, what besides, how exact, on which samples."""

    def __init__(
        self,
        samples: int,
        network: NetworkItem,
        parent: QWidget | None = None,
        *,
        known: Held = lambda _: None,
    ) -> None:
        super().__init__("Compute spectrum", "spectrum", parent)
        self._network, self._known = network, known
        self._shapes: Shapes | None = shapes_at_hand(network)
        self._asked = False  # whether a program is being looked into
        self._make_fields(samples)
        self._add_rows()
        self.fields.addRow(self.more)
        if self._shapes is not None:
            self.layers.offer(self._shapes)
        for box in (self.density, self.trace, self.layer_table, self.weights_only):
            box.toggled.connect(self._refresh)
        self.of.currentIndexChanged.connect(self._refresh)
        self.more.toggled.connect(self._refresh)
        self.layers.edited.connect(self._refresh)
        self._refresh()
        self.watch()

    def request(self) -> SpectrumRequest:
        top = self.top.value()
        return SpectrumRequest(
            top=top,
            end=self.end.currentData(),
            matrix=self.matrix.currentData(),
            layers=self._chosen_layers(),
            weights_only=self.weights_only.isChecked(),
            tolerance=self.tolerance.value(),
            max_products=product_limit(top),
            audit_products=self.audit.value(),
            samples=self.samples.value(),
            seed=self.seed.value(),
            density=self.density.isChecked(),
            trace=self.trace.isChecked(),
            layer_table=self.layer_table.isChecked(),
            probes=self.probes.value(),
            density_steps=self.steps.value(),
        )

    def effort(self) -> Effort | None:
        try:
            request = self.request()
        except CorrieError:
            return None
        known, at_hand = self._known(request), self.samples.maximum()
        return spectrum_effort(request, self.samples.value(), self._layer_count(request), known, at_hand)

    def look_around(self, known: Held) -> None:
        """Another spectrum may be in the session now."""
        self._known = known
        self.edited.emit()

    def entered(self) -> None:
        self._refresh()

    def say(self, text: str) -> None:
        """How long it will take, and how much memory."""
        try:
            request = self.request()
        except CorrieError:
            super().say(text)
            return
        memory, known = memory_words(request, self._parameters(request)), known_words(request, self._known(request))
        super().say("\n".join(part for part in (text, known or memory) if part))

    def _parameters(self, request: SpectrumRequest) -> int | None:
        """How many numbers are varied; None if nobody can say yet."""
        if self._shapes is None:
            return None
        return parameters_within(self._shapes, request.layers, weights_only=request.weights_only)

    def _layer_count(self, request: SpectrumRequest) -> int:
        shapes = {} if self._shapes is None else self._shapes
        names = [layer.name for layer in layers_of(shapes)]
        if request.layers:
            names = [n for n in names if any(n == one or n.startswith(f"{one}.") for one in request.layers)]
        return max(1, len(names))

    def _chosen_layers(self) -> tuple[str, ...]:
        if self.of.currentData() != "layers":
            return ()
        if not (chosen := self.layers.chosen):
            raise InvalidRequest(NO_LAYER)
        return chosen

    def _refresh(self) -> None:
        self.complain("")
        self.rows.refresh()
        self.more.setVisible(self.rows.has_more())
        if self.of.currentData() == "layers" or self.layer_table.isChecked():
            self._look_into_program()
        self.edited.emit()

    def _look_into_program(self) -> None:
        """The layers of a program are known only once it is opened."""
        if self._shapes is not None or self._asked:
            return
        self._asked = True
        self.note_layers.setText(LOOKING)

        def done(shapes: Shapes) -> None:
            self._shapes = shapes
            self.layers.offer(shapes)
            self._refresh()

        def failed(failure: JobFailure) -> None:
            self.note_layers.setText(failure.message)

        network = self._network
        run_in_background(lambda: shapes_of(network), done, failed, name=network.name, owner=self)

    def _make_fields(self, samples: int) -> None:
        self.matrix = choice("spectrum.matrix", *((name, key) for key, name in MATRIX_NAMES.items()))
        for place, text in enumerate(MATRICES.values()):
            explain(self.matrix, place, text)
        self.top = whole_number("spectrum.top", 1, 1000, 20, "How many eigenvalues")
        self.end = choice("spectrum.end", *((name, key) for key, (name, _) in ENDS.items()))
        for place, (_, text) in enumerate(ENDS.values()):
            explain(self.end, place, text)
        self.of = choice("spectrum.of", ("all layers", "all"), ("chosen layers", "layers"))
        self.layers = LayerList("spectrum.layers")
        self.note_layers = text_label(name="spectrum.layers.note")
        self.weights_only = _box("&Weights only", "spectrum.weights_only")
        self.density, self.trace = _box("&Density", "spectrum.density"), _box("&Trace", "spectrum.trace")
        self.layer_table = _box("La&yers", "spectrum.layer_table")
        self.density.setToolTip("The density of all eigenvalues, by stochastic Lanczos quadrature")
        self.trace.setToolTip("The sum of all eigenvalues, with its standard error")
        self.layer_table.setToolTip("Top eigenvalue and trace of every layer by itself, as a table")
        self.probes = whole_number("spectrum.probes", 1, MOST_PROBES, 4)
        self.steps = whole_number("spectrum.density_steps", 1, MOST_DENSITY_STEPS, 40)
        self.tolerance = NumberField("spectrum.tolerance", 1e-9, 0.5, 1e-4, step=1e-4)
        self.audit = whole_number("spectrum.audit", 0, 10_000, 20)
        self.audit.setSpecialValueText("none")
        self.audit.setSuffix(" products")
        self.samples = whole_number("spectrum.samples", 1, max(1, samples), min(samples, USUAL_SAMPLES))
        self.seed = whole_number("spectrum.seed", 0, 2**31 - 1, 0)
        self.more = FoldButton("More", "spectrum.more", unfolded=False)
        self.more.setToolTip("What most people leave as it is")

    def _add_rows(self) -> None:
        rows = self.rows = Rows(self.fields, self.more.isChecked)

        def always() -> bool:
            return True

        def of_layers() -> bool:
            return bool(self.of.currentData() == "layers")

        def random() -> bool:
            return self.density.isChecked() or self.trace.isChecked() or self.layer_table.isChecked()

        rows.add("Matri&x", self.matrix, when=always, tip="The matrix whose eigenvalues are computed")
        rows.add("Ei&genvalues", self.top, self.end, when=always, tip="How many, and from which end of the spectrum")
        rows.add("O&f", self.of, when=always, tip="Which parameters vary; all others are at rest")
        rows.add("", self.layers, when=lambda: of_layers() and self._shapes is not None, tip="A module takes all in it")
        rows.add("", self.note_layers, when=lambda: of_layers() and self._shapes is None)
        tip = "Leave out biases, and scale and shift of normalisation"
        rows.add("", self.weights_only, when=always, tip=tip)
        rows.add("Also", self.density, self.trace, self.layer_table, when=always)
        tip = "Random vectors for density, trace and layers: twice as many make the noise 1.4 times smaller"
        rows.add("&Probes", self.probes, when=random, tip=tip)
        tip = "Lanczos steps for each random vector: more make the density finer"
        rows.add("Ste&ps", self.steps, when=self.density.isChecked, more=True, tip=tip)
        tip = "Relative error of an eigenvalue that counts as verified"
        rows.add("T&olerance", self.tolerance, when=always, tip=tip)
        tip = "Further products that look for an eigenvalue that was missed. Without them nothing is verified"
        rows.add("Au&dit", self.audit, when=always, more=True, tip=tip)
        tip = "The first so many samples of the data; the loss is their mean"
        rows.add("Sa&mples", self.samples, when=always, tip=tip)
        rows.add("&Seed", self.seed, when=always, more=True, tip="Of the random start and the random vectors")


def _box(text: str, name: str) -> QCheckBox:
    return named(QCheckBox(text), name)
