"""What ``corrie corrections`` is asked for beyond two numbers: options, and the request they stand for."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import click
import numpy as np

from app.cli.inputs import assignments
from core.corrections.engines.candidates import most_promising
from core.corrections.records.correction import Norm
from core.corrections.records.joint import MOST_NUMBERS, JointRequest
from core.corrections.records.pairs import PairsRequest
from core.corrections.requests.joint import candidate_names, joint_for_row
from core.corrections.requests.rows import Wanted, freedom_for_row
from core.data.dataset import Dataset
from core.data.tables.features import FeatureCard
from core.job import JobContext
from core.networks.network import Network

F = TypeVar("F", bound=Callable[..., Any])
_SECONDS = click.FloatRange(min=0, min_open=True)
_OPTIONS = (
    click.option(
        "--choose", type=click.IntRange(min=1), metavar="K", help="Change at most K features, of --free or all."
    ),
    click.option("--different", type=click.IntRange(0, 20), default=0, metavar="N", help="N further ways as well."),
    click.option("--range", "limits", metavar='"a=0:5"', help="Values that a feature may take, instead of the card's."),
    click.option("--levels", metavar='"c=x|y"', help="Levels that a category may take, instead of all."),
    click.option(
        "--seconds",
        type=_SECONDS,
        metavar="S",
        help=f"For one search in several features, by default {JointRequest.seconds:g}, or for each of --pairs, by "
        f"default {PairsRequest.seconds:g}.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class JointOptions:
    """As they were given."""

    choose: int | None
    different: int
    limits: str | None
    levels: str | None
    seconds: float | None

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Low and high by feature. Raises `click.BadParameter` for what is no range."""
        found = {}
        for name, text in assignments(self.limits, "--range").items():
            low, colon, high = text.partition(":")
            try:
                found[name] = (float(low), float(high)) if colon else _no_range(name, text)
            except ValueError:
                _no_range(name, text)
        return found

    @property
    def allowed(self) -> dict[str, list[str]]:
        """Levels by category."""
        given = assignments(self.levels, "--levels")
        return {name: [level.strip() for level in text.split("|")] for name, text in given.items()}


def joint_options(command: F) -> F:
    """All of them, given to the command as one `JointOptions` called ``several``."""

    @functools.wraps(command)
    def with_options(
        choose: int | None,
        different: int,
        limits: str | None,
        levels: str | None,
        seconds: float | None,
        **others: Any,
    ) -> Any:
        several = JointOptions(choose=choose, different=different, limits=limits, levels=levels, seconds=seconds)
        return command(several=several, **others)

    decorated: Any = with_options
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def wants_several(names: Sequence[str], several: JointOptions, card: FeatureCard | None) -> bool:
    """Whether it is a question about several features, and not about the slice of two numbers."""
    if several.choose or several.different or several.levels or several.seconds:
        return True
    if len(names) != 2 or card is None:
        return bool(names) and len(names) != 2
    kinds = {feature.name: feature.kind for feature in card.features}
    return any(name in kinds and kinds[name] == "category" for name in names) or any(
        group.name in names for group in card.groups
    )


def joint_request(
    data: Dataset,
    row: int,
    names: Sequence[str],
    wanted: Wanted,
    stability: Mapping[str, float],
    weights: Mapping[str, float],
    norm: Norm,
    several: JointOptions,
    network: Network,
) -> JointRequest:
    """The request that the options stand for; says on the standard error which features were left out.

    Raises
    ------
    InvalidRequest
        As `joint_for_row`, or if nothing may change.
    """
    free = list(names) or _candidates(data, row, wanted, stability, weights, several, network)
    request = joint_for_row(
        data,
        row,
        free,
        wanted,
        stability,
        several.ranges,
        weights,
        norm,
        allowed=several.allowed,
        different=several.different,
        seconds=several.seconds or JointRequest.seconds,
    )
    return request if several.choose is None else replace(request, most_changed=several.choose)


def _candidates(
    data: Dataset,
    row: int,
    wanted: Wanted,
    stability: Mapping[str, float],
    weights: Mapping[str, float],
    several: JointOptions,
    network: Network,
) -> list[str]:
    """All that may change, but no more numbers than a search goes through."""
    names = candidate_names(data, row, stability, several.ranges, weights)
    freedom = freedom_for_row(data, row, names, stability, several.ranges, weights)
    if data.features is None or len(freedom.numbers) <= MOST_NUMBERS:
        return names
    point = tuple(data.x[row].astype(np.float64).tolist())
    chosen, left_out = most_promising(point, freedom, wanted.goal(data, data.features), network, JobContext())
    words = f"{len(freedom.numbers)} numbers may change; a search goes through the {MOST_NUMBERS} that promise most."
    click.echo(f"{words} Left as they are: {', '.join(left_out)}. Name others with --free.", err=True)
    return list(chosen.names)


def _no_range(name: str, text: str) -> tuple[float, float]:
    raise click.BadParameter(f'"{name}={text}" is no range. Write it like {name}=0:5.', param_hint="--range")
