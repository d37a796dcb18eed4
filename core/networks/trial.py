"""A first look at a network on data: what it says of some samples, and whether it is fed as it was in training."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from core.data.dataset import Dataset
from core.data.order import spread, spread_rows
from core.job import JobContext
from core.networks.card import InputCard
from core.networks.loss import per_sample_loss
from core.networks.network import Network, arranged
from core.networks.parameters import evaluation_mode
from core.networks.preprocessing import usual_preprocessings

BATCH = 32  # a deep network takes a tenth of a second for these, and the job may be stopped after each
FEW = 128  # samples on which other ways to feed the network are tried first
MOST_WAYS = 3  # that are tried on all samples
CLEARLY = 0.1  # by so much more of the samples must be right before another way is called better
DEVIATIONS = 3.0  # standard errors that chance may explain


Way = tuple[str, InputCard, float]  # to feed a network: its name, the card, and the accuracy it reaches


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """What a network says of some samples of a data set, taken from all over it."""

    samples: int
    accuracy: float  # NaN where numbers are predicted
    loss: float  # mean cross-entropy in nats, or mean squared error, of the samples that have one
    chance: float  # share of the most frequent label: what always saying that class would reach; NaN for numbers
    rows: npt.NDArray[np.int64]  # (samples,) of the data set, in its order
    verdicts: npt.NDArray[np.int64]  # (samples,), −1 where the outputs are not finite; empty for numbers
    labels: npt.NDArray[np.int64]  # (samples,), empty for numbers
    confidences: npt.NDArray[np.float64]  # (samples,) softmax of the verdict, NaN where there is none
    warning: str  # "" or one sentence
    better: tuple[Way, ...]  # ways to feed it that do clearly better, best first: accuracy


def try_network(
    network: Network,
    data: Dataset,
    job: JobContext = JobContext(),  # noqa: B008  it has no state
    samples: int = 512,
) -> Trial:
    """Run a network on samples from all over the data, and look for signs that it is not fed as it was in training.

    Where less than 90 % are right the usual preprocessings are tried as well, first on a few samples, and those that
    do clearly better on all of them.

    Raises
    ------
    DataError
        If the samples' shape is not the network's.
    Cancelled
        If the job is stopped.
    """
    rows = spread_rows(len(data), samples)  # from all over the file: many are sorted by class
    used = spread(data, samples)
    outputs = _outputs(network, used.x, job, "samples")
    if data.task == "regression":
        return _of_numbers(used, rows, outputs)
    labels = used.y.astype(np.int64)
    verdicts, confidences = _said(outputs)
    accuracy = float((verdicts == labels).mean())
    chance = float(np.unique(labels, return_counts=True)[1].max() / len(labels))
    inside = (labels >= 0) & (labels < outputs.shape[1])
    floor = max(accuracy, chance)  # what another way must beat
    better = _better(network, used.x, labels, floor, job) if inside.any() else ()
    warning = (
        _outside(network, used, rows, inside, outputs.shape[1])
        or _not_finite(network, verdicts)
        or _better_way(network, used, labels, (accuracy, floor), better, job)
        or _no_better_than_chance(network, used, verdicts, accuracy, chance)
    )
    return Trial(
        samples=len(used),
        rows=rows,
        accuracy=accuracy,
        loss=_loss(outputs, labels, inside),
        chance=chance,
        verdicts=verdicts,
        labels=labels,
        confidences=confidences,
        warning=warning,
        better=better,
    )


def _outputs(network: Network, x: npt.NDArray[np.generic], job: JobContext, text: str) -> Tensor:
    """(n, outputs), whatever numbers they are."""
    said = []
    with evaluation_mode(network.module), torch.inference_mode():
        for start in range(0, len(x), BATCH):
            job.check()
            said.append(network.module(network.normalise(x[start : start + BATCH])))
            job.progress(min(start + BATCH, len(x)), len(x), text)
    return torch.cat(said)


def _said(outputs: Tensor) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    finite = torch.isfinite(outputs).all(dim=1)
    confidences, verdicts = outputs.double().softmax(dim=1).max(dim=1)
    verdicts[~finite], confidences[~finite] = -1, math.nan
    return verdicts.numpy().astype(np.int64), confidences.numpy().astype(np.float64)


def _loss(outputs: Tensor, labels: npt.NDArray[np.int64], inside: npt.NDArray[np.bool_]) -> float:
    if not inside.any():
        return math.nan
    rows = torch.from_numpy(inside)
    return float(per_sample_loss(outputs[rows], torch.from_numpy(labels[inside])).double().mean())


def _of_numbers(used: Dataset, rows: npt.NDArray[np.int64], outputs: Tensor) -> Trial:
    """A network that predicts numbers: told to be of no use where the mean of the targets would do as well."""
    targets = used.y.reshape(len(used), -1).astype(np.float64)
    none = np.empty(0, dtype=np.int64)
    loss, warning = math.nan, ""
    if targets.shape[1] != outputs.shape[1]:
        warning = (
            f"The data give {targets.shape[1]} numbers to be predicted, but the network has {outputs.shape[1]} "
            "outputs: are these the data it was trained on?"
        )
    else:
        loss = float(np.mean((outputs.double().numpy() - targets) ** 2))
        spread = float(np.mean((targets - targets.mean(axis=0)) ** 2))
        if not loss < spread:
            warning = (
                f"Its mean squared error is {loss:.3g}, but always saying the mean would have {spread:.3g}: "
                "are mean and std those of training, and are these its data?"
            )
    return Trial(
        samples=len(used),
        rows=rows,
        accuracy=math.nan,
        loss=loss,
        chance=math.nan,
        verdicts=none,
        labels=none,
        confidences=np.empty(0),
        warning=warning,
        better=(),
    )


def _accuracy(network: Network, x: npt.NDArray[np.generic], labels: npt.NDArray[np.int64], job: JobContext) -> float:
    verdicts, _ = _said(_outputs(network, x, job, "other preprocessings"))
    return float((verdicts == labels).mean())


def _fed(network: Network, inputs: InputCard) -> Network:
    return replace(network, card=replace(network.card, input=inputs))


def _clearly_better(one: float, other: float, samples: int) -> bool:
    error = math.sqrt((one * (1 - one) + other * (1 - other)) / samples)
    return one - other > max(CLEARLY, DEVIATIONS * error)


def _better(
    network: Network, x: npt.NDArray[np.generic], labels: npt.NDArray[np.int64], floor: float, job: JobContext
) -> tuple[Way, ...]:
    """The usual ways to feed the network that do clearly better than its card, the best first."""
    if floor >= 1 - CLEARLY:
        return ()
    first, ways = [], usual_preprocessings(network.card.input.shape, arranged(x, network.card.input.shape))
    few = spread_rows(len(labels), FEW)
    for name, inputs in ways:
        if inputs != network.card.input:
            reached = _accuracy(_fed(network, inputs), x[few], labels[few], job)
            if _clearly_better(reached, floor, min(FEW, len(labels))):
                first.append((name, inputs, reached))
    found = []
    for name, inputs, reached in sorted(first, key=_accuracy_first)[:MOST_WAYS]:
        whole = reached if len(labels) <= FEW else _accuracy(_fed(network, inputs), x, labels, job)
        if _clearly_better(whole, floor, len(labels)):
            found.append((name, inputs, whole))
    return _ranked(found, [name for name, _ in ways], len(labels))


def _accuracy_first(way: Way) -> float:
    return -way[2]


def _ranked(found: list[Way], usual: list[str], samples: int) -> tuple[Way, ...]:
    """The best first; what is as good but for chance in the usual order, which says more than two samples do."""
    if not found:
        return ()
    best = max(way[2] for way in found)
    margin = math.sqrt(best * (1 - best) / samples) + 1 / samples
    return tuple(sorted(found, key=lambda way: (-(best if way[2] >= best - margin else way[2]), usual.index(way[0]))))


def _outside(
    network: Network, used: Dataset, rows: npt.NDArray[np.int64], inside: npt.NDArray[np.bool_], outputs: int
) -> str:
    if inside.all():
        return ""
    row = int(np.flatnonzero(~inside)[0])
    return (
        f'Sample {rows[row]} of "{used.name}" has label {used.y[row]}, but "{network.name}" has {outputs} outputs '
        f"(0 to {outputs - 1}): are these the data it was trained on?"
    )


def _not_finite(network: Network, verdicts: npt.NDArray[np.int64]) -> str:
    lost = int((verdicts < 0).sum())
    if not lost:
        return ""
    return (
        f'"{network.name}" gives NaN or infinity for {lost} of {len(verdicts)} samples: its weights are damaged, '
        "or mean and std make its inputs far too large."
    )


def _better_way(
    network: Network,
    used: Dataset,
    labels: npt.NDArray[np.int64],
    reached_now: tuple[float, float],
    better: tuple[Way, ...],
    job: JobContext,
) -> str:
    accuracy, floor = reached_now
    if better:
        name, _, reached = better[0]
        return (
            f"{accuracy:.1%} are right as it is fed now, but {reached:.1%} with {name}: "
            "its preprocessing is probably not that of training."
        )
    shape = network.card.input.shape
    if floor >= 1 - CLEARLY or len(shape) != 3 or shape[0] != 3:
        return ""
    few = spread_rows(len(labels), FEW)
    turned = np.ascontiguousarray(arranged(used.x, shape)[few][:, ::-1])
    reached = _accuracy(network, turned, labels[few], job)
    if not _clearly_better(reached, floor, len(turned)):
        return ""
    return (
        f"{accuracy:.1%} are right as it is fed now, but {reached:.1%} with the colours in the order blue, green, red: "
        "turn the channels of the data around."
    )


def _no_better_than_chance(
    network: Network, used: Dataset, verdicts: npt.NDArray[np.int64], accuracy: float, chance: float
) -> str:
    if chance == 1.0:
        return f"The {len(used)} samples are all of one class, so their accuracy says little."
    if accuracy > chance + DEVIATIONS * math.sqrt(chance * (1 - chance) / len(used)):
        return ""
    right = f"{accuracy:.1%} are right, no more than by always saying the most frequent class ({chance:.1%})"
    same = f"It says the same class to all {len(used)} samples, and " if (verdicts == verdicts[0]).all() else ""
    return f'{same}{right}: are these the data that "{network.name}" was trained on?'
