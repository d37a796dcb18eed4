"""The learning rate through the epochs."""

from core.training.recipe import TrainingRequest


def scheduled_rate(request: TrainingRequest, epoch: int) -> float:
    """The learning rate of an epoch, counted from 1: decayed at every milestone that lies behind."""
    rate = request.learning_rate
    for drop in request.drops:
        if epoch > drop:
            rate *= request.decay
    return rate
