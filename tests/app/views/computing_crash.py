"""A process that computes a surface in the real window, and dies in the middle without a word."""

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.commands.items import AddItems
from app.recovery import keeping_computations
from app.state.settings import Settings
from app.theme.theme import Theme
from app.views.desk import Desk
from app.views.main_window import MainWindow
from core.landscape.surface import Surface, SurfaceRequest
from core.session.files import open_document
from tests.documents import dataset_item, network_item

REQUEST = SurfaceRequest(columns=121, rows=121, method="grid")  # every point: two seconds in which it can be kept
ENOUGH = 30  # points on the disk


def main() -> None:
    """Compute, keep several times a second, and die once enough is on the disk."""
    keeping_computations.KEEP_MILLISECONDS, keeping_computations.SHARE = 50, 0
    application = QApplication([])
    window = MainWindow(Desk(Settings()), Theme(application, "light"))
    window.show()
    network, data = network_item(), dataset_item()
    window.history.push(AddItems((network, data)))
    item_id = window.desk.computations.submit(REQUEST, network.id, data.id)
    path = keeping_computations.kept_folder() / f"{item_id}.corrie.h5"

    def look(*_: object) -> None:
        if path.exists():
            (item,) = open_document(path).results
            if isinstance(item.result, Surface) and item.result.evaluated_count >= ENOUGH:
                os._exit(9)

    window.desk.jobs.job_partial.connect(look)
    sys.exit(application.exec())


if __name__ == "__main__":
    main()
