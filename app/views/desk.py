"""Everything the window works with that is no widget: made once, in the right order."""

from PySide6.QtCore import QObject

from app.actions.checkpoints import CheckpointNetworks
from app.actions.computing import Computations
from app.actions.judging import Judging
from app.actions.keeping import KeepsComputations
from app.actions.opening import FileDoor
from app.actions.saving import SessionFile
from app.actions.suggesting import Suggesting
from app.actions.training import Trainings
from app.commands.history import History
from app.jobs.manager import JobManager
from app.jobs.workbench import Workbench
from app.state.document_state import DocumentState
from app.state.live import LiveResults
from app.state.recents import RecentFiles
from app.state.selection import Selection
from app.state.settings import Settings


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
        self.keeps = KeepsComputations(self.state, self.computations, self.jobs, self)
        self.trainings = Trainings(self.state, self.history, self.live, self.jobs, self.workbench, self)
        self.checkpoints = CheckpointNetworks(self.state, self.history, self.jobs, self.workbench, self)
        self.judging = Judging(self.state, self.jobs, self.workbench, self)
        self.suggesting = Suggesting(self.state, self.jobs, self.workbench, self)
        self.door = FileDoor(self.state, self.history, self.jobs, self.workbench, self.recents, self)
        self.file = SessionFile(self.state, self.recents, self)
