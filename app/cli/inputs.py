"""Arguments and options that several verbs share."""

import functools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from core.data.builtin import NAMES
from core.data.loading import KINDS
from core.networks.options import OpeningOptions

DATA_HELP = (
    f"DATA is a built-in name ({', '.join(NAMES)}) or a path: {KINDS}. What the path does not say may stand behind "
    "it: PATH:test for the test set of a folder or archive, PATH:32x32 to scale pictures, PATH:regression for whole "
    "numbers that are no classes."
)

F = TypeVar("F", bound=Callable[..., Any])

file_type = click.Path(path_type=Path, readable=False)  # whoever opens a file explains best why it cannot be read
network_argument = click.argument("network", type=file_type)
data_argument = click.argument("data")
architecture_option = click.option(
    "--architecture", metavar="NAME", help="Architecture of bare weights; needed where they fit none or several."
)
factory_option = click.option("--factory", metavar="NAME", help="Function of a Python file that builds the network.")
agreed_option = click.option(
    "--yes-run-code", "agreed", is_flag=True, help="Let the code of that file run, in a process of its own."
)
shape_option = click.option("--input-shape", metavar="3x32x32", help="Of one sample, for a network without a card.")
mean_option = click.option("--mean", metavar="M[,M…]", help="Taken from the data, in their units: one, or per channel.")
std_option = click.option("--std", metavar="S[,S…]", help="What the data are divided by after that.")
NETWORK_OPTIONS = (architecture_option, shape_option, mean_option, std_option, factory_option, agreed_option)
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
    """NETWORK DATA, the options of NETWORK, --samples -o --json, in this order.

    The command gets what is said of NETWORK as one `OpeningOptions` called ``options``.
    """
    return _network_and(command, data_argument)


def network_and_maybe_data(command: F) -> F:
    """The same for a verb that can do without DATA, which then is None."""
    return _network_and(command, click.argument("data", required=False))


def _network_and(command: F, data: Callable[[Any], Any]) -> F:
    @functools.wraps(command)
    def with_options(
        architecture: str | None,
        input_shape: str | None,
        mean: str | None,
        std: str | None,
        factory: str | None,
        agreed: bool,
        **others: Any,
    ) -> Any:
        options = OpeningOptions(
            architecture=architecture,
            shape=sizes(input_shape, "--input-shape"),
            mean=numbers(mean, "--mean"),
            std=numbers(std, "--std"),
            factory=factory,
            agreed=agreed,
        )
        return command(options=options, **others)

    decorated: Any = with_options
    parameters = (network_argument, data, *NETWORK_OPTIONS, samples_option, output_option, json_option)
    for decorate in reversed(parameters):
        decorated = decorate(decorated)
    return cast("F", decorated)


def sizes(text: str | None, option: str) -> tuple[int, ...] | None:
    """``"3x32x32"`` as (3, 32, 32). Raises `click.BadParameter` for anything else."""
    if text is None:
        return None
    parts = re.split(r"[x×,]", text.strip().lower())
    if len(parts) > 4 or not all(part.strip().isdecimal() and 0 < int(part) < 2**31 for part in parts):
        raise click.BadParameter(f'"{text}" is no shape. Write it like 3x32x32, or 51 for a table.', param_hint=option)
    return tuple(int(part) for part in parts)


def numbers(text: str | None, option: str) -> tuple[float, ...] | None:
    """``"0.5,0.5"`` as numbers. Raises `click.BadParameter` for anything else."""
    if text is None:
        return None
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter(f'"{text}" is no list of numbers like 0.49,0.48,0.45.', param_hint=option) from None


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
