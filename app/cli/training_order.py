"""From the words of a command line to a plan of trainings and the data they need: a new one, or one to go on with."""

from dataclasses import replace
from pathlib import Path

import click

from app.cli.opening import naming
from app.cli.recipe_options import RecipeOptions, normalisation, sweep_of
from app.cli.training_folder import Material, TrainingFolder, known_folder, new_folder
from app.cli.training_plan import TrainingPlan, stem_of
from app.cli.workbook import lasting
from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.errors import DataError, InvalidRequest
from core.exchange.words import number
from core.job import JobContext
from core.networks.card import checked_input
from core.networks.network import arranged
from core.runtime import prepare_torch
from core.session.document import new_id
from core.training.inputs import input_shape, output_count, standardised
from core.training.recipe import TrainingRequest
from core.training.sweep import SweepRequest

Order = tuple[TrainingFolder, TrainingPlan, Material]


def new_order(words: tuple[str, ...], test: str | None, options: RecipeOptions, output: Path | None) -> Order:
    """A new plan for a folder that was looked at, but not written yet.

    Raises
    ------
    click.UsageError
        If the command line makes no sense.
    CorrieError
        If the data cannot be opened, or the folder cannot take the runs.
    """
    architectures, source = _split(words, options)
    sweep = sweep_of(architectures, options)
    normalisation(options)  # wrong usage is said before anything is opened
    folder = new_folder(output, stem_of(sweep.recipe.name, lambda _: False))
    material = _open(source, test)
    requests = _requests(sweep, options, material)
    stems: list[str] = []
    for request in requests:
        stems.append(stem_of(request.name, lambda stem: stem in stems or folder.taken(stem)))
    plan = TrainingPlan(
        requests=requests,
        items=tuple(new_id("run") for _ in requests),
        stems=tuple(stems),
        sweep=folder.free_sweep(sweep.recipe.name) if len(requests) > 1 else "",
        data=lasting(source),
        data_sha256=material.data.sha256,
        test=lasting(test) if test is not None else "",
        test_sha256=material.test.sha256 if material.test is not None else "",
    )
    return folder, plan, material


def known_order(wanted: Path, words: tuple[str, ...], test: str | None, options: RecipeOptions) -> Order:
    """The plan in a folder, with its data. What else is given must be what was given before.

    Raises
    ------
    click.UsageError
        If the command line makes no sense.
    InvalidRequest, DataError
        If nothing was trained in the folder, the data have changed, or other runs are asked for.
    """
    if not words and (options.given or test is not None):
        raise click.UsageError("--resume knows the recipe. Leave the other options out, or give all of them as before.")
    asked, source = None, ""
    if words:
        architectures, source = _split(words, options)
        asked = sweep_of(architectures, options)
    folder, plan = known_folder(wanted)
    material = _open(plan.data, plan.test or None)
    _check_unchanged(plan, material, folder)
    if asked is not None:
        sources = (lasting(source), lasting(test) if test is not None else "")
        if sources != (plan.data, plan.test) or _requests(asked, options, material) != plan.requests:
            raise InvalidRequest(
                f"{folder.path} holds other runs than these. Give the options as before, or only "
                f"`corrie train --resume {folder.path}`."
            )
    return folder, plan, material


def _split(words: tuple[str, ...], options: RecipeOptions) -> tuple[tuple[str, ...], str]:
    """Architectures and data. A preset names the architecture where nobody else does."""
    if len(words) == 1 and options.preset is not None:
        return (), words[0]
    if len(words) != 2:
        raise click.UsageError(
            "Give ARCHITECTURE and DATA, such as `corrie train mlp:64-16-10 digits`, or a preset and DATA, such as "
            "`corrie train --preset quick-start digits`."
        )
    names = tuple(name.strip() for name in words[0].split(","))
    if not all(names):
        raise click.UsageError(f'"{words[0]}" is no list of architectures with a comma between them.')
    return names, words[1]


def _requests(sweep: SweepRequest, options: RecipeOptions, material: Material) -> tuple[TrainingRequest, ...]:
    """The runs of a sweep, now that it is known what the networks are fed: the data's own mean and std, or others."""
    mean, std = normalisation(options)
    card = standardised(material.data.first(sweep.recipe.samples), JobContext())
    card = checked_input(card.shape, mean or card.mean, std or card.std)
    return replace(sweep, recipe=replace(sweep.recipe, input=card)).requests()


def _open(source: str, test: str | None) -> Material:
    prepare_torch()
    with naming(source):
        data = open_dataset(source)
    if test is None:
        return Material(data, source, None, "")
    with naming(test):
        tests = open_dataset(test)
        _check_test(tests, data)
    return Material(data, source, tests, test)


def _check_test(test: Dataset, data: Dataset) -> None:
    """Raise `DataError` if a network for the data could not take the test data, or its outputs make no sense there."""
    arranged(test.x[:1], input_shape(data.x.shape[1:]))
    if test.task != data.task:
        kinds = {"classification": "classes", "regression": "numbers"}
        raise DataError(
            f"These data have {kinds[test.task]} to be predicted, those to learn from {kinds[data.task]}. Choose test "
            "data of the same kind."
        )
    if (there := output_count(test)) > (known := output_count(data)):
        what = "classes" if data.task == "classification" else "numbers to be predicted"
        raise DataError(
            f"These data have {there} {what}, those to learn from only {known}. Choose test data of the same kind."
        )


def _check_unchanged(plan: TrainingPlan, material: Material, folder: TrainingFolder) -> None:
    pairs = [(plan.data, material.data, plan.data_sha256), (plan.test, material.test, plan.test_sha256)]
    for source, data, sha256 in pairs:
        if data is not None and data.sha256 != sha256:
            raise DataError(
                f"{source} is no longer what the runs in {folder.path} were trained with. Put the old file back, or "
                "train anew."
            )


def input_words(plan: TrainingPlan, options: RecipeOptions) -> str:
    """What the networks are fed, in a sentence."""
    card, (mean, std) = plan.requests[0].input, normalisation(options)
    own = [name for name, given in (("mean", mean), ("std", std)) if given is None]
    whose = f" ({' and '.join(own)} of the data themselves)" if own else ""
    return f"The networks are fed (value − {_values(card.mean)}) / {_values(card.std)}{whose}."


def _values(values: tuple[float, ...]) -> str:
    """One number, or a few; those of a wide table would fill the screen."""
    shown = ", ".join(number(value) for value in values[:3])
    if len(values) == 1:
        return shown
    return f"[{shown}]" if len(values) <= 3 else f"[{shown}, … {len(values)} values]"
