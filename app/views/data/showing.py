"""The windows about data, made when they are first asked for."""

from typing import TYPE_CHECKING

from app.views.data.get_data_dialog import GetDataDialog
from core.data.catalogue import PublicSet

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


def stop_downloads(window: "MainWindow") -> None:
    """For a window that closes: what has arrived is kept."""
    dialog = window.findChild(GetDataDialog)
    if dialog is not None:
        dialog.downloads.stop_all()
        dialog.close()
