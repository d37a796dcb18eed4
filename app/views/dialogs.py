"""Questions to the user. One object, so that a test can answer instead."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.actions.leaving import Leaving
from app.actions.wording import short
from app.views.waiting_box import WaitingBox
from core.data.loading import READERS
from core.networks.file_kinds import NETWORK_SUFFIXES

Answer = Literal["save", "discard", "cancel"]

SESSION_FILTER = "Corrie sessions (*.corrie.h5 *.h5);;All files (*)"
NETWORK_FILTER = (
    f"Networks ({' '.join(f'*{ending}' for ending in NETWORK_SUFFIXES)});;Network cards (*.toml);;Programs (*.pt2);;"
    "ONNX (*.onnx);;Python files (*.py);;All files (*)"
)
DATA_FILTER = f"Data ({' '.join(f'*{ending}' for reader in READERS for ending in reader.endings)});;All files (*)"
TABLE_FILTER = "Tables (*.csv *.tsv);;All files (*)"


def suffix_of(name_filter: str) -> str:
    """The first suffix of a filter such as ``Picture (*.png *.jpg)``, without its point; empty for all files."""
    found = re.search(r"\(\*\.([\w.]+)", name_filter)
    return found[1] if found else ""


class Dialogs:
    """Modal questions, asked only where the work cannot go on without an answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._parent = parent

    def open_files(self, title: str, name_filter: str) -> list[Path]:
        """Files to open; empty if the user changed their mind."""
        names, _ = QFileDialog.getOpenFileNames(self._parent, title, "", name_filter)
        return [Path(name) for name in names]

    def open_folder(self, title: str) -> Path | None:
        """A folder to open; None if the user changed their mind."""
        name = QFileDialog.getExistingDirectory(self._parent, title)
        return Path(name) if name else None

    def save_file(self, title: str, suggestion: str, name_filter: str) -> Path | None:
        """Where to write; None if the user changed their mind. The dialog has asked about an existing file."""
        dialog = QFileDialog(self._parent, title, "", name_filter)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(suggestion)

        def follow(chosen: str) -> None:
            dialog.setDefaultSuffix(suffix_of(chosen))

        dialog.filterSelected.connect(follow)
        follow(dialog.selectedNameFilter())
        accepted = dialog.exec() == QFileDialog.DialogCode.Accepted
        names = dialog.selectedFiles()
        dialog.deleteLater()
        return Path(names[0]) if accepted and names else None

    def confirm_overwriting(self, path: Path) -> bool:
        """Whether a file that is there may be replaced."""
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Replace the file?",
            f"{path} is there already. What somebody wrote into it is lost if it is replaced.",
            QMessageBox.StandardButton.NoButton,
            self._parent,
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        replace = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Keep it", QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is replace

    def confirm_throwing_away(self, name: str) -> bool:
        """Whether what was kept of an unsaved session may go for good."""
        return self._confirmed(
            "Throw it away?", f"What was kept of “{short(name)}” is then gone for good.", "Throw away", "Keep it"
        )

    def wait_for_saving(self, path: Path, busy: Callable[[], bool]) -> bool:
        """Wait, visibly, as long as a file is being written. False if the user would rather go on working."""
        return WaitingBox(path, busy, self._parent).wait()

    def confirm_stopping(self, leaving: Leaving) -> bool:
        """Whether running jobs may be stopped."""
        text = f"Corrie is still at work. If it is stopped now:\n\n{leaving.text}"
        return self._confirmed("Jobs are running", text, "Stop them", "Go on computing")

    def _confirmed(self, title: str, text: str, yes: str, no: str) -> bool:
        """Whether what cannot be taken back is wanted; the key Enter says no."""
        box = QMessageBox(QMessageBox.Icon.Question, title, text, QMessageBox.StandardButton.NoButton, self._parent)
        box.setTextFormat(Qt.TextFormat.PlainText)
        chosen = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(no, QMessageBox.ButtonRole.RejectRole))
        box.exec()
        return box.clickedButton() is chosen

    def ask_to_save(self, name: str) -> Answer:
        """What to do with unsaved changes of the session of that name."""
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Unsaved changes",
            f"“{short(name)}” has changes that are not saved.",
            QMessageBox.StandardButton.NoButton,
            self._parent,
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("Discard changes", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        if box.clickedButton() is save:
            return "save"
        return "discard" if box.clickedButton() is discard else "cancel"
