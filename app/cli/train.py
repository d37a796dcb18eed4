"""``corrie train``: networks from recipes, one or a sweep of many, stopped and gone on with at will."""

from pathlib import Path

import click

from app.cli.inputs import DATA_HELP, file_type, json_option
from app.cli.recipe_options import RecipeOptions, recipe_options
from app.cli.streams import say
from app.cli.training import expectation, train_all
from app.cli.training_folder import finished
from app.cli.training_order import input_words, known_order, new_order
from app.cli.training_words import print_runs
from app.cli.workbook import INTERRUPTED
from core.errors import InvalidRequest

folder_type = click.Path(path_type=Path, file_okay=False, readable=False)


@click.command("train", epilog=DATA_HELP)
@click.argument("words", nargs=-1, metavar="ARCHITECTURE DATA")
@click.option("--test", metavar="DATA", help="Data that are looked at but not learnt from.")
@recipe_options
@click.option(
    "-o",
    "--output",
    type=folder_type,
    metavar="DIR",
    help="Folder for network cards, weights and one session. Without it, a new one in this folder.",
)
@click.option("--resume", type=file_type, metavar="DIR", help="Go on with the runs in this folder.")
@json_option
def command(
    words: tuple[str, ...],
    test: str | None,
    recipe: RecipeOptions,
    output: Path | None,
    resume: Path | None,
    as_json: bool,
) -> int:
    """Train ARCHITECTURE on DATA. With --preset, DATA is enough; with --resume, nothing else is needed.

    ARCHITECTURE, --batch-size, --seed, --robust and --epsilon take lists: all combinations are trained, one after
    another. Ctrl-C keeps what is there, and --resume goes on.
    """
    if resume is not None and output is not None:
        raise click.UsageError("--resume goes on in its own folder. Leave out -o.")
    order = new_order(words, test, recipe, output) if resume is None else known_order(resume, words, test, recipe)
    folder, plan, material = order
    so_far = folder.so_far(plan)
    left = [run for run in so_far if not finished(run)]
    if not left and all(map(finished, folder.saved(plan))):
        raise InvalidRequest(f"All runs in {folder.path} have ended. There is nothing to resume.")
    if left:
        expected = expectation(plan.requests, so_far, material)
        if resume is None:
            say(input_words(plan, recipe))
        say(expected)
    folder.begin(plan)
    try:
        complete = train_all(folder, plan, material, so_far)
    finally:
        folder.release()
    print_runs(folder, plan, as_json=as_json)
    diverged = [run for run in folder.saved(plan) if run is not None and run.ended]
    for run in diverged:
        say(f'The run "{run.request.name}" ended early. {run.ended}')
    if not complete:
        return INTERRUPTED
    return 1 if diverged else 0
