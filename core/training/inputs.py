"""How the inputs of a network to be trained are normalised where nobody says otherwise."""

from core.data.dataset import Dataset
from core.data.summary import channel_axis, summarise
from core.job import JobContext
from core.networks.card import InputCard
from core.networks.preprocessing import rounded_statistics

DIGITS = 7  # of a standard deviation


def input_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a network's input for samples of this shape: channels first, one channel where there are none."""
    axis = channel_axis(shape)
    if axis == 2:
        return (shape[2], *shape[:2])
    return (1, *shape) if len(shape) == 2 else shape


def standardised(data: Dataset, job: JobContext) -> InputCard:
    """Inputs with the data's own mean 0 and deviation 1, per channel or column.

    What never varies keeps its deviation of 1, so that it becomes 0 and not NaN.
    """
    summary = summarise(data, job)
    mean, std = rounded_statistics(summary.mean, summary.std, summary.low, summary.high, DIGITS)
    return InputCard(shape=input_shape(data.x.shape[1:]), mean=mean, std=std)


def output_count(data: Dataset) -> int:
    """Outputs of a network for these data: one per class, or per number to be predicted."""
    if data.task == "regression":
        return len(data.target_names)
    return len(data.classes) or int(data.y.max()) + 1
