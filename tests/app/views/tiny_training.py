"""Trainings of a hundred weights on a few of the digits: over in a moment, well or badly."""

from collections.abc import Sequence
from random import Random

from app.actions.training import TrainingTask
from core.networks.card import InputCard
from core.session.document import DatasetItem
from core.training.recipe import TrainingRequest


def tiny_tasks(random: Random, fitting: Sequence[DatasetItem]) -> list[TrainingTask]:
    """One training, or a sweep of two."""
    return [
        TrainingTask(
            request=TrainingRequest(
                name="Tiny",
                architecture="mlp:64-2-10",
                input=InputCard(shape=(1, 8, 8), mean=(5.0,), std=(6.0,)),
                epochs=random.randint(1, 4),
                batch_size=random.choice((8, 16)),
                learning_rate=random.choice((0.05, 1e9)),  # the latter diverges
                samples=32,
                seed=seed,
            ),
            data=random.choice(fitting),
        )
        for seed in range(random.randint(1, 2))
    ]
