"""Small but realistic runs for tests of files and windows: curves that fall, checkpoints that fit. No torch."""

import numpy as np

from core.networks.card import InputCard
from core.provenance import Provenance
from core.session.document import RunItem
from core.training.recipe import AdaptiveBatch, RobustTraining, TrainingRequest
from core.training.run import Checkpoint, Run, TrainingState
from tests.documents import CREATED, weights

RECIPE = TrainingRequest(
    name="MLP",
    architecture="mlp:6-8-2",
    input=InputCard(shape=(6,)),
    epochs=4,
    batch_size=10,
    learning_rate=0.05,
    checkpoint_every=2,
    curvature_samples=20,
    robust=RobustTraining(attack="pgd", epsilon=0.05),
    adaptive=AdaptiveBatch(),
)


def run(*, epochs: int = 4, request: TrainingRequest = RECIPE, seed: int = 0) -> Run:
    """A run that has done so many epochs; partial, with what it needs to go on, if more were asked for."""
    numbers = np.random.default_rng(seed)
    epoch = np.arange(epochs + 1)
    steps = 4 * epochs
    falling = 0.7 * np.exp(-epoch / 3)
    done = [0, *(e for e in range(2, epochs, 2)), *([epochs] if epochs else [])]
    partial = epochs < request.epochs
    return Run(
        request=request,
        status="partial" if partial else "complete",
        epoch=epoch.astype(np.int64),
        step=(4 * epoch).astype(np.int64),
        train_loss=falling,
        train_accuracy=1 - falling / 2,
        test_loss=falling + 0.1,
        test_accuracy=0.95 - falling / 2,
        gradient_norm=falling * 3,
        top_eigenvalue=np.where(epoch == 0, np.nan, 5 + epoch),
        learning_rate=np.full(epochs + 1, request.learning_rate),
        batch_size=np.full(epochs + 1, request.batch_size, dtype=np.int64),
        seconds=0.5 * epoch,
        batch_loss=numbers.uniform(0.1, 0.9, steps).astype(np.float32),
        checkpoints=tuple(Checkpoint(epoch=e, step=4 * e, weights=weights(seed + e)) for e in done),
        state=_state() if partial else None,
        test_sha256="ab" * 32,
        provenance=Provenance(
            network_sha256="",
            data_sha256="cd" * 32,
            samples=40,
            seconds=2.0,
            threads=1,
            dtype="float32",
            device="cpu",
            versions={"corrie": "0.1.0"},
        ),
    )


def run_item(item_id: str = "run-1", **what: object) -> RunItem:
    """A run as an item of a document that holds nothing else."""
    return RunItem(id=item_id, name=f"Run {item_id}", created_utc=CREATED, dataset_id="", sweep="", run=run(**what))  # type: ignore[arg-type]


def _state() -> TrainingState:
    return TrainingState(
        arrays={"momentum/1.weight": weights(9)["1.weight"], "generator": np.arange(16, dtype=np.uint8)},
        numbers={"step": 8, "reference": 12.5},
    )
