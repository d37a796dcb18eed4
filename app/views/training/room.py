"""What the main window has to do with training: its page, its wishes, and trainings that were interrupted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from app.actions.opening import explained
from app.actions.training import TrainingTask
from app.recovery.trainings import Interrupted, InterruptedTrainings
from app.views.pages.fixed_page import FixedPage
from app.views.restoring_offer import RestoringOffer, listed
from app.views.training.training_page import PAGE_ID, TrainingPage
from core.errors import CorrieError
from core.naming import Request
from core.session.document import RunItem

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


T = TypeVar("T")


class TrainingRoom(QObject):
    """Made once by the main window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        desk = window.desk
        self.interrupted = InterruptedTrainings(desk.state, desk.history, desk.jobs, desk.workbench, desk.held, self)
        window.pages.add_fixed(
            FixedPage(id=PAGE_ID, title="Training lab", icon=TrainingPage.icon_name, make=self._make_page)
        )
        self._restoring_offer = RestoringOffer(window, self.interrupted, _sentence)
        self.interrupted.waiting.connect(self._offer_rest)
        self.interrupted.failed.connect(desk.trainings.failed)

    def show_page(self) -> None:
        """Turn to the training lab."""
        self._window.pages.open_page(PAGE_ID)

    def start(self, tasks: Sequence[TrainingTask]) -> None:
        """Train these, as a sweep if they are several."""
        trainings = self._window.desk.trainings
        if len(tasks) > 1:
            sweep = self._free_sweep(f"Sweep of {tasks[0].request.name.partition(' · ')[0]}")
            tasks = [replace(task, sweep=sweep) for task in tasks]
        ids = self._attempt(lambda: trainings.submit_sweep(tasks))
        page = self._window.area.page(PAGE_ID)
        if ids and isinstance(page, TrainingPage):
            page.select_runs(ids)

    def resume(self, ids: Sequence[str]) -> None:
        """Go on with these partial runs, one after another."""
        for run_id in ids:
            item = self._window.desk.state.document.items.get(run_id)
            if isinstance(item, RunItem):
                self._attempt(partial(self._window.desk.trainings.resume, item))

    def compute_both(self, request: Request, ids: tuple[str, str]) -> None:
        """Compute the same of the networks of two runs, and show both side by side."""
        document = self._window.desk.state.document
        runs = [item for run_id in ids if isinstance(item := document.items.get(run_id), RunItem)]
        for side, run in enumerate(runs):
            submit = self._window.desk.computations.submit
            submitted = self._attempt(partial(submit, request, run.network_id, runs[0].dataset_id))
            if submitted is not None:
                self._window.pages.show_on_side(submitted, right=side == 1)

    def _make_page(self) -> TrainingPage:
        window, desk = self._window, self._window.desk
        page = TrainingPage(desk.state, desk.live, desk.trainings)
        page.start_wanted.connect(self.start)
        page.data_wanted.connect(lambda action: window.actions_registry.action(action).trigger())
        page.open_wanted.connect(window.pages.open_page)
        page.remove_wanted.connect(window.pages.remove)
        page.surfaces_wanted.connect(self.compute_both)
        page.spectra_wanted.connect(self.compute_both)
        page.runs.stop_wanted.connect(desk.trainings.stop)
        page.runs.stop_sweep_wanted.connect(desk.trainings.stop_sweep)
        page.runs.resume_wanted.connect(self.resume)
        return page

    def _free_sweep(self, name: str) -> str:
        desk = self._window.desk
        taken = {run.sweep for run in desk.state.document.runs} | {run.sweep for run in desk.trainings.pending.values()}
        names = (name if number == 1 else f"{name} ({number})" for number in count(1))
        return next(candidate for candidate in names if candidate not in taken)

    def _attempt(self, work: Callable[[], T]) -> T | None:
        try:
            return work()
        except CorrieError as error:
            self._window.desk.trainings.failed.emit(explained(error))
            return None

    # ---- after an unexpected end

    def _offer_rest(self, sweep: str, tasks: tuple[TrainingTask, ...]) -> None:
        text = f"{len(tasks)} runs of “{sweep}” had" if len(tasks) > 1 else f"One run of “{sweep}” had"
        text += " not begun."
        trainings = self._window.desk.trainings
        self._window.offers.offer(text, (("Train them now", lambda: trainings.submit_sweep(tasks)),))


def _sentence(found: Sequence[Interrupted]) -> str:
    words = listed([one.words for one in found])
    return f"Training of {words} was interrupted." if len(found) == 1 else f"Trainings were interrupted: {words}."
