"""A process that trains with checkpoints on disk as the window does, and dies in the middle without a word."""

import os
import sys

from app.actions.holding_out import hold_out
from app.actions.journal import Journal, KeptTraining, origin_of, training_folder
from core.data.builtin import open_builtin
from core.data.storing import store_dataset
from core.job import ControlledJob, JobContext
from core.runtime import prepare_torch
from core.training.checkpoints import CheckpointFolder
from core.training.engine import train_run
from core.training.inputs import standardised
from core.training.recipe import TrainingRequest
from core.training.run import Run

EPOCHS = 6


def request(name: str = "Tiny") -> TrainingRequest:
    """What the process trains."""
    card = standardised(open_builtin("digits"), JobContext())
    return TrainingRequest(
        name=name, architecture="mlp:64-16-10", input=card, epochs=EPOCHS, learning_rate=0.05, samples=1438
    )


def main(die_at: int, origin: str) -> None:
    """Train, and die once so many epochs are on the disk."""
    prepare_torch()  # as the window does: another number of threads rounds otherwise
    digits = open_builtin("digits")
    data = store_dataset(digits, origin=origin, keep=True)
    test = hold_out(data)
    kept = KeptTraining(training_folder() / "run-11112222")
    kept.begin(
        Journal(
            item_id="run-11112222",
            name="Tiny",
            data=origin_of(data),
            test=origin_of(test, data),
            sweep="Sweep of Tiny",
            waiting=(request("Second"),),
        )
    )
    folder = CheckpointFolder(kept.checkpoints)

    def look(run: object) -> None:
        if isinstance(run, Run) and run.epochs_done == die_at:
            folder.save(run)
            os._exit(9)

    train_run(request(), digits, test.data, ControlledJob(on_partial=look))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
