"""The forms that ask for attacks, for the curvature through training, and for size and sharpness."""

from collections.abc import Iterator
from typing import Literal

from app.views.inspector.complexity_form import ComplexityForm
from app.views.inspector.form import RequestForm
from app.views.inspector.history_form import HistoryForm
from app.views.inspector.landscape.surroundings import Surroundings
from app.views.inspector.robustness_form import RobustnessForm
from core.session.document import DatasetItem, Document, NetworkItem

Measured = Literal["robustness", "history", "complexity"]
TITLES: dict[Measured, str] = {"robustness": "Robustness", "history": "History", "complexity": "Size"}


class MeasureForms:
    """One of each, for one network on one data set."""

    def __init__(self, network: NetworkItem, data: DatasetItem, document: Document, around: Surroundings) -> None:
        self.robustness = RobustnessForm(network, data, document)
        self.history = HistoryForm(around)
        self.complexity = ComplexityForm(around)

    def __iter__(self) -> Iterator[tuple[str, RequestForm]]:
        """Titles of their tabs, and the forms."""
        for measured, title in TITLES.items():
            yield title, self.form(measured)

    def form(self, measured: Measured) -> RequestForm:
        """One of them."""
        if measured == "robustness":
            return self.robustness
        return self.history if measured == "history" else self.complexity

    def look_around(self, document: Document, around: Surroundings) -> None:
        """Offer what is in the session now; the fields keep what is entered."""
        self.robustness.look_around(document)
        self.history.look_around(around)
        self.complexity.look_around(around)
