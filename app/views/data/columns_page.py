"""Page of the table wizard: what each column means, and how it may change."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWizardPage,
)

from app.theme.theme import Theme
from app.views.data.choice_delegate import ChoiceDelegate
from app.views.data.columns_model import CHOICES, HEADINGS, NAME, REMARK, ColumnsModel
from app.views.data.draft_holder import DraftHolder
from app.views.made import named, text_label

WIDTHS = {"use": 40, "kind": 100, "unit": 60, "low": 70, "high": 70, "step": 50, "levels": 140, "change": 86}
OTHER_WIDTH, WIDEST_NAME, REMARK_WIDTH = 66, 230, 170
ROW_HEIGHT = 24


class ColumnsPage(QWizardPage):
    """A table with a row for each column of the file."""

    def __init__(self, holder: DraftHolder, theme: Theme) -> None:
        super().__init__()
        self._holder, self._theme = holder, theme
        self.setTitle("What the columns mean")
        self.setSubTitle(
            "Tick the columns that the network is fed with, and correct what was guessed. Press F2 or type."
        )
        self.model = ColumnsModel()
        self.table = named(QTableView(), "table_wizard.columns")
        self.table.setModel(self.model)
        self.table.setAccessibleName("Columns of the table")
        self.table.setAlternatingRowColors(True)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.table.setTabKeyNavigation(False)  # the key leaves the table, as anywhere else
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        for section, heading in enumerate(HEADINGS):
            header.resizeSection(section, WIDTHS.get(heading.field or "", OTHER_WIDTH))
            if heading.field in CHOICES:
                self.table.setItemDelegateForColumn(section, ChoiceDelegate(CHOICES[heading.field], self.table))
        header.resizeSection(REMARK, REMARK_WIDTH)
        header.setStretchLastSection(True)
        self.table.setWordWrap(False)
        self.table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.use_all = named(QPushButton("Use &all"), "table_wizard.use_all")
        self.use_none = named(QPushButton("Use &none"), "table_wizard.use_none")
        self.count = text_label(name="table_wizard.count")
        self.remark = text_label(name="table_wizard.remark")
        self.complaint = text_label(name="table_wizard.columns.complaint")
        self._lay_out()
        self.use_all.clicked.connect(self._use_all)
        self.use_none.clicked.connect(self._use_none)
        self.model.edited.connect(self._on_edited)
        self.table.selectionModel().currentChanged.connect(self._show_remark)
        self.restyle()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.use_all)
        row.addWidget(self.use_none)
        row.addWidget(self.count, 1)
        column = QVBoxLayout(self)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        column.addWidget(self.remark)
        column.addWidget(self.complaint)

    def initializePage(self) -> None:
        if self._holder.draft is not None:
            self.model.show_draft(self._holder.draft)
            self.table.resizeColumnToContents(NAME)
            self.table.setColumnWidth(NAME, min(self.table.columnWidth(NAME), WIDEST_NAME))
            self.table.setCurrentIndex(self.model.index(0, NAME))
            self._refresh()

    def isComplete(self) -> bool:
        return self._holder.draft is not None and not self._holder.draft.column_errors()

    def restyle(self) -> None:
        """Take over the colours of the theme."""
        self.model.bad, self.model.muted = QColor(self._theme.colours.bad), QColor(self._theme.colours.muted)
        self.complaint.setStyleSheet(f"color: {self._theme.colours.bad};")

    def _use_all(self) -> None:
        self.model.use_all(use=True)

    def _use_none(self) -> None:
        self.model.use_all(use=False)

    def _on_edited(self) -> None:
        self._holder.draft = self.model.draft
        self._refresh()
        self.completeChanged.emit()

    def _show_remark(self, *_indices: object) -> None:
        """All that is to be said about the row the cursor is in: in the table it may be cut off."""
        row = self.table.currentIndex().row()
        column = self.model.column_at(row) if row >= 0 else None
        remark = self.model.index(row, REMARK).data() if column is not None else ""
        self.remark.setText(f"{column.name}: {remark}" if column is not None and remark else "")

    def _refresh(self) -> None:
        self._show_remark()
        draft = self._holder.draft
        if draft is None:
            return
        inputs = sum(len(column.level_list) if column.kind == "category" else 1 for column in draft.used)
        self.count.setText(f"{len(draft.used)} of {len(draft.columns)} used; the network gets {inputs} inputs.")
        errors = draft.column_errors()
        self.complaint.setText(errors[0] if errors else "")
        self.complaint.setVisible(bool(errors))
