"""The Help menu."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from app.actions.spec import ActionSpec
from app.jobs.background import run_in_background
from app.views.diagnosis import diagnosis
from core import __version__

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def help_actions(window: "MainWindow") -> list[ActionSpec]:
    """The Help menu."""

    def about() -> None:
        QMessageBox.about(
            window,
            "About Corrie",
            f"<b>Corrie {__version__}</b><p>Loss landscapes (Li et al.), Hessian spectra (Yao et al.) and minimal "
            "stable corrections (Zhang et al.), NeurIPS 2018, in one window.</p>",
        )

    def copy_diagnosis() -> None:
        def done(facts: dict[str, object]) -> None:
            QGuiApplication.clipboard().setText("\n".join(f"{name}: {value}" for name, value in facts.items()))
            window.status.showMessage("Copied versions, graphics and paths", 5000)

        run_in_background(diagnosis, done, window.banner.show_failure, name="the diagnosis", owner=window)

    menu = "&Help"
    return [
        ActionSpec(id="help.diagnose", text="&Copy diagnosis", callback=copy_diagnosis, menu=menu),
        ActionSpec(id="help.about", text="&About Corrie", callback=about, menu=menu),
    ]
