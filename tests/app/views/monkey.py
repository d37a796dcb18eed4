"""A monkey at the window: takes random actions, a hand on the mouse, and looks after each step whether all still fits.

Every action goes the way a person's goes: through an action of the menus, a signal of the tree or the inspector, a tab,
a mouse. The seed decides everything but the timing of the engine's thread.
"""

import contextlib
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.actions.computing import Pending, Task
from app.actions.training import PendingRun, resume_refusal
from app.jobs.job import ENDS, Job
from app.state.document_state import same_content
from app.views.networks.import_dialog import ImportDialog
from app.views.networks.networks_page import PAGE_ID as NETWORKS_PAGE
from app.views.pages.correction_page import CorrectionPage
from app.views.pages.surface_page import SurfacePage
from app.views.training.training_page import PAGE_ID as TRAINING_PAGE
from core.corrections.requests.rows import Wanted, request_for_row
from core.data.builtin import examples_folder
from core.errors import InvalidRequest
from core.session.document import NetworkItem
from core.session.files import save_document
from tests import documents
from tests.app.render.correction.hand import Hand
from tests.app.views.conftest import Driver
from tests.app.views.small_requests import small_request
from tests.app.views.tiny_training import tiny_tasks

NETWORKS = ("digits_resnet.toml", "digits_noshort.toml", "german_credit.toml")
NAMES = ("", "  ", "March", "a & b", "<b>bold</b>", "two\nlines", "x" * 3000, "&amp; <img src=nowhere>", "[*]")
FIXED_PAGES = {TRAINING_PAGE, NETWORKS_PAGE}
WEIGHTS = "digits_resnet.safetensors"
KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Escape, Qt.Key.Key_Right)


