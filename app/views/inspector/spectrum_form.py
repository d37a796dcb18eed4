"""Asks for a spectrum."""

from PySide6.QtWidgets import QWidget

from app.views.inspector.fields import NumberField, whole_number
from app.views.inspector.form import RequestForm
from core.spectrum.spectrum import SpectrumRequest, product_limit


class SpectrumForm(RequestForm):
    """How many eigenvalues, how exact, on which samples."""

    def __init__(self, samples: int, parent: QWidget | None = None) -> None:
        super().__init__("Compute spectrum", "spectrum", parent)
        self.top = whole_number("spectrum.top", 1, 1000, 20, "Eigenvalues of largest magnitude")
        self.tolerance = NumberField("spectrum.tolerance", 1e-9, 0.5, 1e-4, step=1e-4)
        self.tolerance.setToolTip("Relative error of an eigenvalue")
        self.samples = whole_number("spectrum.samples", 1, max(1, samples), min(samples, 256), "The first so many")
        self.seed = whole_number("spectrum.seed", 0, 2**31 - 1, 0)
        for text, field in (
            ("Ei&genvalues", self.top),
            ("T&olerance", self.tolerance),
            ("Sa&mples", self.samples),
            ("&Seed", self.seed),
        ):
            self.fields.addRow(text, field)

    def request(self) -> SpectrumRequest:
        top = self.top.value()
        return SpectrumRequest(
            top=top,
            tolerance=self.tolerance.value(),
            samples=self.samples.value(),
            seed=self.seed.value(),
            max_products=product_limit(top),
        )
