"""“Report…”: what goes into the report of a session, in which order and under which title, and how far it is."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from app.actions.reporting import Reporting
from app.jobs.failure import JobFailure
from app.views.made import named, reload_icons, text_label, with_icon
from app.views.progress_bar import CalmProgressBar
from app.views.report.item_list import ItemList
from core.exchange.report.endings import FILTER
from core.naming import SESSION_SUFFIX, file_stem

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

WORDS = (
    "A report needs neither Corrie nor a network to be read. It holds the ticked items in this order, their figures as "
    "vector graphics, what is proved, computed, sampled and unknown, definitions, limits, provenance and hashes."
)


class ReportDialog(QDialog):
    """May stay open beside the window, and follows the session. A report goes on when it is closed."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.setObjectName("report")
        self.setWindowTitle("Report")
        self._window, self._state = window, window.desk.state
        self._written: Path | None = None
        self.reporting = Reporting(self._state, window.desk.file, self)
        self._make()
        self._lay_out()
        self._connect()
        self.list.follow(self._state.document, anew=True)
        self._show_title()

    def _make(self) -> None:
        self.title = named(QLineEdit(), "report.title")
        self.list = ItemList()
        self.all, self.none, self.up, self.down = (
            named(QPushButton(text), f"report.{name}")
            for name, text in (("all", "&All"), ("none", "&None"), ("up", "Move &up"), ("down", "Move &down"))
        )
        self.bar = named(CalmProgressBar(), "report.bar")
        self.bar.setTextVisible(False)
        self.said = text_label(name="report.said")
        self.write_button = named(with_icon(QPushButton("&Write…"), "save"), "report.write")
        self.stop_button = named(with_icon(QPushButton("&Stop"), "stop"), "report.stop")
        self.open_button = named(with_icon(QPushButton("&Open it"), "open"), "report.open")
        self.close_button = named(QPushButton("&Close"), "report.close")
        self.write_button.setDefault(True)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("&Title", self.title)
        beside = QVBoxLayout()
        for button in (self.all, self.none, self.up, self.down):
            beside.addWidget(button)
        beside.addStretch(1)
        middle = QHBoxLayout()
        middle.addWidget(self.list, 1)
        middle.addLayout(beside)
        buttons = QHBoxLayout()
        for button in (self.write_button, self.stop_button, self.open_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(text_label(WORDS))
        column.addLayout(form)
        column.addLayout(middle, 1)
        column.addWidget(self.bar)
        column.addWidget(self.said)
        column.addLayout(buttons)
        self.resize(620, 560)

    def _connect(self) -> None:
        self.all.clicked.connect(self.list.tick_all)
        self.none.clicked.connect(lambda: self.list.tick(()))
        self.up.clicked.connect(lambda: self.list.move_current(-1))
        self.down.clicked.connect(lambda: self.list.move_current(1))
        self.list.currentRowChanged.connect(self.refresh)
        self.list.chosen_changed.connect(self.refresh)
        self.write_button.clicked.connect(self._write)
        self.stop_button.clicked.connect(self._stop)
        self.open_button.clicked.connect(self._open)
        self.close_button.clicked.connect(self.close)
        self.reporting.busy_changed.connect(self.refresh)
        self.reporting.progressed.connect(self._on_progress)
        self.reporting.written.connect(self._on_written)
        self.reporting.failed.connect(self._on_failed)
        self._state.opened.connect(self._on_opened)
        self._state.document_changed.connect(self._on_changed)
        self._state.path_changed.connect(self._show_title)
        self._window.theme.changed.connect(self._restyle)
        self._window.installEventFilter(self)

    def refresh(self) -> None:
        """Buttons as they are now."""
        busy, row = self.reporting.busy, self.list.currentRow()
        self.write_button.setEnabled(bool(self.list.chosen) and not busy)
        self.stop_button.setEnabled(busy)
        self.open_button.setEnabled(self._written is not None and not busy)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.list.count() - 1)
        self.bar.setVisible(busy)
        if not self.list.count():
            self.said.setText("The session is empty: there is nothing to report.")

    def _write(self) -> None:
        stem = file_stem(self.reporting.usual_title.removesuffix(SESSION_SUFFIX))
        path = self._window.dialogs.save_file("Write a report", f"{stem}-report.pdf", FILTER)
        if path is None:
            return
        self._written = None
        self.bar.show_progress(0, 0)
        self.said.setText(f"Writing {path}…")
        self.reporting.write(path if path.suffix else path.with_suffix(".pdf"), self.list.chosen, self.title.text())

    def _stop(self) -> None:
        self.reporting.stop()
        self.said.setText("Stopped. No report was written; one that was there before is untouched.")

    def _open(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))

    def _on_progress(self, done: int, total: int, text: str) -> None:
        self.bar.show_progress(done, total)
        self.said.setText(text)

    def _on_written(self, path: Path) -> None:
        self._written = path
        self.said.setText(f"Written: {path}")
        self._window.desk.file.exported.emit(path)
        self.refresh()

    def _on_failed(self, failure: JobFailure) -> None:
        self.said.setText(failure.message)
        if not self.isVisible() or failure.kind != "explained":  # its details can be copied there
            self._window.desk.file.failed.emit(failure)

    def _on_opened(self) -> None:
        self.list.follow(self._state.document, anew=True)
        self.title.clear()
        self._show_title()

    def _on_changed(self, _before: object, _after: object) -> None:
        self.list.follow(self._state.document)

    def _show_title(self) -> None:
        self.title.setPlaceholderText(self.reporting.usual_title)

    def _restyle(self) -> None:
        reload_icons(self)
        self.list.reload_icons(self._state.document)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go with the window: it is hidden by nothing but its end; minimised, the window system does that."""
        if watched is self._window and event.type() is QEvent.Type.Hide and not event.spontaneous():
            self.reporting.stop()
            self.close()
        return super().eventFilter(watched, event)


def show_report(window: "MainWindow") -> None:
    """Open the dialog, or bring it to the front."""
    dialog = window.findChild(ReportDialog, options=Qt.FindChildOption.FindDirectChildrenOnly) or ReportDialog(window)
    dialog.refresh()
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
