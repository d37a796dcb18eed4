"""What every engine of corrections begins and ends with: the verdict of the input, and where answers come from."""

import time

import numpy as np
import numpy.typing as npt
import torch

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.correction import NO_CLASS
from core.corrections.records.goal import Goal
from core.errors import InvalidRequest
from core.networks.network import Network
from core.provenance import Provenance, software_versions

FloatArray = npt.NDArray[np.float64]


def verdict_of(
    point: tuple[float, ...], goal: Goal, lowered: PiecewiseLinear, network: Network
) -> tuple[int, float | None]:
    """The class that the network gives to an input (columns,), or `NO_CLASS` and the value.

    Raises
    ------
    InvalidRequest
        If the input does not fit the network, or the goal is reached already.
    """
    if len(point) != lowered.inputs:
        raise InvalidRequest(
            f'The input has {len(point)} columns, "{network.name}" takes {lowered.inputs}. Choose a row of the '
            "data that the network was trained on."
        )
    outputs = lowered.forward(np.array([point]))
    accepted = bool(lowered.head.before(goal).leads(outputs)[0] > 0)
    value = float(lowered.head.applied(outputs)[0, 0])
    verdict = NO_CLASS if goal.by_value else int(outputs[0].argmax())
    if accepted:
        named = str(verdict) if not network.card.classes else f'"{network.card.classes[verdict]}"'
        said = f"judged {value:g}, which is {goal.words(str)}" if goal.by_value else f"judged {named}"
        raise InvalidRequest(
            f"This input is already {said}, so there is nothing to correct. Choose another row or target."
        )
    return verdict, value if goal.by_value else None


def made_by(network: Network, data_sha256: str, started: float) -> Provenance:
    """The provenance of an answer about one input that was begun at this reading of `time.perf_counter`."""
    return Provenance(
        network_sha256=network.sha256,
        data_sha256=data_sha256,
        samples=1,
        seconds=time.perf_counter() - started,
        threads=torch.get_num_threads(),
        dtype="float64",
        device="cpu",
        versions=software_versions(),
    )
