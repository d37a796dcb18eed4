"""Page of the table wizard: the file as it is read, and how its form was understood."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QTableView, QVBoxLayout, QWizardPage

from app.theme.theme import Theme
from app.views.data.draft_holder import DraftHolder
from app.views.data.preview_model import PreviewModel
from app.views.made import named, text_label
from core.data.tables.form import TableForm
from core.data.tables.guessing import TableGuess

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tabulator", "|": "bar"}
DECIMALS = {".": "point (1.5)", ",": "comma (1,5)"}
ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "latin-1": "Latin-1"}
MOST_COLUMNS_LISTED = 10
ROW_HEIGHT = 22


class FilePage(QWizardPage):
    """A preview with the form of the table; another form is looked at at once."""

    form_wanted = Signal(object)  # TableForm

    def __init__(self, path: Path, holder: DraftHolder, theme: Theme) -> None:
        super().__init__()
        self._path, self._holder, self._theme = path, holder, theme
        self._reading, self._filling = True, False
        self.setTitle("The file")
        self.setSubTitle("Look whether the cells stand in the right columns, and letters and numbers are right.")
        self.delimiter = _choice("table_wizard.delimiter", DELIMITERS)
        self.decimal = _choice("table_wizard.decimal", DECIMALS)
        self.encoding = _choice("table_wizard.encoding", ENCODINGS)
        self.header = named(QCheckBox("The first &row names the columns"), "table_wizard.header")
        self.leave_out = named(QCheckBox("&Leave out rows that lack a value"), "table_wizard.leave_out")
        self.preview_model = PreviewModel()
        self.preview = named(QTableView(), "table_wizard.preview")
        self.preview.setModel(self.preview_model)
        self.preview.setAccessibleName("The first rows of the file")
        self.preview.setTabKeyNavigation(False)
        self.preview.setWordWrap(False)
        self.preview.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.notes = text_label(name="table_wizard.notes")
        self.complaint = text_label(name="table_wizard.file.complaint")
        self._lay_out()
        for box in (self.delimiter, self.decimal, self.encoding):
            box.currentIndexChanged.connect(self._ask)
        self.header.toggled.connect(self._ask)
        self.leave_out.toggled.connect(self._on_leave_out)
        self.restyle()
        self.show_reading()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        fields: tuple[tuple[str, QComboBox], ...] = (
            ("Cells &divided by", self.delimiter),
            ("Decimal &mark", self.decimal),
            ("L&etters", self.encoding),
        )
        for place, (text, field) in enumerate(fields):
            label = QLabel(text)
            label.setBuddy(field)
            grid.addWidget(label, 0, 2 * place)
            grid.addWidget(field, 0, 2 * place + 1)
        grid.addWidget(self.header, 1, 0, 1, 3)
        grid.addWidget(self.leave_out, 1, 3, 1, 3)
        grid.setColumnStretch(6, 1)
        column = QVBoxLayout(self)
        column.addLayout(grid)
        column.addWidget(self.preview, 1)
        column.addWidget(self.notes)
        column.addWidget(self.complaint)

    def show_reading(self) -> None:
        """Say that the file is being read."""
        self._reading = True
        self.notes.setText(f"Reading {self._path.name}…")
        self._complain("")
        self._enable(reading=True)
        self.completeChanged.emit()

    def show_guess(self, guess: TableGuess) -> None:
        """Show what was found."""
        self._reading, self._filling = False, True
        form = guess.form
        for box, value in (
            (self.delimiter, form.delimiter_of(self._path)),
            (self.decimal, form.decimal),
            (self.encoding, form.encoding),
        ):
            box.setCurrentIndex(box.findData(value))
        self.header.setChecked(form.header)
        self.leave_out.setChecked(bool(form.missing))
        self.preview_model.show_rows(guess.names, guess.preview)
        self.preview.resizeColumnsToContents()
        self.notes.setText(" ".join((f"{guess.rows:,} rows, {len(guess.names)} columns.", *guess.notes, *_gaps(guess))))
        self._complain(" ".join(guess.problems))
        self._enable(reading=False)
        self.leave_out.setVisible(guess.incomplete_rows > 0)
        self._filling = False
        self.completeChanged.emit()

    def show_failure(self, text: str) -> None:
        """Say why the file cannot be read; another form may help."""
        self._reading = False
        self.notes.setText("")
        self._complain(text)
        self._enable(reading=False)
        self.completeChanged.emit()

    def isComplete(self) -> bool:
        draft = self._holder.draft
        return not self._reading and draft is not None and not draft.guess.problems

    def restyle(self) -> None:
        """Take over the colours of the theme."""
        self.complaint.setStyleSheet(f"color: {self._theme.colours.bad};")

    def _enable(self, *, reading: bool) -> None:
        for widget in (self.delimiter, self.decimal, self.encoding, self.header, self.leave_out):
            widget.setEnabled(not reading)

    def _complain(self, text: str) -> None:
        self.complaint.setText(text)
        self.complaint.setVisible(bool(text))

    def _ask(self) -> None:
        """Look at the file again, in the form that the fields say."""
        if self._filling:
            return
        delimiter, decimal = self.delimiter.currentData(), self.decimal.currentData()
        if delimiter == decimal:
            self._complain("The decimal mark cannot also divide the cells. Choose another one.")
            return
        self.form_wanted.emit(
            TableForm(
                delimiter=delimiter,
                decimal=decimal,
                encoding=self.encoding.currentData(),
                header=self.header.isChecked(),
            )
        )

    def _on_leave_out(self) -> None:
        draft = self._holder.draft
        if self._filling or draft is None:
            return
        if self.leave_out.isChecked():
            self._ask()
        else:
            guess = replace(draft.guess, form=replace(draft.guess.form, missing=()))
            self._holder.draft = replace(draft, guess=guess)


def _choice(name: str, words: dict[str, str]) -> QComboBox:
    box = named(QComboBox(), name)
    for value, word in words.items():
        box.addItem(word, value)
    return box


def _gaps(guess: TableGuess) -> list[str]:
    """Which rows lack something, by column."""
    return [
        f"{column.name}: {column.missing:,} missing (row{'s' if column.missing > 1 else ''} "
        f"{', '.join(map(str, column.missing_rows))}{', …' if column.missing > len(column.missing_rows) else ''})."
        for column in guess.columns
        if column.missing
    ][:MOST_COLUMNS_LISTED]
