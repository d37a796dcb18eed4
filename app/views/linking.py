"""Links an imported result to a network and data of the session, as the inspector asks for it."""

from typing import TYPE_CHECKING

from app.actions.belonging import linked_together, plane_of
from app.actions.opening import explained
from app.commands.belonging import LinkResults
from app.jobs.background import run_in_background
from app.jobs.direction_files import directions_in
from app.jobs.failure import JobFailure
from core.errors import CorrieError
from core.landscape.plane import Directions
from core.session.document import NetworkItem, ResultItem

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def link_result(window: "MainWindow", item_id: str, network_id: str, dataset_id: str) -> None:
    """Link a result and what lies in its plane. Directions that are those of another network are refused."""
    state = window.desk.state
    item, network = state.document.items.get(item_id), state.document.items.get(network_id)
    if not isinstance(item, ResultItem) or (item.network_id, item.dataset_id) == (network_id, dataset_id):
        return
    together, document_id = linked_together(item, state.document), state.document.document_id

    def push(directions: Directions | None = None) -> None:
        if state.document.document_id != document_id:
            return  # another session was opened meanwhile
        try:
            window.desk.history.push(LinkResults(together, network_id, dataset_id, directions))
        except CorrieError as error:
            failed(explained(error))

    def failed(failure: JobFailure) -> None:
        window.desk.computations.failed.emit(failure)
        window.inspector.refresh()  # the choice is as it was

    plane = plane_of(item)
    if plane is None or not isinstance(network, NetworkItem) or network_id == item.network_id:
        push()
    else:
        run_in_background(lambda: directions_in(plane, network), push, failed, name=network.name, owner=window)
