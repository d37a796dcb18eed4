"""Arguments and options that several verbs share."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from core.data.builtin import NAMES
from core.data.loading import KINDS

DATA_HELP = (
    f"DATA is a built-in name ({', '.join(NAMES)}) or a path: {KINDS}. What the path does not say may stand behind "
    "it: PATH:test for the test set of a folder or archive, PATH:32x32 to scale pictures, PATH:regression for whole "
    "numbers that are no classes."
)

F = TypeVar("F", bound=Callable[..., Any])

file_type = click.Path(path_type=Path, readable=False)  # whoever opens a file explains best why it cannot be read
network_argument = click.argument("network", type=file_type)
data_argument = click.argument("data")
architecture_option = click.option("--architecture", metavar="NAME", help="Architecture of bare weights.")
samples_option = click.option("--samples", type=click.IntRange(min=1), metavar="N", help="Take the first N samples.")
output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, readable=False),
    help="Session file; results are added to one that exists. Without it, a new file in this folder.",
)
resume_option = click.option(
    "--resume",
    type=file_type,
    metavar="FILE",
    help="Complete the partial result of the same options in this session.",
)
seed_type = click.IntRange(min=0, max=2**63 - 1)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the summary for machines.")


def network_and_data(command: F) -> F:
    """NETWORK DATA --architecture --samples -o --json, in this order."""
    for decorate in (json_option, output_option, samples_option, architecture_option, data_argument, network_argument):
        command = decorate(command)
    return command


def assignments(text: str | None, option: str) -> dict[str, str]:
    """``"a=.5,b=two"`` as a dictionary. Raises `click.BadParameter` for anything else.

    A comma that no ``name=`` follows belongs to the value: names of categories may hold one.
    """
    values: dict[str, str] = {}
    for part in re.split(r",(?=[^,=]*=)", text or ""):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not part.strip():
            continue
        if not (name and equals and value):
            raise click.BadParameter(f'"{part}" is not NAME=VALUE.', param_hint=option)
        if name in values:
            raise click.BadParameter(f'"{name}" is given twice.', param_hint=option)
        values[name] = value
    return values


def pairs(text: str | None, option: str) -> dict[str, float]:
    """``"a=.5,b=2"`` as a dictionary of numbers. Raises `click.BadParameter` for anything else."""
    values: dict[str, float] = {}
    for name, value in assignments(text, option).items():
        try:
            values[name] = float(value)
        except ValueError:
            raise click.BadParameter(f'"{name}={value}" is not NAME=NUMBER.', param_hint=option) from None
    return values
