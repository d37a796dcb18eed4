"""How a result was obtained, what it measures, and what it can and cannot show."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.actions.readings import limits_of, measuring
from app.views.inspector.belonging_panel import BelongingPanel
from app.views.inspector.facts import Facts
from app.views.inspector.measures_panel import MeasuresPanel
from app.views.inspector.section import Section
from app.views.inspector.words import provenance_facts, result_facts
from app.views.made import text_label
from app.views.result_marks import result_mark
from core.exchange.words import certificate_words
from core.landscape.surface import Surface
from core.session.document import Document, ResultItem

PRELIMINARY = "Of a result that is not complete: measured on what is there, also between points. They will change."


class ResultPanel(QWidget):
    """Everything about a result that is no picture."""

    belonging_chosen = Signal(str, str)  # ids of network and data that an imported result belongs to; "" for none

    def __init__(self, item: ResultItem, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("result_panel")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        if isinstance(item.result, Surface) and (words := certificate_words(item.result)):
            sign, _meaning = result_mark(item.result)
            layout.addWidget(text_label(f"{sign} {words[:1].upper()}{words[1:]}.", "certificate"))
        if item.result.provenance.imported:
            self.belonging = BelongingPanel(item, document)
            self.belonging.chosen.connect(self.belonging_chosen)
            layout.addWidget(self.belonging)
        layout.addWidget(Facts({**_belongs_to(item, document), **result_facts(item, document)}))
        if (measure := measuring(item, document)) is not None:
            panel = MeasuresPanel(measure)
            if item.result.status == "partial":
                panel.warn(PRELIMINARY)
            layout.addWidget(Section("Measures", panel, "measures"))
        if limits := limits_of(item, document):
            layout.addWidget(Section("What this slice can and cannot show", _sentences(limits), "limits"))
        made = Facts({**provenance_facts(item.result.provenance), "Created": item.created_utc})
        layout.addWidget(Section("How it was computed", made, "provenance"))


def _belongs_to(item: ResultItem, document: Document) -> dict[str, str]:
    of = {"Network": item.network_id, "Data": item.dataset_id, "Test data": item.test_id, "Run": item.run_id}
    if item.result.provenance.imported:
        del of["Network"], of["Data"]  # stand in the choosers
    return {word: document.items[key].name for word, key in of.items() if key in document.items}


def _sentences(texts: tuple[str, ...]) -> QWidget:
    widget = QWidget()
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(4, 0, 0, 0)
    for text in texts:
        layout.addWidget(text_label(text))
    return widget
