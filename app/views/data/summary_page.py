"""Last page of the table wizard: the table is read once with the card, before the card is written."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWizardPage

from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from app.theme.theme import Theme
from app.views.data.draft_holder import DraftHolder
from app.views.made import named, text_label
from core.data.dataset import Dataset
from core.data.loading import FEATURE_CARD
from core.data.tables.card_draft import CardDraft
from core.data.tables.features import FeatureCard, feature_card_text
from core.data.tables.reading import read_table


def card_path(table: Path) -> Path:
    """Where the card of a table lies."""
    return table.with_suffix(FEATURE_CARD)


class SummaryPage(QWizardPage):
    """Name, source, and what came out when the table was read."""

    def __init__(self, path: Path, holder: DraftHolder, theme: Theme) -> None:
        super().__init__()
        self._path, self._holder, self._theme = path, holder, theme
        self._checked: FeatureCard | None = None  # the card with which the table can be read
        self._number = 0  # of the newest check
        self.setTitle("Save the card")
        self.setSubTitle("The card is a small text file beside the table. It can be edited later.")
        self.name = named(QLineEdit(), "table_wizard.name")
        self.source = named(QLineEdit(), "table_wizard.source")
        self.source.setPlaceholderText("Where the data are from, and under which licence")
        self.place = text_label(str(card_path(path)), "table_wizard.place")
        self.outcome = text_label(name="table_wizard.outcome")
        self.complaint = text_label(name="table_wizard.summary.complaint")
        self.text = named(QPlainTextEdit(), "table_wizard.card")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("What stands in the card")
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.addRow("&Name", self.name)
        form.addRow("&Source", self.source)
        form.addRow(QLabel("Saved as"), self.place)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addLayout(form)
        column.addWidget(self.outcome)
        column.addWidget(self.complaint)
        column.addWidget(self.text, 1)
        self.restyle()

    def initializePage(self) -> None:
        draft = self._holder.draft
        if draft is not None:
            self.name.setText(draft.name)
            self.source.setText(draft.source)
            self._check(draft)

    def cleanupPage(self) -> None:
        self._keep()

    def isComplete(self) -> bool:
        return self._checked is not None

    def card(self) -> FeatureCard | None:
        """The card, if the table can be read with it."""
        if self._checked is None:
            return None
        self._keep()
        return replace(self._checked, name=self.name.text().strip(), source=self.source.text().strip())

    def complain(self, text: str) -> None:
        """Say what is wrong; an empty text takes it back."""
        self.complaint.setText(text)
        self.complaint.setVisible(bool(text))

    def restyle(self) -> None:
        """Take over the colours of the theme."""
        self.complaint.setStyleSheet(f"color: {self._theme.colours.bad};")

    def _keep(self) -> None:
        if self._holder.draft is not None:
            self._holder.draft = replace(self._holder.draft, name=self.name.text(), source=self.source.text())

    def _check(self, draft: CardDraft) -> None:
        """Read the table with the card, behind the window."""
        self._checked = None
        self._number += 1
        self.text.clear()
        number = self._number
        self.outcome.setText(f"Reading {self._path.name} with this card…")
        self.complain("")
        self.completeChanged.emit()

        def work() -> tuple[FeatureCard, Dataset]:
            card = draft.card()
            return card, read_table(self._path, card)

        def done(read: tuple[FeatureCard, Dataset]) -> None:
            if number == self._number:
                self._checked = read[0]
                self.outcome.setText(_outcome(draft, *read))
                self.text.setPlainText(feature_card_text(read[0]))
                self.completeChanged.emit()

        def failed(failure: JobFailure) -> None:
            if number == self._number:
                self.outcome.setText("The table cannot be read with this card. Go back and correct it.")
                self.complain(failure.message)

        run_in_background(work, done, failed, name=self._path.name, owner=self)


def _outcome(draft: CardDraft, card: FeatureCard, data: Dataset) -> str:
    left_out = draft.guess.rows - len(data)
    gaps = f" {left_out:,} of {draft.guess.rows:,} are left out because they lack a value." if left_out else ""
    count = len(card.features)
    target = f"one of {len(card.classes)} classes" if card.classes else "a number"
    wanted = f"; wanted is {card.wanted}" if card.wanted else ""
    return (
        f"{len(data):,} rows can be read.{gaps} {count} feature{'s' if count > 1 else ''} make {card.width} inputs of "
        f"the network. {card.target} is predicted: {target}{wanted}."
    )
