"""A network that recognises one drawing, trained in the training lab on what `examples` makes of it."""

from dataclasses import dataclass, field, replace

import numpy as np
import torch

from core.corrections.tutor.examples import ExamplesRequest, examples_by_kind, make_examples
from core.data.dataset import Dataset
from core.data.drawings.strokes import FIELDS, SLOTS
from core.job import JobContext, Stage
from core.networks.card import InputCard
from core.networks.network import Network
from core.training.engine import train_run, trained_network
from core.training.recipe import TrainingRequest
from core.training.run import Run

HELD_OUT = 2000  # drawings that are made anew to test on
HELD_OUT_SEED = 1_000_003  # far from any seed that is counted up
INPUT = InputCard(shape=(FIELDS, SLOTS), mean=(128.0,), std=(64.0,))  # pixels; an empty slot becomes 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Recogniser:
    """A trained network, what it learnt from, and how well it does on drawings that it has not seen."""

    network: Network = field(repr=False)
    run: Run = field(repr=False)
    data: Dataset = field(repr=False)
    accuracy: float  # on held-out drawings, half of them jitters: 0 to 1
    kinds: tuple[tuple[str, float], ...]  # of drawings, and the share of held-out ones of that kind it is right about


def recogniser_recipe(epochs: int = 12, *, width: int = 8, seed: int = 0) -> TrainingRequest:
    """How a recogniser is trained: the drawing network of Zhang et al. 2018, in a minute or less on one core."""
    return TrainingRequest(
        name="Recogniser of one drawing",
        architecture=f"drawing_w{width}",
        input=INPUT,
        epochs=epochs,
        batch_size=64,
        optimizer="adam",
        learning_rate=2e-3,
        milestones=(0.5, 0.75),
        decay=0.3,
        weight_decay=0.0,
        seed=seed,
        description="Drawing tutor, after Zhang et al. 2018: is this the canonical drawing?",
    )


def train_recogniser(request: ExamplesRequest, job: JobContext, recipe: TrainingRequest | None = None) -> Recogniser:
    """Make drawings, train on them, and test on others.

    Raises
    ------
    InvalidRequest
        If the canonical drawing has too few or too many lines.
    Cancelled
        From ``job.check``; a partial `Run` went to ``job.partial`` if there was one.
    """
    data = make_examples(request, Stage(job, "examples", relay_partial=False))
    unseen = replace(request, samples=HELD_OUT, seed=HELD_OUT_SEED + request.seed)
    held_out = make_examples(unseen, Stage(job, "held-out examples", relay_partial=False))
    run = train_run(recipe or recogniser_recipe(), data, held_out, job)
    network = trained_network(run, data)
    return Recogniser(
        network=network,
        run=run,
        data=data,
        accuracy=float((verdicts(network, held_out.x) == held_out.y).mean()),
        kinds=tuple(
            (kind, float((verdicts(network, x) == wanted).mean())) for kind, wanted, x in examples_by_kind(unseen)
        ),
    )


def verdicts(network: Network, x: np.ndarray) -> np.ndarray:
    """The class (n,) of each drawing (n, 4, slots)."""
    with torch.inference_mode():
        said: np.ndarray = network.module(network.normalise(x)).argmax(dim=1).cpu().numpy()
    return said
