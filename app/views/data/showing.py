"""The windows about data, made when they are first asked for."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.views.data.get_data_dialog import GetDataDialog
from app.views.data.table_wizard import TableWizard
from core.data.public.catalogue import PublicSet

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def show_get_data(window: "MainWindow") -> None:
    """Open the list of public data sets, or bring it to the front. A download goes on when it is closed."""
    dialog = window.findChild(GetDataDialog)
    if dialog is None:
        dialog = GetDataDialog(window.theme, window)
        dialog.open_wanted.connect(window.desk.door.open_builtin_data)

        def arrived(wanted: PublicSet) -> None:
            text = f"{wanted.title} has arrived. Open it from File > Get data…"
            window.status.showMessage(text, 6000)
            window.jobs_panel.write(text)

        dialog.downloads.arrived.connect(arrived)
    dialog.refresh()
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def show_table_wizard(window: "MainWindow", path: Path) -> bool:
    """Help to make a feature card for a table, which is opened once it has one. Returns that this is being done."""
    wizard = TableWizard(path, window.theme, window.dialogs.confirm_overwriting, window)
    wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    wizard.card_made.connect(window.desk.door.open_path)
    wizard.show()
    return True


def close_data_windows(window: "MainWindow") -> None:
    """For a window that closes: a download stops, and what has arrived is kept."""
    for wizard in window.findChildren(TableWizard):
        wizard.close()
    dialog = window.findChild(GetDataDialog)
    if dialog is not None:
        dialog.downloads.stop_all()
        dialog.close()
