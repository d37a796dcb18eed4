"""The options of ``corrie cases``, and the requests they stand for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from app.cli.inputs import file_type, pairs
from core.corrections.records.cases import MOST_RULES, CaseFeature, CasesRequest
from core.corrections.records.correction import Norm
from core.corrections.requests.rows import Wanted
from core.data.dataset import Dataset
from core.errors import InvalidRequest
from core.networks.network import Network

F = TypeVar("F", bound=Callable[..., Any])
SECONDS = click.FloatRange(min=0, min_open=True)
_NORMS = click.Choice(get_args(Norm), case_sensitive=False)
_OPTIONS = (
    click.option("--free", metavar="a,b", help="The features that may change: numbers, groups and categories."),
    click.option("--rows", metavar="I,J", help="These rows instead of all, as far as they are rejected."),
    click.option("--target", "targets", metavar="CLASS", multiple=True, help="Wanted class, as of corrie corrections."),
    click.option("--at-least", type=float, metavar="V", help="Wanted of a network that predicts a number."),
    click.option("--at-most", type=float, metavar="V", help="The same from above; both together: between."),
    click.option("--stability", metavar='"a=.5,b=2"', help="A correction must hold for ± this much."),
    click.option("--weights", metavar='"a=1,b=2"', help="Cost of one unit of change, or of any change of a category."),
    click.option("--steps", metavar='"a=1"', help="The feature has whole multiples of it for values; 0: any number."),
    click.option("--norm", type=_NORMS, default="L1", show_default=True, help="Of a change, as of corrie corrections."),
    click.option("--seconds", type=SECONDS, default=10.0, show_default=True, help="For one row at most."),
    click.option("--rules", type=click.IntRange(0, MOST_RULES), default=5, show_default=True, help="At most so many."),
    click.option("--rule-seconds", type=SECONDS, default=60.0, show_default=True, help="For all rules together."),
    click.option(
        "--also",
        type=file_type,
        multiple=True,
        metavar="NETWORK",
        help="Another network on the same rows, with a result of its own; the corrections of each are tried on all.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class CaseOptions:
    """As they were given."""

    free: str | None
    rows: str | None
    targets: tuple[str, ...]
    at_least: float | None
    at_most: float | None
    stability: str | None
    weights: str | None
    steps: str | None
    norm: Norm
    seconds: float
    rules: int
    rule_seconds: float
    also: tuple[Path, ...]


def case_options(command: F) -> F:
    """All of them, in their order."""
    decorated: Any = command
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def requests_of(
    options: CaseOptions, networks: Sequence[Network], data: Dataset, samples: int | None
) -> list[CasesRequest]:
    """One for each network, which names the others.

    Raises
    ------
    InvalidRequest
        If the data have no feature card, or do not know what is named.
    """
    if data.features is None:
        raise InvalidRequest(f'"{data.name}" has no feature card, so its columns have no names. Add a feature card.')
    if len({network.sha256 for network in networks}) < len(networks):
        raise InvalidRequest("Two of the networks are the same. Name each once.")
    wanted = Wanted(classes=options.targets, at_least=options.at_least, at_most=options.at_most)
    return [
        CasesRequest(
            free=_features(options),
            goal=wanted.goal(data, data.features),
            norm=options.norm,
            samples=None if options.rows else samples,
            rows=_rows(options.rows),
            seconds=options.seconds,
            rules=options.rules,
            rule_seconds=options.rule_seconds,
            others=tuple(other.sha256 for other in networks if other is not network),
        )
        for network in networks
    ]


def _features(options: CaseOptions) -> tuple[CaseFeature, ...]:
    if options.free is None:
        raise click.UsageError("Missing option '--free'.")
    names = [name.strip() for name in options.free.split(",")]
    given = {
        option: pairs(text, option)
        for option, text in (
            ("--stability", options.stability),
            ("--weights", options.weights),
            ("--steps", options.steps),
        )
    }
    for option, values in given.items():
        stray = next((name for name in values if name not in names), None)
        if stray is not None:
            raise click.BadParameter(f'"{stray}" is not free. Free are: {", ".join(names)}.', param_hint=option)
    half_widths, prices, steps = given.values()
    return tuple(
        CaseFeature(name=name, half_width=half_widths.get(name), price=prices.get(name), step=steps.get(name))
        for name in names
    )


def _rows(text: str | None) -> tuple[int, ...]:
    if text is None:
        return ()
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter(f'"{text}" is no list of rows like 3,17.', param_hint="--rows") from None
