"""The learning rate through the epochs."""

from core.training.recipe import TrainingRequest


def scheduled_rate(request: TrainingRequest, epoch: int) -> float:
    """The learning rate of an epoch, counted from 1: decayed at every milestone that lies behind.

    A milestone is never before the end of the first epoch: half of one epoch would round to a start at a decayed rate.
    """
    rate = request.learning_rate
    for share in request.milestones:
        if epoch > max(1, round(share * request.epochs)):
            rate *= request.decay
    return rate
