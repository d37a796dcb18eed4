"""What can be done with a run: go on, look at its network, take the network of an earlier epoch."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.actions.landscape import subject_of_selection, trajectory_of
from app.actions.training import resume_refusal
from app.views.made import chooser, named, text_label, with_icon
from core.session.document import Document, NetworkItem, RunItem
from core.session.fitting import FEWEST_CHECKPOINTS

NO_WAY = (
    "A trajectory needs {needed} checkpoints, and this run kept {kept}. Train again with “Checkpoints” in the training "
    "lab set to every few epochs."
)


class RunPanel(QWidget):
    """Buttons for one run; one that cannot be pressed says why."""

    resume_wanted = Signal()
    network_wanted = Signal(str)  # id of its network
    checkpoint_wanted = Signal(int)  # epoch
    trajectory_wanted = Signal(object)  # Task

    def __init__(self, item: RunItem, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run_panel")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        if item.run.status == "partial":
            refusal = resume_refusal(item, document)
            resume = named(with_icon(QPushButton("Resume"), "compute"), "resume")
            resume.setEnabled(not refusal)
            resume.clicked.connect(self.resume_wanted)
            layout.addWidget(resume)
            if refusal:
                layout.addWidget(text_label(refusal, "run.cannot_resume"))
        network = document.items.get(item.network_id)
        if isinstance(network, NetworkItem):
            select = named(with_icon(QPushButton("Select its network"), "network"), "run.network")
            select.setToolTip("To compute surfaces, spectra and corrections from it")
            select.clicked.connect(lambda: self.network_wanted.emit(network.id))
            layout.addWidget(select)
        about = subject_of_selection(document, item.id)
        if about is not None and (task := trajectory_of(about)) is not None and task.run_id == item.id:
            way = named(with_icon(QPushButton("Compute its trajectory"), "trajectory"), "run.trajectory")
            way.setToolTip("The way of the weights, seen along the two directions in which most of it went")
            way.clicked.connect(lambda: self.trajectory_wanted.emit(task))
            layout.addWidget(way)
        elif (kept := len(item.run.checkpoints)) < FEWEST_CHECKPOINTS:
            layout.addWidget(text_label(NO_WAY.format(kept=kept, needed=FEWEST_CHECKPOINTS), "run.no_trajectory"))
        self.epochs = chooser("run.epoch")
        self.epochs.setAccessibleName("Epoch of a checkpoint")
        for checkpoint in item.run.checkpoints:
            words = "before training" if checkpoint.epoch == 0 else f"after epoch {checkpoint.epoch}"
            self.epochs.addItem(words, checkpoint.epoch)
        self.epochs.setCurrentIndex(self.epochs.count() - 1)
        add = named(QPushButton("Add as a network"), "run.add_checkpoint")
        add.setToolTip("Put the weights of this checkpoint into the session as a network of its own")
        add.setEnabled(item.dataset_id in document.items)
        add.clicked.connect(lambda: self.checkpoint_wanted.emit(self.epochs.currentData()))
        row = QHBoxLayout()
        row.addWidget(self.epochs, 1)
        row.addWidget(add)
        layout.addLayout(row)
