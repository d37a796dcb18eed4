"""Everything the window works with that is no widget: made once, in the right order."""

from PySide6.QtCore import QObject

from app.actions.checkpoints import CheckpointNetworks
from app.actions.claiming import Claims
from app.actions.computing import Computations
from app.actions.holding_until_kept import HeldUntilKept
from app.actions.judging import Judging
from app.actions.opening import FileDoor
from app.actions.saving import SessionFile
from app.actions.suggesting import Suggesting
from app.actions.training import Trainings
from app.commands.history import History
from app.jobs.manager import JobManager
from app.jobs.workbench import Workbench
from app.recovery.keeping_computations import KeepsComputations
from app.recovery.keeping_session import KeepsSession
from app.state.document_state import DocumentState
from app.state.last_looks import LastLooks
from app.state.live import LiveResults
from app.state.recents import RecentFiles
from app.state.selection import Selection
from app.state.settings import Settings
from core.places import user_data_folder


class Desk(QObject):
    """The document with its history, what is selected, what runs, and the doors for files."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.state = DocumentState(self)
        self.history = History(self.state, self)
        self.selection = Selection(self.state, self)
        self.live = LiveResults(self)
        self.jobs = JobManager(self)
        self.workbench = Workbench()
        self.recents = RecentFiles(settings, self)
        self.computations = Computations(self.state, self.history, self.live, self.jobs, self.workbench, self)
        self.held = HeldUntilKept(self.state, self)
        self.keeps = KeepsComputations(self.state, self.computations, self.jobs, self.held, self)
        self.trainings = Trainings(self.state, self.history, self.live, self.jobs, self.workbench, self.held, self)
        self.checkpoints = CheckpointNetworks(self.state, self.history, self.jobs, self.workbench, self)
        self.judging = Judging(self.state, self.jobs, self.workbench, self)
        self.suggesting = Suggesting(self.state, self.jobs, self.workbench, self)
        self.looks = LastLooks(user_data_folder("looks"))
        self.door = FileDoor(self.state, self.history, self.jobs, self.workbench, self.recents, self.looks, self)
        self.claims = Claims(self.state, self)
        self.file = SessionFile(self.state, self.recents, self)
        self.file.written.connect(self.held.on_kept)
        self.keeps_session = KeepsSession(self.state, self.file, self.jobs, self)
        self.keeps_session.kept.connect(self.held.on_kept)

    def leave(self) -> None:
        """The window goes, and everybody was asked about what is unsaved: nothing of it is kept."""
        self.held.drop()
        self.keeps_session.give_up()
        self.claims.release()
