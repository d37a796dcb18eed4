"""Recipes that come with Corrie: those of the papers, and small ones that run in minutes. TOML in resources/presets."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from core.errors import InvalidRequest, UnreadableFile
from core.networks.card import InputCard, describe_validation
from core.training.recipe import RobustTraining, TrainingRequest
from core.training.sweep import Scaling, SweepRequest

ANY_INPUT = InputCard(shape=(1,))  # stands in the recipe of a preset until there are data
FIRST = ("quick-start", "quick-batch-size", "quick-shortcuts", "quick-robust-twin")  # offered before the long ones


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A recipe or a sweep with what it shows, where it comes from, and what it is meant for."""

    key: str  # name of its file, and on the command line
    title: str
    shows: str  # a sentence
    source: str
    data: str  # that it is meant for, in words
    takes: str  # how long, in words
    recipe: TrainingRequest  # its input says nothing yet: see `sweep`
    architectures: tuple[str, ...] = ()
    batch_sizes: tuple[int, ...] = ()
    seeds: tuple[int, ...] = ()
    robust: tuple[RobustTraining | None, ...] = ()
    scaling: Scaling = "none"

    def sweep(self, data_input: InputCard) -> SweepRequest:
        """The sweep for such inputs; a single run is a sweep of one."""
        return SweepRequest(
            recipe=replace(self.recipe, input=data_input, description=f"{self.title}. {self.source}."),
            architectures=self.architectures,
            batch_sizes=self.batch_sizes,
            seeds=self.seeds,
            robust=self.robust,
            scaling=self.scaling,
        )


@dataclass(frozen=True, kw_only=True)
class _Lists:
    """The table ``[sweep]``."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    architectures: tuple[str, ...] = ()
    batch_sizes: tuple[int, ...] = ()
    seeds: tuple[int, ...] = ()
    robust: tuple[RobustTraining, ...] = ()
    plain: bool = False  # a plain run beside the robust ones
    scaling: Scaling = "none"


@dataclass(frozen=True, kw_only=True)
class _File:
    """All that stands in the file of a preset."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    title: str
    shows: str
    source: str
    data: str
    takes: str
    recipe: dict[str, Any]
    sweep: _Lists = _Lists()


def presets_folder() -> Path:
    """Where the files of the presets lie."""
    return Path(__file__).resolve().parents[2] / "resources" / "presets"


@cache
def presets() -> tuple[Preset, ...]:
    """All presets: those that run in minutes first, then by name."""
    found = {path.stem: read_preset(path) for path in sorted(presets_folder().glob("*.toml"))}
    first = [found.pop(key) for key in FIRST if key in found]
    return (*first, *found.values())


def find_preset(key: str) -> Preset:
    """The preset of that key.

    Raises
    ------
    InvalidRequest
        If there is none; the text lists those there are.
    """
    for preset in presets():
        if preset.key == key:
            return preset
    raise InvalidRequest(f'There is no preset "{key}". There are: {", ".join(preset.key for preset in presets())}.')


def read_preset(path: Path) -> Preset:
    """Read the file of a preset.

    Raises
    ------
    UnreadableFile
        If the file is missing, is not TOML, or a field is missing, unknown or makes no sense; the text names it.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path, f"It cannot be read ({error}).", "Check the file and its permissions.") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is no TOMLDecodeError
        raise UnreadableFile(path, f"It is not valid TOML: {error}.", "Correct that line.") from error
    try:
        file = TypeAdapter(_File).validate_python(table)
        _refuse_unknown(file.recipe)
        recipe = TypeAdapter(TrainingRequest).validate_python({**file.recipe, "input": ANY_INPUT})
        lists = file.sweep
        plain: tuple[RobustTraining | None, ...] = (None,) if lists.plain else ()
        preset = Preset(
            key=path.stem,
            title=file.title,
            shows=file.shows,
            source=file.source,
            data=file.data,
            takes=file.takes,
            recipe=recipe,
            architectures=lists.architectures,
            batch_sizes=lists.batch_sizes,
            seeds=lists.seeds,
            robust=(*plain, *lists.robust),
            scaling=lists.scaling,
        )
        preset.sweep(ANY_INPUT)  # refuses lists that make no sense
    except ValidationError as error:
        raise UnreadableFile(path, describe_validation(error), "Correct the preset.") from error
    except InvalidRequest as error:
        raise UnreadableFile(path, str(error), "Correct the preset.") from error
    return preset


def _refuse_unknown(recipe: dict[str, Any]) -> None:
    unknown = set(recipe) - set(TrainingRequest.__dataclass_fields__) | ({"input"} & set(recipe))
    if unknown:
        raise InvalidRequest(f"A recipe in a preset has no field {', '.join(sorted(unknown))}.")
