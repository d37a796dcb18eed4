"""Drawings to learn one canonical drawing from: its jitters are it, everything else is not.

Zhang et al. 2018 train on jitters of one cat of Quick, Draw! (± 5 pixels), on other drawings, and on the cat with
strokes taken away or put in. Where a user has no other drawings, scribbles take their place.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.drawings.strokes import LARGEST, SLOTS, FloatArray, Strokes, line_count, line_slots
from core.errors import InvalidRequest
from core.job import JobContext

JITTER = 5  # pixels by which every point of the canonical drawing may be off (Zhang et al. 2018)
MOVED_FROM, MOVED_TO = 35, 90  # pixels by which a stroke is off that is in the wrong place
MOST_ADDED = 3  # strokes
OTHER, CANONICAL = 0, 1  # classes
CLASSES = ("another drawing", "the canonical drawing")
FEWEST_LINES = 3
Generator = np.random.Generator


@dataclass(frozen=True, kw_only=True, eq=False)
class ExamplesRequest:
    """How many drawings of which kinds are made from a canonical one."""

    canonical: Strokes = field(repr=False)
    others: tuple[Strokes, ...] = field(default=(), repr=False)  # real drawings of something else
    samples: int = 12_000  # half of them jitters
    seed: int = 0

    def __post_init__(self) -> None:
        lines = line_count(self.canonical)
        if not FEWEST_LINES <= lines <= SLOTS:
            raise InvalidRequest(
                f"The canonical drawing has {lines} lines; a recogniser needs {FEWEST_LINES} to {SLOTS} of them. "
                "Draw a little more, or less."
            )
        if not 2 <= self.samples <= 200_000:
            raise InvalidRequest("Ask for 2 to 200,000 drawings to learn from.")


def make_examples(request: ExamplesRequest, job: JobContext | None = None) -> Dataset:
    """Jitters of the canonical drawing (class 1), and as many drawings that are not it (class 0), in random order.

    Returns
    -------
    Dataset
        ``x`` (samples, 4, 128), as `strokes.line_slots` encodes drawings. Another seed gives others: held-out ones.
    """
    job, generator = job or JobContext(), np.random.default_rng(request.seed)
    labels = generator.permutation(np.arange(request.samples) % 2)
    drawn = []
    for done, label in enumerate(labels.tolist()):
        if done % 100 == 0:
            job.check()
            job.progress(done, request.samples, "drawings to learn from")
        make = jittered if label == CANONICAL else _another
        drawn.append(line_slots(_fitting(lambda make=make: make(request, generator))))  # type: ignore[misc]
    return Dataset(
        name="drawings around the canonical one",
        x=np.stack(drawn),
        y=labels.astype(np.int64),
        classes=CLASSES,
        source="jitters of one drawing, the same with strokes changed, and "
        + ("other drawings" if request.others else "scribbles"),
    )


def jittered(request: ExamplesRequest, generator: Generator) -> Strokes:
    """The canonical drawing with every point off by up to `JITTER` pixels."""
    return shaken(request.canonical, generator)


def shaken(strokes: Strokes, generator: Generator, reach: int = JITTER) -> Strokes:
    """Every point moved by whole pixels, uniformly from −reach to reach in x and in y."""
    return tuple(_on_paper(stroke + generator.integers(-reach, reach + 1, stroke.shape)) for stroke in strokes)


def without_some(strokes: Strokes, generator: Generator) -> Strokes:
    """With one stroke or more taken away, but not all; one is the most frequent."""
    count = min(int(generator.geometric(0.5)), len(strokes) - 1)
    gone = generator.choice(len(strokes), max(count, 1), replace=False)
    return tuple(stroke for place, stroke in enumerate(strokes) if place not in gone)


def with_more(strokes: Strokes, generator: Generator) -> Strokes:
    """With one to three strokes put in that do not belong there."""
    return (*strokes, *(_scribbled(generator) for _ in range(int(generator.integers(1, MOST_ADDED + 1)))))


def with_one_moved(strokes: Strokes, generator: Generator) -> Strokes:
    """With one stroke in a wrong place."""
    which = int(generator.integers(len(strokes)))

    def moved() -> FloatArray:
        angle, far = generator.uniform(0, 2 * np.pi), generator.uniform(MOVED_FROM, MOVED_TO)
        return strokes[which] + far * np.array([[np.cos(angle)], [np.sin(angle)]])

    return _with_other(strokes, which, moved)


def with_one_redrawn(strokes: Strokes, generator: Generator) -> Strokes:
    """With one stroke in its place, but of another shape."""
    which = int(generator.integers(len(strokes)))

    def redrawn() -> FloatArray:
        steps = generator.normal(0, MOVED_FROM, strokes[which].shape)
        anew: FloatArray = strokes[which][:, :1] + np.cumsum(steps, axis=1)
        return anew

    return _with_other(strokes, which, redrawn)


def with_one_end_moved(strokes: Strokes, generator: Generator) -> Strokes:
    """With one point of one stroke in a wrong place."""
    which = int(generator.integers(len(strokes)))
    point = int(generator.integers(strokes[which].shape[1]))

    def moved() -> FloatArray:
        angle, far = generator.uniform(0, 2 * np.pi), generator.uniform(MOVED_FROM, 2 * MOVED_TO)
        anew = strokes[which].copy()
        anew[:, point] += far * np.array([np.cos(angle), np.sin(angle)])
        return anew

    return _with_other(strokes, which, moved)


def scribble(request: ExamplesRequest, generator: Generator) -> Strokes:
    """As many strokes as the canonical drawing has, roughly, each of them anything."""
    count = max(1, len(request.canonical) + int(generator.integers(-2, 3)))
    return tuple(_scribbled(generator) for _ in range(count))


CHANGES: dict[str, Callable[[Strokes, Generator], Strokes]] = {
    "a stroke missing or more": without_some,
    "strokes too many": with_more,
    "a stroke in a wrong place": with_one_moved,
    "a stroke of another shape": with_one_redrawn,
    "a line end in a wrong place": with_one_end_moved,
}
OF_A_KIND = 200  # drawings


def examples_by_kind(request: ExamplesRequest) -> Iterator[tuple[str, int, npt.NDArray[np.float32]]]:
    """Drawings (n, 4, 128) of every kind that `make_examples` mixes: what they are, their class, and the drawings."""
    generator = np.random.default_rng(request.seed)

    def many(make: Callable[[], Strokes]) -> npt.NDArray[np.float32]:
        return np.stack([line_slots(_fitting(make)) for _ in range(OF_A_KIND)])

    yield "the canonical drawing", CANONICAL, many(lambda: jittered(request, generator))
    for kind, change in _changes_of(request).items():
        yield kind, OTHER, many(lambda change=change: change(jittered(request, generator), generator))  # type: ignore[misc]
    if request.others:
        yield "other drawings", OTHER, many(lambda: _other(request, generator))
    yield "scribbles", OTHER, many(lambda: scribble(request, generator))


def _changes_of(request: ExamplesRequest) -> dict[str, Callable[[Strokes, Generator], Strokes]]:
    """From a single stroke nothing can be taken away."""
    return {
        kind: change for kind, change in CHANGES.items() if change is not without_some or len(request.canonical) > 1
    }


def _other(request: ExamplesRequest, generator: Generator) -> Strokes:
    return shaken(request.others[int(generator.integers(len(request.others)))], generator, 2)


def _another(request: ExamplesRequest, generator: Generator) -> Strokes:
    """A drawing that is not the canonical one: two thirds are changes of it, the others have nothing to do with it."""
    if generator.random() < 1 / 3:
        if request.others and generator.random() < 0.7:
            return _other(request, generator)
        return scribble(request, generator)
    changes = list(_changes_of(request).values())
    change = changes[int(generator.integers(len(changes)))]
    return change(jittered(request, generator), generator)


def _fitting(make: Callable[[], Strokes]) -> Strokes:
    """The first drawing that has no more lines than there are slots."""
    for _ in range(100):
        strokes = make()
        if line_count(strokes) <= SLOTS:
            return strokes
    raise InvalidRequest(f"Nearly all of the other drawings have more than {SLOTS} lines. Choose simpler ones.")


def _with_other(strokes: Strokes, which: int, make: Callable[[], FloatArray]) -> Strokes:
    """With another stroke instead of one, off by so much on the paper that it is not a jitter of it."""
    old = strokes[which]
    for _ in range(20):
        anew = _on_paper(np.round(make()))
        if np.hypot(*(anew - old)).max() >= MOVED_FROM - JITTER:
            break
    return (*strokes[:which], anew, *strokes[which + 1 :])


def _scribbled(generator: Generator) -> FloatArray:
    """A stroke that wanders about."""
    points = int(generator.integers(2, 9))
    start = generator.uniform(0, LARGEST, (2, 1))
    steps = generator.normal(0, generator.uniform(10, 50), (2, points - 1))
    return _on_paper(np.round(np.concatenate([start, start + np.cumsum(steps, axis=1)], axis=1)))


def _on_paper(points: FloatArray) -> FloatArray:
    placed: FloatArray = np.clip(points, 0.0, LARGEST)
    return placed