class Monkey:
    """Random actions by weight."""

    def __init__(self, driver: Driver, folder: Path, seed: int) -> None:
        self.driver, self.folder, self.random = driver, folder, random.Random(seed)
        self.window = driver.window
        self.done: list[str] = []  # what was done, to read when something fails
        self.hand: tuple[Hand, QPoint] | None = None  # the button is down since there
        self.jobs: list[Job[object]] = []
        self.ended: Counter[str] = Counter()
        self.kinds_shown: set[str] = set()
        self.first = driver.document  # the first document of the present session
        self.window.jobs.job_queued.connect(self.jobs.append)
        self.window.jobs.job_finished.connect(lambda job: self.ended.update([job.id]))
        self.window.desk.state.opened.connect(self._on_opened)
        self.sessions = [folder / "ready.corrie.h5"]
        save_document(documents.document(), self.sessions[0])
        self.bad = self._bad_files()
        self.actions: tuple[tuple[int, Callable[[], object]], ...] = (
            (4, self.open_network),
            (3, self.open_data),
            (1, self.open_bad_file),
            (1, self.open_session),
            (1, self.new_session),
            (6, self.compute),
            (2, self.press_a_compute_button),
            (3, self.stop),
            (2, self.resume),
            (3, self.remove),
            (3, self.rename),
            (6, self.undo_or_redo),
            (5, self.press_the_mouse),
            (5, self.move_the_mouse),
            (4, self.let_go_of_the_mouse),
            (3, self.nudge),
            (4, self.turn_to_a_page),
            (3, self.close_a_tab),
            (5, self.select),
            (3, self.change_the_view),
            (3, self.save),
            (1, self.export),
            (2, self.toggle),
            (2, self.train),
            (3, self.press_a_button_of_the_lab),
            (2, self.press_a_button_of_the_networks_page),
            (1, self.import_weights),
            (6, self.wait_a_little),
        )

    def run(self, steps: int) -> None:
        """Take so many steps, and look after each."""
        weights = [weight for weight, _ in self.actions]
        for _ in range(steps):
            action = self.random.choices(self.actions, weights)[0][1]
            self.done.append(action.__name__)
            action()
            self.check()
            for _ in range(self.random.randrange(3)):
                QApplication.processEvents()
            self.check()

    # ---- what a person does

    def open_network(self) -> None:
        self.window.open_paths([examples_folder() / self.random.choice(NETWORKS)])

    def open_data(self) -> None:
        name = self.random.choice(("digits.npz", "german_credit.csv"))
        if self.random.random() < 0.5:
            self.window.open_paths([examples_folder() / name])
        else:
            self.driver.trigger(f"open.{Path(name).stem}")

    def open_bad_file(self) -> None:
        self.window.open_paths([self.random.choice(self.bad)])

    def open_session(self) -> None:
        self._answer()
        self.driver.answers.files = [self.random.choice(self.sessions)]
        self.driver.trigger("open.session")

    def new_session(self) -> None:
        self._answer()
        self.driver.trigger("file.new")

    def compute(self) -> None:
        document = self.driver.document
        if not document.networks or not document.datasets or len(self.window.jobs.jobs) > 4:
            return
        network = self.random.choice(document.networks)
        fitting = [data for data in document.datasets if network.card.input.shape in (data.shape, (1, *data.shape))]
        data = self.random.choice(fitting or document.datasets)
        grid, samples = self.random.randint(3, 9), self.random.choice((8, 32))
        request = small_request(self.random, grid, samples)
        if data.features is not None and data.data is not None and self.random.random() < 0.7:
            row = self.random.choice((18, 10, 3, 2))  # some are accepted already, or rejected for good
            row = min(row, len(data.data) - 1)
            numbers = [f.name for f in data.features.features if f.kind != "category" and f.change != "fixed"]
            with contextlib.suppress(InvalidRequest):  # a value that may only grow, at its highest
                request = request_for_row(data.data, row, self.random.sample(numbers, 2), Wanted(), {})
        self.window.inspector.requested.emit(Task(request, network.id, data.id))

    def press_a_compute_button(self) -> None:
        if len(self.window.jobs.jobs) > 4:
            return
        buttons = [b for b in self.window.inspector.findChildren(QPushButton) if b.isEnabled()]
        if self.window.inspector.compute is not None:
            buttons = [b for b in buttons if b.objectName() in ("compute.correction", "correction.next")]
        if buttons:
            self.random.choice(buttons).click()

    def train(self) -> None:
        """A network of a hundred weights, or two of them, on a few of the digits."""
        fitting = [data for data in self.driver.document.datasets if data.shape == (8, 8) and data.data is not None]
        if not fitting or len(self.window.jobs.jobs) > 4:
            return
        self.window.training_room.start(tiny_tasks(self.random, fitting))

    def press_a_button_of_the_lab(self) -> None:
        self.driver.trigger("training.page")
        names = ("stop", "stop_sweep", "resume", "compare", "copy")
        page = self.window.area.page(TRAINING_PAGE)
        if (rows := page.runs.table.model_of_rows.rows) and self.random.random() < 0.7:
            page.runs.table.select_ids([row.id for row in self.random.sample(rows, min(len(rows), 2))])
        buttons = [page.findChild(QPushButton, f"training.{name}") for name in names]
        buttons.append(page.findChild(QPushButton, "comparison.back"))
        self._press(buttons)

    def press_a_button_of_the_networks_page(self) -> None:
        self.driver.trigger("networks.page")
        page = self.window.area.page(NETWORKS_PAGE)
        names = ("networks.evaluate", "card.apply", "card.revert", "card.remove", "data.remove")
        self._press([page.findChild(QPushButton, name) for name in names])

    def import_weights(self) -> None:
        """Weights without their card are asked about in a dialog: it is let be, called off or agreed to."""
        for dialog in self.window.findChildren(ImportDialog):
            self._press([dialog.findChild(QPushButton, f"import.{name}") for name in ("cancel", "accept")])
            return
        self.window.open_paths([examples_folder() / WEIGHTS])

    def _press(self, buttons: list[QPushButton | None]) -> None:
        ready = [button for button in buttons if button is not None and button.isVisible() and button.isEnabled()]
        if ready:
            self.random.choice(ready).click()

    def stop(self) -> None:
        pending = list(self._pending())
        if pending and self.random.random() < 0.5:
            self.window.inspector.stop_wanted.emit(self.random.choice(pending))
        else:
            self.driver.trigger(self.random.choice(("run.stop", "run.stop", "run.stop_all")))

    def resume(self) -> None:
        partial = [item.id for item in self.driver.results() if item.result.status == "partial"]
        partial += [run.id for run in self.driver.document.runs if not resume_refusal(run, self.driver.document)]
        if partial:
            self.window.inspector.resume_wanted.emit(self.random.choice(partial))

    def remove(self) -> None:
        if (item_id := self._any_id()) is not None:
            self.driver.select(item_id)
            self.driver.trigger("item.remove")

    def rename(self) -> None:
        if self.driver.document.items:
            item_id = self.random.choice(list(self.driver.document.items))
            self.window.tree._rows[item_id].setText(0, self.random.choice(NAMES))

    def undo_or_redo(self) -> None:
        self.driver.trigger(self.random.choice(("edit.undo", "edit.undo", "edit.redo")))

    def press_the_mouse(self) -> None:
        pages = [page for page in self.window.area.shown_pages() if isinstance(page, CorrectionPage)]
        if pages and self.hand is None:
            hand = Hand(self.random.choice(pages).slice)
            if hand.view.box is not None:
                start = hand.at(*hand.view.box.centre)
                hand.press(start)
                self.hand = hand, start

    def move_the_mouse(self) -> None:
        if self._hand() is not None:
            hand, start = self.hand
            hand.move(start + QPoint(self.random.randint(-80, 80), self.random.randint(-80, 80)))

    def let_go_of_the_mouse(self) -> None:
        if self._hand() is not None:
            hand, start = self.hand
            hand.release(start + QPoint(self.random.randint(-80, 80), self.random.randint(-80, 80)))
            self.hand = None

    def nudge(self) -> None:
        pages = [page for page in self.window.area.shown_pages() if isinstance(page, CorrectionPage)]
        if pages:
            Hand(pages[0].slice).key(self.random.choice(KEYS))

    def turn_to_a_page(self) -> None:
        if (item_id := self._any_id()) is not None:
            if self.random.random() < 0.5:
                self.window.pages.open_page(item_id, beside=self.random.random() < 0.5)
            else:
                self.driver.select(item_id)
                self.driver.trigger(self.random.choice(("item.open", "item.beside")))

    def close_a_tab(self) -> None:
        panes = [pane for pane in (self.window.area._left, self.window.area._right) if pane.count()]
        if panes:
            pane = self.random.choice(panes)
            index = self.random.randrange(pane.count())
            if self.random.random() < 0.5:
                pane.tabCloseRequested.emit(index)
            else:
                pane.setCurrentIndex(index)

    def select(self) -> None:
        rows = [*self.window.tree._rows.values(), self.random.choice(list(self.window.tree._groups.values()))]
        self.window.tree.setCurrentItem(self.random.choice(rows))

    def change_the_view(self) -> None:
        pages = [page for page in self.window.area.pages() if isinstance(page, SurfacePage)]
        if pages:
            page = self.random.choice(pages)
            if self.random.random() < 0.5:
                page.set_mode(self.random.choice(("relief", "contour")))
            else:
                page.limit_field.setValue(self.random.choice((0.01, 1.0, 10.0, 1e6)))

    def save(self) -> None:
        folder = self.folder if self.random.random() < 0.9 else self.folder / "missing"
        self.driver.answers.target = folder / f"saved{self.random.randrange(3)}.corrie.h5"
        self.driver.trigger(self.random.choice(("file.save", "file.save_as")))
        self.sessions = [self.sessions[0], *sorted(self.folder.glob("saved*.corrie.h5"))]

    def export(self) -> None:
        self.driver.answers.target = self.folder / f"result.{self.random.choice(('csv', 'npz', 'strange'))}"
        self.driver.trigger("item.export")

    def toggle(self) -> None:
        self.driver.trigger(self.random.choice(("view.linked", "theme.dark", "theme.light", "view.reset_layout")))

    def wait_a_little(self) -> None:
        if self.random.random() < 0.5:
            self.driver.wait_for_jobs()
        else:
            self.driver.wait(lambda: len(self.window.jobs.jobs) <= 1)

    # ---- what must hold

    def check(self) -> None:
        """Whether tree, pages, inspector, selection, actions and jobs all tell the same story."""
        desk, document = self.window.desk, self.driver.document
        items, pending = document.items, self._pending()
        rows = self.window.tree._rows
        assert set(rows) == set(items) | set(pending)
        for item_id, row in rows.items():
            assert row.text(0) == (items[item_id].name if item_id in items else pending[item_id].name)
        open_pages = {page.item_id for page in self.window.area.pages()}
        assert open_pages <= {item.id for item in (*document.results, *document.runs)} | set(pending) | FIXED_PAGES
        assert self.window.area._stack.currentIndex() == (1 if open_pages else 0)
        self.kinds_shown |= {type(page).__name__ for page in self.window.area.shown_pages()}
        selected = desk.selection.current_id
        assert selected is None or selected in rows
        current = self.window.tree.currentItem()
        assert (current is rows[selected]) if selected is not None else (current not in rows.values())
        self._check_inspector(selected)
        self._check_actions(selected)
        self._check_jobs()
        saved = desk.state.saved
        assert desk.state.dirty == (saved is None or not same_content(document, saved))
        assert self.window.isWindowModified() == desk.state.dirty
        assert self.window.width() <= 1400  # no long name has stretched it

    def _check_inspector(self, selected: str | None) -> None:
        inspector, items = self.window.inspector, self.driver.document.items
        labels = [label.text() for label in inspector.widget().findChildren(QLabel)]
        pending = self._pending().get(selected or "")
        if selected is None:
            assert "Select a network" in labels[0]
        else:
            title = labels[0].replace("\u200b", "").rstrip("…")  # without the places where it may break
            assert title in " ".join((pending or items[selected]).name.split())
        assert (inspector.compute is not None) == (
            pending is None and isinstance(items.get(selected or ""), NetworkItem)
        )
        stop = inspector.findChild(QPushButton, "stop")
        assert (stop is not None) == (pending is not None)

    def _check_actions(self, selected: str | None) -> None:
        enabled = {spec.id: self.window.actions_registry.action(spec.id).isEnabled() for spec in self._specs()}
        history, state, document = self.window.history, self.window.desk.state, self.driver.document
        assert enabled["edit.undo"] == history.can_undo
        assert enabled["edit.redo"] == history.can_redo
        assert enabled["run.stop"] == enabled["run.stop_all"] == bool(self.window.jobs.jobs)
        assert enabled["item.remove"] == enabled["item.rename"] == (selected in state.document.items)
        assert enabled["item.export"] == (selected in {item.id for item in (*document.results, *document.runs)})
        assert enabled["file.save"] == (state.dirty or state.path is None or state.view_unsaved)
        assert enabled["edit.copy_picture"] == bool(self.window.area.pages())

    def _check_jobs(self) -> None:
        alive = {job.id for job in self.window.jobs.jobs}
        for job in self.jobs:
            assert (job.state in ENDS) == (job.id not in alive)
            assert self.ended[job.id] == (1 if job.state in ENDS else 0)
        for pending in self._pending().values():
            assert not pending.job.is_over
        assert set(self.window.desk.live.keys()) <= set(self._pending())

    def finish(self) -> None:
        """Let the jobs end and undo all the way back to the first document."""
        self.let_go_of_the_mouse()
        self.driver.wait_for_jobs()
        self.check()
        while self.window.history.can_undo:
            self.driver.trigger("edit.undo")
            self.check()
        assert same_content(self.driver.document, self.first)

    # ---- helpers

    def _pending(self) -> dict[str, Pending | PendingRun]:
        """Results and runs that are on their way."""
        return {**self.window.computations.pending, **self.window.desk.trainings.pending}

    def _specs(self):
        return self.window.actions_registry.specs

    def _hand(self) -> Hand | None:
        """The hand, if the picture it is on is still there."""
        if self.hand is not None and all(
            self.hand[0].view is not page.slice
            for page in self.window.area.shown_pages()
            if isinstance(page, CorrectionPage)
        ):
            self.hand = None
        return None if self.hand is None else self.hand[0]

    def _any_id(self) -> str | None:
        return self.random.choice(list(self.window.tree._rows) or [None])

    def _answer(self) -> None:
        self.driver.answers.stop = self.random.random() < 0.8
        self.driver.answers.to_save = self.random.choice(("save", "discard", "discard", "cancel"))
        self.driver.answers.target = self.folder / "left.corrie.h5"

    def _on_opened(self) -> None:
        self.first = self.driver.document

    def _bad_files(self) -> list[Path]:
        text, empty = self.folder / "text.corrie.h5", self.folder / "empty.npz"
        text.write_text("not HDF5")
        np.savez(empty, x=np.zeros((0, 8, 8)), y=np.zeros(0, int))
        (self.folder / "strange.xyz").write_text("?")
        (self.folder / "broken.toml").write_text("name = ")
        return [text, empty, *(self.folder / n for n in ("strange.xyz", "broken.toml", "none.npz", "none.corrie.h5"))]
