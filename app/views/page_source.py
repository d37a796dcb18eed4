"""What a page is about: its name, what was asked for, what there is to show, and the page itself, fresh."""

from app.actions.computing import Pending
from app.views.data_to_test_on import data_to_test_on
from app.views.desk import Desk
from app.views.pages.cases_page import CasesPage
from app.views.pages.complexity_page import ComplexityPage
from app.views.pages.convexity_page import ConvexityPage
from app.views.pages.correction_page import CorrectionPage
from app.views.pages.curve_page import CurvePage
from app.views.pages.history_page import HistoryPage
from app.views.pages.initialisations_page import InitialisationsPage
from app.views.pages.joint_page import JointPage
from app.views.pages.page import Page
from app.views.pages.pairs_page import PairsPage
from app.views.pages.robustness_page import RobustnessPage
from app.views.pages.run_page import RunPage
from app.views.pages.spectrum_page import SpectrumPage
from app.views.pages.surface_page import SurfacePage
from app.views.pages.trajectory_page import TrajectoryPage
from core.exchange.subject import Subject
from core.naming import Request, kind_of
from core.session.document import DatasetItem, Item, NetworkItem, Result, ResultItem, RunItem
from core.training.run import Run

PAGES: dict[str, type[Page]] = {  # by kind of result
    "surface": SurfacePage,
    "curve": CurvePage,
    "trajectory": TrajectoryPage,
    "convexity": ConvexityPage,
    "initialisations": InitialisationsPage,
    "spectrum": SpectrumPage,
    "history": HistoryPage,
    "complexity": ComplexityPage,
    "robustness": RobustnessPage,
    "correction": CorrectionPage,
    "joint": JointPage,
    "cases": CasesPage,
    "pairs": PairsPage,
}


class PageSource:
    """Looks in the document, among what is on its way, and at what grows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def result_of(self, item_id: str) -> Result | Run | None:
        """What there is to show: the newest state of what is on its way, or what the document holds."""
        snapshot, item = self._desk.live.get(item_id), self._desk.state.document.items.get(item_id)
        if snapshot is not None:
            return snapshot  # type: ignore[return-value]  # engines give partials of their result's kind
        if isinstance(item, RunItem):
            return item.run
        return item.result if isinstance(item, ResultItem) else None

    def name_of(self, item_id: str) -> str:
        """What it is called; "" if there is no such item."""
        item, desk = self._desk.state.document.items.get(item_id), self._desk
        pending = desk.computations.pending.get(item_id) or desk.trainings.pending.get(item_id)
        return item.name if item is not None else pending.name if pending is not None else ""

    def has_page(self, item_id: str) -> bool:
        """Whether it is a result or a run, or will become one."""
        item, desk = self._desk.state.document.items.get(item_id), self._desk
        on_its_way = item_id in desk.computations.pending or item_id in desk.trainings.pending
        return on_its_way or isinstance(item, ResultItem | RunItem)

    def request_of(self, item_id: str) -> Request | None:
        """What was asked for; None for a run."""
        item, pending = self._desk.state.document.items.get(item_id), self._desk.computations.pending.get(item_id)
        if isinstance(item, ResultItem):
            return item.result.request
        return pending.request if pending is not None else None

    def icon_of(self, item_id: str) -> str:
        """The icon of its page, which need not be made for that."""
        return self._type_of(item_id).icon_name

    def page_of(self, item_id: str) -> Page:
        """A fresh page, which shows nothing yet."""
        kind = self._type_of(item_id)
        if kind is RobustnessPage:
            return self._robustness_page(item_id)
        if kind is SpectrumPage:
            return SpectrumPage(item_id, lambda: self._test_sets(item_id))
        if kind is JointPage:
            return self._joint_page(item_id)
        return self._correction_page(item_id) if kind is CorrectionPage else kind(item_id)

    def known_beside(self, item_id: str, request: Request) -> str:
        """The id of a complete result of that request, of the same network and data; "" if there is none."""
        network, data = self._belongs_to(item_id)
        if network is None or data is None:
            return ""
        belongs = network.id, data.id
        complete = [item for item in self._desk.state.document.results if item.result.status == "complete"]
        same = (item.id for item in complete if (item.network_id, item.dataset_id) == belongs)
        return next((one for one in same if self.request_of(one) == request), "")

    def subject_of(self, item_id: str) -> Subject:
        """Whose names and units the result has, in the document or on its way."""
        network, data = self._belongs_to(item_id)
        return Subject(
            title=self.name_of(item_id),
            network=network if isinstance(network, NetworkItem) else None,
            dataset=data if isinstance(data, DatasetItem) else None,
        )

    def _type_of(self, item_id: str) -> type[Page]:
        request = self.request_of(item_id)
        return RunPage if request is None else PAGES[kind_of(request)]

    def _robustness_page(self, item_id: str) -> RobustnessPage:
        network, data = self._belongs_to(item_id)
        classes = network.card.classes if isinstance(network, NetworkItem) else ()
        if isinstance(data, DatasetItem):
            return RobustnessPage(item_id, classes or data.classes, data.features)
        return RobustnessPage(item_id, classes)

    def _test_sets(self, item_id: str) -> tuple[DatasetItem, ...]:
        """Data of the session that this result can be tested on, as it is now."""
        network, data = self._belongs_to(item_id)
        if network is None or data is None:
            return ()
        return data_to_test_on(self._desk.state.document, network.id, data.id)

    def _belongs_to(self, item_id: str) -> tuple[Item | None, Item | None]:
        """Network and data of a result, in the document or on its way."""
        items = self._desk.state.document.items
        owner = self._desk.computations.pending.get(item_id) or items.get(item_id)
        if not isinstance(owner, ResultItem | Pending):
            return None, None
        return items.get(owner.network_id), items.get(owner.dataset_id)

    def _joint_page(self, item_id: str) -> JointPage:
        network, data = self._belongs_to(item_id)
        if isinstance(network, NetworkItem) and isinstance(data, DatasetItem) and data.features is None:
            return JointPage(item_id, network.card.input.shape)
        return JointPage(item_id)

    def _correction_page(self, item_id: str) -> CorrectionPage:
        network, data = self._belongs_to(item_id)
        features, classes = (data.features, data.classes) if isinstance(data, DatasetItem) else (None, ())
        if not isinstance(network, NetworkItem):
            return CorrectionPage(item_id, features, classes)
        return CorrectionPage(item_id, features, classes or network.card.classes, network.card.input.shape)
