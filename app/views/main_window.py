"""The main window: puts tree, pages, inspector and jobs together, and passes wishes between them."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar, QVBoxLayout, QWidget

from app.actions.computing import Computations, Task
from app.actions.leaving import what_becomes_of
from app.actions.menus import fill_menu_bar, fill_tool_bar
from app.actions.registry import ActionRegistry
from app.actions.wording import literal
from app.commands.history import History
from app.jobs.failure import JobFailure
from app.jobs.manager import JobManager
from app.state.settings import Settings
from app.theme.icons import icon
from app.theme.theme import Theme
from app.views.across.room import AcrossRoom
from app.views.banner import Banner
from app.views.cases.room import CasesRoom
from app.views.checking_bar import CheckingBar
from app.views.comparison.room import ComparisonRoom
from app.views.data.showing import close_data_windows, show_table_wizard
from app.views.desk import Desk
from app.views.dialogs import Dialogs
from app.views.inspector.inspector import Inspector
from app.views.jobs_panel import JobsPanel
from app.views.linking import link_result
from app.views.made import named, reload_icons
from app.views.menus.landscape_actions import choose_directions
from app.views.menus.save_actions import save
from app.views.menus.spectrum_actions import compute_along, compute_plane
from app.views.networks.room import NetworksRoom
from app.views.offer_bar import OfferBar
from app.views.page_keeper import PageKeeper
from app.views.recent_menu import RecentMenu
from app.views.recovery import Recovery
from app.views.review.room import ReviewRoom
from app.views.session_tree import SessionTree
from app.views.sizes.room import SizesRoom
from app.views.status import StatusLine
from app.views.training.room import TrainingRoom
from app.views.turntable_export import TurntableExport
from app.views.tutor.room import TutorRoom
from app.views.view_area import ViewArea
from app.views.welcome import Welcome
from app.views.window_actions import TOOL_BAR, window_actions
from app.views.window_look import WindowLook

LAYOUT_VERSION = 1
_log = logging.getLogger(__name__)
CLOSE_MILLISECONDS = 10_000


class MainWindow(QMainWindow):
    """Everything a user sees. What it shows lives in the `Desk`; what it does is in the actions."""

    def __init__(self, desk: Desk, theme: Theme, dialogs: Dialogs | None = None) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.desk, self.theme = desk, theme
        self._leaving = False
        self.dialogs = dialogs or Dialogs(self)
        self.banner, self.offers = Banner(theme), OfferBar(theme)
        self.checking = CheckingBar(desk.door.checks, theme)
        self.welcome = Welcome(desk.recents)
        self.area = ViewArea(self.welcome)
        self.tree = SessionTree(desk.state, desk.computations, desk.trainings, desk.selection)
        self.inspector = Inspector(desk.state, desk.computations, desk.trainings, desk.selection)
        self.jobs_panel = JobsPanel(desk.jobs)
        self.pages = PageKeeper(desk, self.area, self.inspector)
        self.networks_room = NetworksRoom(self)
        self.training_room = TrainingRoom(self)
        self.recovery = Recovery(self)
        self.comparison_room = ComparisonRoom(self)
        self.across_room = AcrossRoom(self)
        self.sizes_room = SizesRoom(self)
        self.cases_room = CasesRoom(self)
        self.tutor_room = TutorRoom(self)
        self.turntable_export = TurntableExport(self)
        self.review_room = ReviewRoom(self)
        self.actions_registry = ActionRegistry(window_actions(self), icon, self)
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.look = WindowLook(self)
        self._restore_layout()
        self._refresh()

    # What other objects of the window often need.
    @property
    def history(self) -> History:
        """Undo and redo."""
        return self.desk.history

    @property
    def jobs(self) -> JobManager:
        """The queue and the engine's thread."""
        return self.desk.jobs

    @property
    def computations(self) -> Computations:
        """Results on their way."""
        return self.desk.computations

    @property
    def settings(self) -> Settings:
        """What is remembered between two starts."""
        return self.desk.settings

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files of any kind, as menu, drop and command line do."""
        self.desk.door.open_paths(paths)

    def open_example(self) -> None:
        """Open the built-in example and compute its analyses."""
        self.desk.door.open_example()

    def _build(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.offers)
        column.addWidget(self.checking)
        column.addWidget(self.area, 1)
        self.setCentralWidget(middle)
        self.setDockOptions(self.DockOption.AnimatedDocks | self.DockOption.AllowNestedDocks)
        self._dock("Session", self.tree, Qt.DockWidgetArea.LeftDockWidgetArea, 290)
        self._inspector_dock = self._dock("Inspector", self.inspector, Qt.DockWidgetArea.RightDockWidgetArea, 320)
        review = self._dock("Review", self.review_room.panel, Qt.DockWidgetArea.RightDockWidgetArea, 320)
        self.review_room.dock = review
        self.lay_review(review)
        self._dock("Jobs and log", self.jobs_panel, Qt.DockWidgetArea.BottomDockWidgetArea, 150)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.addActions(self.actions_registry.actions())
        for action_id, text in (
            ("edit.undo", "Undo"),
            ("edit.redo", "Redo"),
            ("file.save", "Save"),
        ):  # the tool bar keeps its width
            self.actions_registry.action(action_id).setIconText(text)
            self.actions_registry.action(action_id).setPriority(QAction.Priority.LowPriority)  # known by their icons
        menus = fill_menu_bar(self.menuBar(), self.actions_registry)
        self.recent_menu = RecentMenu(menus["File/Open recent"], self.desk.recents)
        bar = named(QToolBar("Main tool bar", movable=False), "tool_bar")
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        fill_tool_bar(bar, self.actions_registry, TOOL_BAR)
        self.addToolBar(bar)
        self.status = StatusLine(self.desk.jobs)
        self.setStatusBar(self.status)

    def _dock(self, title: str, content: QWidget, area: Qt.DockWidgetArea, extent: int) -> QDockWidget:
        dock = named(QDockWidget(title), f"dock.{title.lower()}")
        dock.setWidget(content)
        dock.setFeatures(dock.features() & ~QDockWidget.DockWidgetFeature.DockWidgetFloatable)
        self.addDockWidget(area, dock)
        side = Qt.Orientation.Vertical if area is Qt.DockWidgetArea.BottomDockWidgetArea else Qt.Orientation.Horizontal
        self.resizeDocks([dock], [extent], side)
        return dock

    def lay_review(self, dock: QDockWidget) -> None:
        """Put the review behind the inspector; it is seen once there are notes, or somebody writes one."""
        self.tabifyDockWidget(self._inspector_dock, dock)
        dock.setVisible(bool(self.desk.state.document.notes))
        self.raise_inspector()

    def raise_inspector(self) -> None:
        """Bring the inspector before the review, where they share a place."""
        self._inspector_dock.raise_()

    def _connect(self) -> None:
        desk = self.desk
        desk.door.may_replace_document = self.may_leave_document
        desk.door.make_feature_card = lambda path: show_table_wizard(self, path)
        desk.door.example_ready.connect(self.pages.compute_all)
        desk.door.item_opened.connect(desk.selection.select)
        for source in (
            desk.door,
            desk.computations,
            desk.trainings,
            desk.checkpoints,
            desk.file,
            self.networks_room.evaluations,
        ):
            source.failed.connect(self.on_failed)  # bound methods: what ends after the window reaches nobody
        desk.computations.search_possible.connect(self._on_search_possible)
        desk.file.writing.connect(lambda path: self.status.showMessage(f"Writing {path}…"))
        desk.file.saved.connect(self._on_saved)
        desk.file.exported.connect(self._on_exported)
        desk.door.document_opened.connect(self._on_document_opened)
        self.welcome.chosen.connect(lambda name: self.actions_registry.action(name).trigger())
        self.welcome.file_chosen.connect(desk.door.open_path)
        self.recent_menu.chosen.connect(desk.door.open_path)
        self.pages.hovered.connect(self.status.show_hover)
        self.pages.along_wanted.connect(lambda item_id, chosen: compute_along(self, item_id, chosen))
        self.pages.plane_wanted.connect(lambda item_id, chosen: compute_plane(self, item_id, chosen))
        self.inspector.link_wanted.connect(lambda *wanted: link_result(self, *wanted))
        self.inspector.file_wanted.connect(lambda network_id: choose_directions(self, network_id))
        self.tree.opened.connect(self.pages.open_page)
        self.tree.remove_wanted.connect(self.pages.remove)
        self.tree.rename_wanted.connect(self.pages.rename)
        self.tree.menu_wanted.connect(self._show_item_menu)
        self.theme.changed.connect(self._on_theme_changed)
        for signal in (
            desk.history.changed,
            desk.selection.changed,
            desk.state.path_changed,
            desk.state.dirty_changed,
            desk.state.saveable_changed,
            desk.state.opened,
            self.area.changed,
            desk.jobs.job_queued,
            desk.jobs.job_finished,
        ):
            signal.connect(self._refresh)

    def on_failed(self, failure: JobFailure) -> None:
        """Say what went wrong, and write it down; the log has the details of what nobody foresaw, too."""
        _log.warning("%s%s", failure.message, "" if failure.kind == "explained" else f"\n{failure.details}")
        self.banner.show_failure(failure)
        self.jobs_panel.write(failure.message)

    def _on_search_possible(self, failure: JobFailure, task: Task) -> None:
        self.offers.offer(failure.message, (("Search these two", lambda: self.pages.compute(task)),))

    def _on_saved(self, path: Path) -> None:
        self.say(f"Saved {path}")

    def _on_exported(self, path: Path) -> None:
        self.say(f"Exported {path}")

    def _on_document_opened(self, path: Path) -> None:
        self.say(f"Opened {path}")

    def say(self, text: str) -> None:
        """Tell something in the status line and the log."""
        self.status.showMessage(text, 6000)
        self.jobs_panel.write(text)

    def _refresh(self) -> None:
        """Title and actions follow the document, the selection and the jobs."""
        state, history, registry = self.desk.state, self.desk.history, self.actions_registry
        only = " (read only)" if state.read_only else ""
        self.setWindowTitle(f"{self._session_name().replace('[*]', '[*][*]')}[*]{only} — Corrie")
        self.setWindowModified(state.dirty)
        registry.refresh()
        registry.set_text("edit.undo", f"&Undo {literal(history.undo_text)}".rstrip())
        registry.set_text("edit.redo", f"&Redo {literal(history.redo_text)}".rstrip())

    def _session_name(self) -> str:
        path = self.desk.state.path
        return "Untitled session" if path is None else path.name

    def _show_item_menu(self, item_id: str, place: QPoint) -> None:
        self.desk.selection.select(item_id)
        self.pages.item_menu(item_id, self.actions_registry, self).popup(place)

    def _on_theme_changed(self) -> None:
        self.actions_registry.reload_icons()
        self.area.reload_icons()
        reload_icons(self)
        self.tree.refill()

    def _restore_layout(self) -> None:
        if not self.restoreGeometry(QByteArray(self.settings.window_geometry)):
            self.resize(QSize(1360, 860).boundedTo(self.screen().availableSize()))
        self.restoreState(QByteArray(self.settings.window_layout), LAYOUT_VERSION)

    def may_leave_document(self, again: Callable[[], object], *, closing: bool = False) -> bool:
        """Ask about what would be lost: unsaved changes and running jobs. True if the document may be left.

        `closing` says that the window goes, too: trainings then leave their checkpoints. If the user wants to save,
        it may not be left yet: `again` is called once the file is safe.
        """
        file = self.desk.file
        if file.current is not None and not self.dialogs.wait_for_saving(file.current, lambda: file.busy):
            return False  # what is being saved need not be asked about
        if self.desk.state.dirty:
            answer = self.dialogs.ask_to_save(self._session_name())
            if answer == "save":
                save(self, again)
            if answer != "discard":
                return False
        jobs = self.jobs.jobs
        current, kept = self.jobs.current, self.desk.keeps.has_kept
        fates = what_becomes_of(jobs, current, self.desk.trainings, closing=closing, has_kept=kept)
        if jobs and not self.dialogs.confirm_stopping(fates):
            return False
        self.keep_look()
        return True

    def keep_look(self) -> None:
        """Remember how the session is looked at, without a question: it comes back with the file."""
        state = self.desk.state
        state.gather_view()
        if state.view_unsaved and not state.dirty:
            self.desk.looks.keep(state.document.document_id, self.desk.file.stamp, state.view)
        elif not state.dirty:
            self.desk.looks.forget(state.document.document_id)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_paths([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._leaving or not self.may_leave_document(self.close, closing=True):
            event.ignore()
            return
        self._leaving = True  # nothing is asked, and nothing begins, while the window waits for the engine
        self.desk.leave()
        self.desk.door.checks.stop()
        self.networks_room.close()
        close_data_windows(self)
        # What has not ended by then cannot be stopped half-way, such as opening a file. Its thread keeps nobody here.
        self.jobs.shutdown(CLOSE_MILLISECONDS)
        self.settings.window_geometry = bytes(self.saveGeometry().data())
        self.settings.window_layout = bytes(self.saveState(LAYOUT_VERSION).data())
        self.settings.save()
        event.accept()
