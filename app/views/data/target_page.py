"""Page of the table wizard: what is predicted, its classes, and the one that is wanted."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWizardPage,
)

from app.theme.theme import Theme
from app.views.data.draft_holder import DraftHolder
from app.views.made import chooser, named, text_label
from core.data.tables.card_draft import frequencies, targets, with_target

ANY = "whichever is asked for"


class TargetPage(QWizardPage):
    """The target with its classes in the order of the network's outputs, or its unit if it is a number."""

    def __init__(self, holder: DraftHolder, theme: Theme) -> None:
        super().__init__()
        self._holder, self._theme = holder, theme
        self._filling = False
        self.setTitle("What is predicted")
        self.setSubTitle("The classes stand in the order of the network's outputs.")
        self.target = chooser("table_wizard.target")
        self.wanted = chooser("table_wizard.wanted")
        self.unit = named(QLineEdit(), "table_wizard.target_unit")
        self.classes = named(QTreeWidget(), "table_wizard.classes")
        self.classes.setHeaderLabels(["Class", "Rows", "Share"])
        self.classes.setRootIsDecorated(False)
        self.classes.setStyleSheet("QTreeView::item { padding: 3px 4px; }")
        self.classes.setAccessibleName("Classes in the order of the network's outputs")
        self.up = named(QPushButton("Move &up"), "table_wizard.up")
        self.down = named(QPushButton("Move &down"), "table_wizard.down")
        self.words = text_label(name="table_wizard.target_words")
        self.complaint = text_label(name="table_wizard.target.complaint")
        self._lay_out()
        self.target.currentIndexChanged.connect(self._on_target)
        self.wanted.currentIndexChanged.connect(self._on_wanted)
        self.unit.textChanged.connect(self._on_unit)
        self.classes.currentItemChanged.connect(self._on_class)
        self.up.clicked.connect(self._move_up)
        self.down.clicked.connect(self._move_down)
        self.restyle()

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(14)
        self._form.addRow("&Target", self.target)
        self._form.addRow("&Wanted class", self.wanted)
        self._form.addRow("Un&it", self.unit)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for section in (1, 2):
            self.classes.headerItem().setTextAlignment(section, right)
        header = self.classes.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for section in (1, 2):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QHBoxLayout()
        buttons.addWidget(self.up)
        buttons.addWidget(self.down)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.addLayout(self._form)
        column.addWidget(self.words)
        column.addWidget(self.classes, 1)
        column.addLayout(buttons)
        column.addWidget(self.complaint)

    def initializePage(self) -> None:
        draft = self._holder.draft
        if draft is None:
            return
        self._filling = True
        self.target.clear()
        for name in targets(draft.guess):
            self.target.addItem(name, name)
        self.target.setCurrentIndex(self.target.findData(draft.target))
        self._filling = False
        self._show_classes()

    def isComplete(self) -> bool:
        return self._holder.draft is not None and not self._holder.draft.errors()

    def restyle(self) -> None:
        """Take over the colours of the theme."""
        self.complaint.setStyleSheet(f"color: {self._theme.colours.bad};")

    def _show_classes(self, chosen: int = 0) -> None:
        draft = self._holder.draft
        if draft is None:
            return
        self._filling = True
        counts = frequencies(draft)
        rows = max(1, sum(counts.values()))
        self.classes.clear()
        for name in draft.classes:
            item = QTreeWidgetItem([name, f"{counts.get(name, 0):,}", f"{100 * counts.get(name, 0) / rows:.1f} %"])
            for section in (1, 2):
                item.setTextAlignment(section, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.classes.addTopLevelItem(item)
            if self.classes.topLevelItemCount() == chosen + 1:
                self.classes.setCurrentItem(item)
        self.wanted.clear()
        self.wanted.addItem(ANY, "")
        for name in draft.classes:
            self.wanted.addItem(name, name)
        self.wanted.setCurrentIndex(self.wanted.findData(draft.wanted))
        self.unit.setText(draft.target_unit)
        is_class = bool(draft.classes)
        self._form.setRowVisible(self.wanted, is_class)
        self._form.setRowVisible(self.unit, not is_class)
        for widget in (self.classes, self.up, self.down):
            widget.setVisible(is_class)
        self.words.setText(
            "A correction looks for the smallest change of an input that makes the network say the wanted class."
            if is_class
            else "It is a number, so a network with one output is fitted to it."
        )
        self._filling = False
        self._on_class()
        errors = draft.errors()
        self.complaint.setText(errors[0] if errors else "")
        self.complaint.setVisible(bool(errors))
        self.completeChanged.emit()

    def _on_target(self) -> None:
        draft, target = self._holder.draft, self.target.currentData()
        if not self._filling and draft is not None and target:
            self._holder.draft = with_target(draft, target)
            self._show_classes()

    def _on_wanted(self) -> None:
        draft = self._holder.draft
        if not self._filling and draft is not None:
            self._holder.draft = replace(draft, wanted=self.wanted.currentData() or "")

    def _on_unit(self, text: str) -> None:
        draft = self._holder.draft
        if not self._filling and draft is not None:
            self._holder.draft = replace(draft, target_unit=text)

    def _on_class(self, *_items: object) -> None:
        row = self.classes.currentIndex().row()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.classes.topLevelItemCount() - 1)

    def _move_up(self) -> None:
        self._move(-1)

    def _move_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        draft, row = self._holder.draft, self.classes.currentIndex().row()
        if draft is None or not 0 <= row + by < len(draft.classes):
            return
        classes = list(draft.classes)
        classes.insert(row + by, classes.pop(row))
        self._holder.draft = replace(draft, classes=tuple(classes))
        self._show_classes(row + by)
        self.classes.setFocus()
