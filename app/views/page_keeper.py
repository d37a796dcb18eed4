"""Keeps the pages in step with the document and the running computations, and turns wishes into commands."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.actions.computing import Task
from app.actions.opening import explained
from app.actions.registry import ActionRegistry
from app.commands.items import RemoveItem, RenameItem
from app.render.pins.layer import out_of_sight
from app.views.box_keeper import BoxKeeper
from app.views.cases.comparison_page import PAGE_ID as CASES_PAGE
from app.views.desk import Desk
from app.views.inspector.inspector import Inspector
from app.views.live_pacer import LivePacer
from app.views.neighbour_keeper import NeighbourKeeper
from app.views.page_source import PageSource
from app.views.pages.cases_page import CasesPage
from app.views.pages.complexity_page import ComplexityPage
from app.views.pages.correction_page import CorrectionPage
from app.views.pages.curve_page import CurvePage
from app.views.pages.fixed_page import FixedPage
from app.views.pages.joint_page import JointPage
from app.views.pages.page import Page
from app.views.pages.pairs_page import PairsPage
from app.views.pages.run_page import RunPage
from app.views.pages.spectrum_page import SpectrumPage
from app.views.pages.surface_page import SurfacePage
from app.views.pages.waiting_page import WaitingPage
from app.views.sizes.table_page import PAGE_ID as SIZES_PAGE
from app.views.view_area import ViewArea
from core.corrections.records.correction import Box, CorrectionRequest
from core.corrections.records.joint import JointRequest
from core.errors import CorrieError
from core.naming import Request, kind_of
from core.session.document import ResultItem, RunItem

ITEM_MENU = (
    "item.open",
    "item.beside",
    "",
    "landscape.same_plane",
    "landscape.convexity_over",
    "landscape.trajectory_of",
    "landscape.ten_draws",
    "landscape.initialisations_of",
    "spectrum.along",
    "spectrum.plane",
    "spectrum.everything",
    "comparison.page",
    "",
    "review.add_on_item",
    "item.rename",
    "item.remove",
    "",
    "item.export",
)


class PageKeeper(QObject):
    """Opens a page per result and feeds it; opens the fixed pages, which feed themselves."""

    hovered = Signal(str)
    animation_wanted = Signal(str)  # item id of a surface: one turn around it as a moving picture
    along_wanted = Signal(str, object)  # item id of a spectrum, chosen bars: the loss along their eigenvectors
    plane_wanted = Signal(str, object)  # the same: a surface over the plane of two of them

    def __init__(self, desk: Desk, area: ViewArea, inspector: Inspector) -> None:
        super().__init__(area)
        self._desk, self._area, self._inspector = desk, area, inspector
        self._source = PageSource(desk)
        self._restoring = False
        self._taken_away: set[str] = set()  # results whose page was closed because they left the document
        self._pacer = LivePacer(self)
        self._fixed: dict[str, FixedPage] = {}  # by id
        self._fixed_views: dict[str, dict[str, object]] = {}  # how each fixed page was looked at when it was closed
        self._neighbours = NeighbourKeeper(desk, area)
        self._boxes = BoxKeeper(desk, self)
        desk.live.updated.connect(self._feed_live)
        desk.state.item_added.connect(self._on_item)
        desk.state.item_added.connect(self._on_back)
        desk.state.item_changed.connect(self._on_item)
        desk.state.item_removed.connect(self._on_removed)
        desk.state.opened.connect(self._on_opened)
        desk.computations.submitted.connect(self._on_submitted)
        desk.computations.ended.connect(self._on_ended)
        desk.trainings.submitted.connect(self._on_training)
        desk.trainings.ended.connect(self._on_ended)
        desk.selection.changed.connect(self._on_selected)
        area.page_activated.connect(self._on_turned_to)
        area.changed.connect(self._keep_view)
        inspector.requested.connect(self.compute)
        inspector.verdicts_wanted.connect(desk.judging.ask)
        desk.judging.judged.connect(inspector.set_verdicts)
        inspector.suggestions_wanted.connect(desk.suggesting.ask)
        desk.suggesting.suggested.connect(inspector.set_suggestions)
        desk.suggesting.refused.connect(inspector.refuse_suggestions)
        inspector.resume_wanted.connect(self.resume)
        inspector.stop_wanted.connect(self.stop)
        inspector.checkpoint_wanted.connect(self.add_checkpoint)
        desk.checkpoints.added.connect(desk.selection.select)
        inspector.box_edited.connect(self._boxes.set_box)
        inspector.snap_wanted.connect(self.snap)

    def compute_all(self, tasks: Iterable[tuple[str, str, Request]]) -> None:
        """Compute several requests one after another; the second surface goes beside the first."""
        for network_id, dataset_id, request in tasks:
            self._attempt(partial(self._desk.computations.submit, request, network_id, dataset_id))

    def compute(self, task: Task) -> None:
        """Compute a request, and turn to what comes of it."""
        self._attempt(lambda: self._desk.selection.select(self._desk.computations.submit_task(task)))

    def add_fixed(self, page: FixedPage) -> None:
        """Make a page known that belongs to no item. `open_page` with its id opens it; sessions restore it."""
        self._fixed[page.id] = page

    def open_page(self, item_id: str, *, beside: bool = False, turn: bool = True) -> None:
        """Turn to the page of a result, or to a fixed page; networks and data have none, and nothing happens."""
        if item_id in self._fixed:
            self._open_fixed(self._fixed[item_id], beside=beside, turn=turn)
            return
        if not self._source.has_page(item_id):
            return
        title, waits = self._source.name_of(item_id), isinstance(self._area.open_page(item_id), WaitingPage)
        page = self._area.show_page(item_id, title, lambda: self._make(item_id), beside=beside, turn=turn)
        if not waits:  # else it was fed when it was made
            self._feed(page)
            self._neighbours.feed(page)

    def show_on_side(self, item_id: str, *, right: bool) -> None:
        """Turn to the page of a result on that side of the view area."""
        self.open_page(item_id, beside=right)
        self._area.move_to_side(item_id, right=right)

    def resume(self, item_id: str) -> None:
        """Go on with a partial result or run."""
        item = self._desk.state.document.items.get(item_id)
        if isinstance(item, ResultItem):
            self._attempt(lambda: self._desk.computations.resume(item))
        elif isinstance(item, RunItem):
            self._attempt(lambda: self._desk.trainings.resume(item))

    def stop(self, item_id: str) -> None:
        """Stop what is being computed or trained; what is there is kept."""
        self._desk.computations.stop(item_id)
        self._desk.trainings.stop(item_id)

    def add_checkpoint(self, item_id: str, epoch: int) -> None:
        """Put the network that a run was after an epoch into the session."""
        item = self._desk.state.document.items.get(item_id)
        if isinstance(item, RunItem):
            self._attempt(lambda: self._desk.checkpoints.add(item, epoch))

    def remove(self, item_id: str) -> None:
        """Take an item out of the session; undo brings it back."""
        self._attempt(lambda: self._desk.history.push(RemoveItem(item_id)))

    def rename(self, item_id: str, name: str) -> None:
        """Give an item another name."""
        self._attempt(lambda: self._desk.history.push(RenameItem(item_id, name)))

    def snap(self, item_id: str) -> None:
        """Move the box of a correction to the nearest stable correction for its size."""
        self.open_page(item_id)
        page = self._area.page(item_id)
        if isinstance(page, CorrectionPage):
            page.slice.snap_to_nearest()

    def copy_picture(self) -> None:
        """Put the picture of the current page on the clipboard."""
        if (page := self._area.current_page()) is not None:
            with out_of_sight(page):
                QGuiApplication.clipboard().setImage(page.image())

    def item_menu(self, item_id: str, registry: ActionRegistry, parent: QWidget) -> QMenu:
        """What can be done with an item."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_result = self._source.has_page(item_id)
        for action_id in ITEM_MENU:
            if not action_id:
                menu.addSeparator()
            elif action_id.startswith(("landscape.", "spectrum.", "comparison.")):
                if (action := registry.action(action_id)).isEnabled() and self._desk.state.document.items.get(item_id):
                    menu.addAction(action)
            elif is_result or action_id in ("item.rename", "item.remove", "review.add_on_item"):
                menu.addAction(registry.action(action_id))
        return menu

    def _open_fixed(self, fixed: FixedPage, *, beside: bool, turn: bool) -> None:
        before = self._fixed_views.get(fixed.id)  # opening tells `_keep_view` of the fresh page
        make = partial(self._make_fixed, fixed, before)
        self._area.show_page(fixed.id, fixed.title, make, beside=beside, turn=turn)

    def _make_fixed(self, fixed: FixedPage, view: dict[str, object] | None) -> Page:
        page = fixed.make()
        page.icon_name = fixed.icon
        if view is not None:
            page.restore(view)
        self._connect_page(page)
        return page

    def _make(self, item_id: str) -> Page:
        page = self._source.page_of(item_id)
        self._connect_page(page)
        return page

    def _make_again(self, item_id: str, view: dict[str, object] | None) -> Page:
        """The page of a session, as it was left there."""
        page = self._make(item_id)
        self._show(page)
        self._neighbours.feed(page)
        if view is not None:
            page.restore(view)
        return page

    def _connect_page(self, page: Page) -> None:
        page.hovered.connect(self.hovered)
        page.view_changed.connect(self._keep_view)
        page.computation_wanted.connect(self._on_wanted)
        if isinstance(page, SurfacePage):
            page.animation_wanted.connect(self.animation_wanted)
        elif isinstance(page, SpectrumPage):
            page.along_wanted.connect(self.along_wanted)
            page.plane_wanted.connect(self.plane_wanted)
        elif isinstance(page, ComplexityPage):
            page.table_wanted.connect(partial(self.open_page, SIZES_PAGE))
        elif isinstance(page, RunPage):
            page.stop_wanted.connect(self.stop)
            page.resume_wanted.connect(self.resume)
        elif isinstance(page, JointPage):
            page.box_changed.connect(self._boxes.set_joint_box)
            page.box_judged.connect(self._boxes.set_joint_proof)
            page.slice_wanted.connect(self._on_slice)
        elif isinstance(page, PairsPage):
            page.slice_wanted.connect(self._on_slice)
        elif isinstance(page, CasesPage):
            page.case_wanted.connect(self._on_slice)
            page.table_wanted.connect(partial(self.open_page, CASES_PAGE))
        elif isinstance(page, CorrectionPage):
            page.box_changed.connect(self._boxes.set_box)
            page.box_changing.connect(partial(self._follow_box, page.item_id))

    def _on_slice(self, item_id: str, request: CorrectionRequest | JointRequest) -> None:
        """Turn to the correction of a pair or of a case; it is computed where the session has none."""
        if known := self._source.known_beside(item_id, request):
            self._desk.selection.select(known)
            self.open_page(known)
        elif (task := self._neighbours.task_beside(item_id, request)) is not None:
            self.compute(task)

    def _follow_box(self, item_id: str, box: Box) -> None:
        if self._desk.selection.current_id == item_id:
            self._inspector.show_dragged_box(box)

    def _feed(self, page: Page | None) -> None:
        """Show what there is on a page that is made; one that waits is fed when somebody turns to it."""
        if page is not None and not isinstance(page, WaitingPage):
            self._show(page)
            self._area.refresh_scales()

    def _show(self, page: Page) -> None:
        item_id = page.item_id
        if isinstance(page, RunPage):
            page.set_standing(self._source.name_of(item_id), under_way=item_id in self._desk.trainings.pending)
        if isinstance(page, CurvePage):
            page.set_name(self._source.name_of(item_id))
        if isinstance(page, JointPage):
            subject, items = self._source.subject_of(item_id), self._desk.state.document.items
            editable = item_id in items and item_id not in self._desk.computations.pending
            page.set_surroundings(subject, subject.network, editable=editable)
        if isinstance(page, PairsPage | CasesPage):
            page.set_surroundings(self._source.subject_of(item_id))
        page.show_result(self._source.result_of(item_id))

    def _feed_live(self, item_id: str) -> None:
        """A growing result: drawn where it is seen, as often as drawing is cheap."""
        page = self._area.open_page(item_id)
        if page is not None and page in self._area.shown_pages() and self._pacer.may_draw(item_id):
            self._pacer.begin(item_id, page.live_interval)
            self._feed(page)

    def _on_submitted(self, item_id: str) -> None:
        request = self._source.request_of(item_id)
        others = [page for page in self._area.pages() if page.icon_name == SurfacePage.icon_name]  # some wait
        # The first two surfaces of a session stand side by side; later ones where the user looks.
        beside = request is not None and kind_of(request) == "surface" and len(others) == 1
        # What waits in the queue does not push aside what is being looked at.
        self.open_page(item_id, beside=beside, turn=beside or len(self._desk.computations.pending) == 1)

    def _on_training(self, item_id: str) -> None:
        """A run that goes on, or begins, is shown where it is open already; the training lab shows the others."""
        self._feed(self._area.open_page(item_id))

    def _on_turned_to(self, item_id: str) -> None:
        if item_id in self._fixed:
            return  # what is selected stays so: a fixed page is no item
        self._desk.selection.select(item_id)
        if self._desk.live.get(item_id) is not None:
            self._feed(self._area.open_page(item_id))  # it has grown while nobody looked

    def _on_ended(self, item_id: str) -> None:
        if item_id in self._desk.state.document.items:
            self._feed(self._area.open_page(item_id))
        else:
            before = self._desk.selection.before(item_id)
            self._area.close_page(item_id)  # which may turn to another page
            if before is not None or self._desk.selection.current_id == item_id:
                self._desk.selection.select(before)

    def _on_item(self, item_id: str) -> None:
        item = self._desk.state.document.items.get(item_id)
        if item is not None:
            self._area.set_title(item_id, item.name)
            self._feed(self._area.open_page(item_id))

    def _on_removed(self, item_id: str) -> None:
        desk = self._desk
        on_its_way = item_id in desk.computations.pending or item_id in desk.trainings.pending
        if not on_its_way and self._area.open_page(item_id) is not None:
            self._taken_away.add(item_id)
            self._area.close_page(item_id)

    def _on_back(self, item_id: str) -> None:
        """What undo or redo brings back is shown again."""
        if item_id in self._taken_away:
            self._taken_away.discard(item_id)
            self.open_page(item_id)
            self._desk.selection.select(item_id)

    def _on_selected(self) -> None:
        if self._restoring:
            return  # what is in front stays in front
        item_id = self._desk.selection.current_id or ""
        page = self._area.open_page(item_id)
        if page is not None and page not in self._area.shown_pages():
            self.open_page(item_id)
        elif not self._area.pages():
            self.open_page(item_id)  # nothing else is being looked at

    def _on_wanted(self, item_id: str, request: Request) -> None:
        """Compute what completes a picture, on the same network and data, and stay with that picture."""
        if (task := self._neighbours.task_beside(item_id, request)) is not None:
            self._attempt(lambda: self._desk.computations.submit_task(task))
            self.open_page(item_id)

    def _on_opened(self) -> None:
        """Open the pages that were open when the session was saved, as they were."""
        self._restoring = True
        self._taken_away.clear()
        self._fixed_views.clear()
        self._area.close_all()
        view = self._desk.state.document.view
        self._area.set_linked(view.get("linked") is not False)
        panes = view.get("panes")
        states = view.get("pages")
        shown = view.get("shown")
        with self._area.gathering():
            for side, ids in enumerate(panes if isinstance(panes, list) else []):
                for item_id in ids if isinstance(ids, list) else []:
                    self._put_back(str(item_id), _entry(states, str(item_id)), beside=side == 1)
            for item_id in shown if isinstance(shown, list) else []:
                self._area.turn_to(str(item_id))
        if panes is None and self._desk.state.document.results:
            self.open_page(self._desk.state.document.results[0].id)
        if "selection" in view:
            self._desk.selection.restore(view["selection"])
        self._restoring = False

    def _put_back(self, item_id: str, view: dict[str, object] | None, *, beside: bool) -> None:
        """A tab of the session; its page is made when somebody turns to it."""
        if (fixed := self._fixed.get(item_id)) is not None:
            page = WaitingPage(item_id, fixed.icon, partial(self._make_fixed, fixed, view), view)
            self._area.add_waiting(page, fixed.title, beside=beside)
        elif isinstance(self._desk.state.document.items.get(item_id), ResultItem | RunItem):
            make = partial(self._make_again, item_id, view)
            page = WaitingPage(item_id, self._source.icon_of(item_id), make, view)
            self._area.add_waiting(page, self._source.name_of(item_id), beside=beside)

    def _keep_view(self) -> None:
        self._fixed_views |= {page.item_id: page.look() for page in self._area.pages() if page.item_id in self._fixed}
        if not self._restoring:
            self._desk.state.set_view({**self._desk.state.view, **self._area.view_state()})

    def _attempt(self, work: Callable[[], object]) -> None:
        try:
            work()
        except CorrieError as error:
            self._desk.computations.failed.emit(explained(error))


def _entry(states: object, item_id: str) -> dict[str, object] | None:
    state = states.get(item_id) if isinstance(states, Mapping) else None
    return dict(state) if isinstance(state, Mapping) else None
