"""The learning rate through the epochs: the papers' drops, and none where training ends."""

import pytest

from core.networks.card import InputCard
from core.training.recipe import TrainingRequest, drop_epochs
from core.training.schedule import scheduled_rate


def recipe(epochs: int, milestones: tuple[float, ...] = (0.5, 0.75, 0.9167)) -> TrainingRequest:
    return TrainingRequest(
        name="n", architecture="m1", input=InputCard(shape=(4,)), epochs=epochs, milestones=milestones
    )


def test_three_hundred_epochs_drop_after_150_225_and_275_as_in_the_paper() -> None:
    request = recipe(300)
    assert request.drops == (150, 225, 275)
    rates = {epoch: scheduled_rate(request, epoch) for epoch in (1, 150, 151, 225, 226, 275, 276, 300)}
    expected = {1: 0.1, 150: 0.1, 151: 0.01, 225: 0.01, 226: 0.001, 275: 0.001, 276: 0.0001, 300: 0.0001}
    assert rates == pytest.approx(expected)


@pytest.mark.parametrize(
    ("milestones", "epochs", "after"),
    [((0.1, 0.5), 2, (1, 1)), ((0.5,), 1, ()), ((1.0, 2.0), 10, ()), ((), 10, ()), ((1 / 3, 2 / 3), 90, (30, 60))],
)
def test_the_rate_never_drops_before_the_first_epoch_nor_at_the_end(
    milestones: tuple[float, ...], epochs: int, after: tuple[int, ...]
) -> None:
    assert drop_epochs(milestones, epochs) == after
