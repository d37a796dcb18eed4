"""A feature card for a table that has none: guessed, corrected by a person, tried, and saved beside the table."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget, QWizard

from app.jobs.background import run_in_background
from app.jobs.failure import JobFailure
from app.theme.theme import Theme
from app.views.data.columns_page import ColumnsPage
from app.views.data.draft_holder import DraftHolder
from app.views.data.file_page import FilePage
from app.views.data.summary_page import SummaryPage, card_path
from app.views.data.target_page import TargetPage
from app.views.made import named
from core.data.tables.card_draft import draft_card
from core.data.tables.features import write_feature_card
from core.data.tables.form import TableForm
from core.data.tables.guessing import TableGuess, guess_table
from core.job import ControlledJob


class TableWizard(QWizard):
    """Four pages: the file, its columns, the target, and the card."""

    card_made = Signal(object)  # Path of the table, whose card now lies beside it

    def __init__(
        self, path: Path, theme: Theme, may_overwrite: Callable[[Path], bool], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("table_wizard")
        self.setWindowTitle(f"Feature card for {path.name}")
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self._path, self._may_overwrite = path, may_overwrite
        self._job = ControlledJob()
        self._holder = DraftHolder()
        self.file_page = FilePage(path, self._holder, theme)
        self.columns_page = ColumnsPage(self._holder, theme)
        self.target_page = TargetPage(self._holder, theme)
        self.summary_page = SummaryPage(path, self._holder, theme)
        for page in (self.file_page, self.columns_page, self.target_page, self.summary_page):
            self.addPage(page)
            theme.changed.connect(page.restyle)
        self.setButtonText(QWizard.WizardButton.FinishButton, "&Save card and open")
        buttons = {
            "back": QWizard.WizardButton.BackButton,
            "next": QWizard.WizardButton.NextButton,
            "finish": QWizard.WizardButton.FinishButton,
            "cancel": QWizard.WizardButton.CancelButton,
        }
        for name, button in buttons.items():
            named(self.button(button), f"table_wizard.{name}")
        self.file_page.form_wanted.connect(self._look)
        self.resize(1060, 640)
        self._look(None)

    def accept(self) -> None:
        """Save the card, unless one that is there shall stay."""
        card, place = self.summary_page.card(), card_path(self._path)
        if card is None or (place.exists() and not self._may_overwrite(place)):
            return
        try:
            write_feature_card(card, place)
        except OSError as error:
            self.summary_page.complain(
                f"{place}: it cannot be written ({error.strerror}). Copy the table to a folder of your own."
            )
            return
        super().accept()
        self.card_made.emit(self._path)

    def reject(self) -> None:
        self._job.cancel()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._job.cancel()
        super().closeEvent(event)

    def _look(self, form: TableForm | None) -> None:
        """Look at the whole file, behind the window; a look that is under way is given up."""
        self._job.cancel()
        job = self._job = ControlledJob()
        self._holder.draft = None
        self.file_page.show_reading()

        def done(guess: TableGuess) -> None:
            if job is self._job:
                self._holder.draft = draft_card(guess)
                self.file_page.show_guess(guess)

        def failed(failure: JobFailure) -> None:
            if job is self._job and not job.cancelled:
                self.file_page.show_failure(failure.message)

        run_in_background(lambda: guess_table(self._path, job, form), done, failed, name=self._path.name, owner=self)
