"""Arguments and options that several verbs share."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

network_argument = click.argument("network", type=click.Path(path_type=Path))
data_argument = click.argument("data")
architecture_option = click.option("--architecture", metavar="NAME", help="Architecture of bare weights.")
samples_option = click.option("--samples", type=click.IntRange(min=1), metavar="N", help="Take the first N samples.")
output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Session file; results are added to one that exists. Without it, a new file in this folder.",
)
resume_option = click.option(
    "--resume", type=click.Path(path_type=Path), metavar="FILE", help="Go on from the partial result in this session."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the summary for machines.")


def network_and_data(command: F) -> F:
    """NETWORK DATA --architecture --samples -o --json, in this order."""
    for decorate in (json_option, output_option, samples_option, architecture_option, data_argument, network_argument):
        command = decorate(command)
    return command


def pairs(text: str | None, option: str) -> dict[str, float]:
    """``"a=.5,b=2"`` as a dictionary. Raises `click.BadParameter` for anything else."""
    values: dict[str, float] = {}
    for part in (text or "").split(","):
        if not part.strip():
            continue
        name, equals, value = part.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise click.BadParameter(f'"{part}" is not NAME=NUMBER.', param_hint=option)
    return values


def print_summary(facts: dict[str, object], *, as_json: bool) -> None:
    """A short table for people, or one JSON object for machines."""
    if as_json:
        print(json.dumps(facts))
        return
    width = max(len(name) for name in facts)
    for name, value in facts.items():
        print(f"{name.replace('_', ' '):<{width}}  {value}")
