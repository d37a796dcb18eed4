"""``corrie tutor``: what is missing in a drawing, and where the lines of what is missing may end."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
import numpy as np

from app.cli.inputs import json_option, output_option, seed_type
from app.cli.opening import naming
from app.cli.printing import print_facts, print_json
from app.cli.progress import run_with_progress
from app.cli.tutor_values import lesson_facts, lesson_values, recogniser_facts, recogniser_values
from app.cli.workbook import INTERRUPTED, open_workbook
from core.corrections.tutor.examples import JITTER, ExamplesRequest, shaken
from core.corrections.tutor.lesson import Lesson, LessonRequest
from core.data.drawings.reading import read_drawings, strokes_on_paper
from core.data.drawings.strokes import FIELDS, SLOTS, Strokes
from core.errors import InvalidRequest
from core.exchange.endings import FIGURES
from core.exchange.export import checked_ending, export_figure
from core.exchange.figures.lesson import lesson_figure
from core.job import JobContext, Relay
from core.runtime import prepare_torch
from core.session.adding import known_network
from core.session.document import NetworkItem
from core.session.files import open_document

if TYPE_CHECKING:
    from core.corrections.tutor.recogniser import Recogniser
    from core.networks.network import Network

path_type = click.Path(path_type=Path, readable=False)
WIDTH = 8
SECONDS = click.FloatRange(min=0, min_open=True)


@click.command("tutor")
@click.argument("drawings", type=path_type)
@click.option(
    "--canonical", type=click.IntRange(min=0), default=0, show_default=True, metavar="I", help="Row of DRAWINGS."
)
@click.option("--drawing", type=click.IntRange(min=0), metavar="I", help="Row of DRAWINGS that is to be corrected.")
@click.option(
    "--without",
    type=click.IntRange(min=0),
    multiple=True,
    metavar="S",
    help="Correct the canonical drawing without this stroke, from 0; may be given several times.",
)
@click.option(
    "--jitter",
    type=click.IntRange(0, JITTER),
    default=3,
    show_default=True,
    help="Pixels by which that drawing is off.",
)
@click.option("--stroke", type=click.IntRange(min=0), metavar="S", help="The stroke that is to be put right.")
@click.option(
    "--others", type=path_type, multiple=True, metavar="FILE", help="Further drawings that are not canonical."
)
@click.option("--stability", type=click.IntRange(0, 64), default=2, show_default=True, help="Pixels an end may be off.")
@click.option("--seconds", type=SECONDS, default=15.0, show_default=True, help="For growing the boxes.")
@click.option("--samples", type=click.IntRange(min=2), metavar="N", help="Drawings to learn from.")
@click.option("--epochs", type=click.IntRange(min=1), metavar="N", help="Of the training.")
@click.option(
    "--width", type=click.IntRange(1, 64), default=WIDTH, show_default=True, help="Channels of its convolutions."
)
@click.option("--seed", type=seed_type, default=0, show_default=True, help="Of the drawings and the first weights.")
@click.option("--recogniser", type=path_type, metavar="SESSION", help="Use the newest recogniser of that session.")
@click.option("--figure", type=path_type, metavar="PATH", help="Draw the answer: .png, .svg or .pdf.")
@output_option
@json_option
def command(
    drawings: Path,
    canonical: int,
    drawing: int | None,
    without: tuple[int, ...],
    jitter: int,
    stroke: int | None,
    others: tuple[Path, ...],
    stability: int,
    seconds: float,
    samples: int | None,
    epochs: int | None,
    width: int,
    seed: int,
    recogniser: Path | None,
    figure: Path | None,
    output: Path | None,
    as_json: bool,
) -> int:
    """Train a recogniser of one drawing of DRAWINGS (Quick, Draw! .ndjson), and complete another drawing for it.

    With -o, the recogniser goes into that session; the window's drawing tutor and --recogniser take it from there.
    """
    if figure is not None:
        checked_ending(figure, FIGURES, "A figure")
    prepare_torch()
    rows = _rows(drawings)
    gold, drawn = _chosen(rows, canonical, drawing, without, drawings)
    request = LessonRequest(
        drawing=shaken(drawn, np.random.default_rng(seed), jitter) if without else drawn,
        canonical=gold,
        stroke=stroke,
        stability=stability,
        seconds=seconds,
    )
    made: Recogniser | None = None
    if recogniser is None:
        rest = tuple(one for place, one in enumerate(rows) if place != canonical)
        further = tuple(one for path in others for one in _rows(path))
        asked = ExamplesRequest(canonical=gold, others=rest + further, seed=seed)
        made = _trained(asked if samples is None else replace(asked, samples=samples), epochs, width)
        network = made.network
    else:
        network = _of_session(recogniser)
    lesson, complete = _lesson(network, request)
    if output is not None and made is not None:
        _keep(network, output)
    if figure is not None:
        export_figure(lesson_figure(lesson, network.name), figure)
    if as_json:
        print_json({**recogniser_values(made, network), **lesson_values(lesson)})
    else:
        print_facts([*recogniser_facts(made, network), *lesson_facts(lesson)])
    return 0 if complete else INTERRUPTED


def _rows(path: Path) -> tuple[Strokes, ...]:
    with naming(path):
        return tuple(strokes_on_paper(one) for one in read_drawings(path))


def _chosen(
    rows: tuple[Strokes, ...], canonical: int, drawing: int | None, without: tuple[int, ...], path: Path
) -> tuple[Strokes, Strokes]:
    """The canonical drawing, and the one that is to be corrected."""
    stray = next((row for row in (canonical, drawing) if row is not None and row >= len(rows)), None)
    if stray is not None:
        raise InvalidRequest(f"{path} has drawings 0 to {len(rows) - 1}, and no drawing {stray}.")
    if (drawing is None) == (not without):
        raise click.UsageError("Say what is to be corrected: --drawing, or --without for the canonical drawing.")
    gold = rows[canonical]
    if drawing is not None:
        return gold, rows[drawing]
    if (gone := next((one for one in without if one >= len(gold)), None)) is not None:
        raise InvalidRequest(f"The canonical drawing has strokes 0 to {len(gold) - 1}, and no stroke {gone}.")
    return gold, tuple(stroke for place, stroke in enumerate(gold) if place not in without)


def _trained(request: ExamplesRequest, epochs: int | None, width: int) -> "Recogniser":
    from core.corrections.tutor.recogniser import recogniser_recipe, train_recogniser  # noqa: PLC0415  imports torch

    recipe = recogniser_recipe(width=width, seed=request.seed)
    recipe = recipe if epochs is None else replace(recipe, epochs=epochs)

    def work(job: JobContext) -> object:
        return train_recogniser(request, _Quietly(job), recipe)

    return cast("Recogniser", run_with_progress("Training", work, lambda made, _complete: made))


def _lesson(network: "Network", request: LessonRequest) -> tuple[Lesson, bool]:
    from core.corrections.tutor.tutor import Tutor  # noqa: PLC0415  imports torch

    def keep(lesson: object, complete: bool) -> tuple[Lesson, bool]:
        return cast("Lesson", lesson), complete

    return run_with_progress("Correcting", lambda job: Tutor(network).lesson(request, job), keep)


def _of_session(path: Path) -> "Network":
    from core.networks.storing import restore_network  # noqa: PLC0415  imports torch

    fitting = [one for one in open_document(path).networks if one.card.input.shape == (FIELDS, SLOTS)]
    if not fitting:
        raise InvalidRequest(f"{path} holds no recogniser of a drawing. Train one, with -o {path}.")
    return restore_network(fitting[-1])


def _keep(network: "Network", path: Path) -> None:
    from core.networks.storing import store_network  # noqa: PLC0415  imports torch

    workbook = open_workbook(path, network.name)
    item: NetworkItem = store_network(network)
    workbook.edit(lambda document: document.with_item(known_network(document, item)))


class _Quietly(Relay):
    """Keeps partial runs to itself: nothing is kept of half a training."""

    def partial(self, snapshot: object) -> None:
        del snapshot
