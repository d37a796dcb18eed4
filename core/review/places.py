"""Where in an item a note is pinned: whether there is such a place, and how it is called."""

from collections.abc import Iterable

from core.corrections.records.cases import Cases
from core.corrections.records.correction import Correction
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.errors import InvalidRequest
from core.exchange.shown_names import readable
from core.exchange.words import number, quantity, whole
from core.generalisation.complexity import Complexity
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.review.note import Anchor, BarAnchor, Note, PointAnchor, RegionAnchor, WholeItem
from core.robustness.robustness import Robustness
from core.session.document import Document, Item, ResultItem, RunItem
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum
from core.training.run import Run

_PLANES = (Surface, Trajectory, Convexity, Correction)  # drawn over two coordinates
_LINES = (Curve, Run, History, Spectrum)  # drawn over one
_MOST_BARS = 10_000  # where the picture alone says how many there are


def check_place(anchor: Anchor, item: Item) -> None:
    """Raise `InvalidRequest` unless an item of that kind has such a place."""
    thing = _thing(item)
    if isinstance(anchor, WholeItem):
        return
    if isinstance(anchor, PointAnchor):
        fits = isinstance(thing, _LINES if anchor.y is None else _PLANES)
    elif isinstance(anchor, BarAnchor):
        fits = anchor.index < _bars(thing)
    else:
        fits = _has_part(thing, anchor)
    if not fits:
        place = in_words(anchor, None)
        raise InvalidRequest(f"“{item.name}” has no place “{place}” that a note could be pinned to. Pin it elsewhere.")


def in_words(anchor: Anchor, item: Item | None) -> str:
    """How a place is called, such as ``at (0.25, −0.5), loss 1.32 nats``; "" for an item as a whole.

    Without the item, or where it has no such place (a file may come from anybody), only its numbers are said.
    """
    thing = None if item is None else _thing(item)
    if isinstance(anchor, WholeItem):
        return ""
    if isinstance(anchor, PointAnchor):
        return _point_words(anchor, thing)
    if isinstance(anchor, BarAnchor):
        return _bar_words(anchor.index, thing)
    return _part_words(anchor, thing)


def about_in_words(note: Note, document: Document) -> str:
    """What a note is about: ``“Around the minimum”, at (0.25, −0.5)``, ``the session``, or what is gone."""
    if note.item_id is None:
        return "the session"
    item = document.items.get(note.item_id)
    place = in_words(note.anchor, item)
    if item is not None:
        name = f"“{readable(item.name, 70)}”"
        return f"{name}, {place}" if place else name
    name = f"“{readable(note.item_name, 70)}”" if note.item_name else "something"
    return f"{name}, {place}; it is no longer in the session" if place else f"{name}, which is no longer in the session"


def _thing(item: Item) -> object:
    """What an item holds that can be pointed at."""
    if isinstance(item, ResultItem):
        return item.result
    return item.run if isinstance(item, RunItem) else item


def _bars(thing: object) -> int:
    if isinstance(thing, Spectrum):
        return len(thing.eigenvalues)
    if isinstance(thing, Robustness):
        return len(thing.epsilon)
    if isinstance(thing, Initialisations):
        return len(thing.seed)
    return _MOST_BARS if isinstance(thing, Complexity) else 0


def _has_part(thing: object, anchor: RegionAnchor) -> bool:
    if isinstance(thing, Correction):
        parts, features = len(thing.accepted), len(thing.request.free)
    elif isinstance(thing, JointCorrection):
        parts, features = 1 + len(thing.others), len(thing.request.freedom.numbers)
    elif isinstance(thing, Cases):
        return anchor.part in thing.rows and len(anchor.coordinates or thing.numbers) == len(thing.numbers)
    elif isinstance(thing, Pairs):
        parts, features = len(thing.request.features) ** 2, 2
    else:
        return False
    return anchor.part < parts and (anchor.coordinates is None or len(anchor.coordinates) == features)


def _point_words(anchor: PointAnchor, thing: object) -> str:
    x = number(anchor.x)
    if isinstance(thing, Correction) and anchor.y is not None:
        return f"at {_coordinates((anchor.x, anchor.y), _names(thing))}"
    if anchor.y is not None:
        place = f"at ({x}, {number(anchor.y)})"
    else:
        place = f"at epoch {x}" if isinstance(thing, Run | History) else f"at {x}"
    if anchor.loss is None:
        return place
    unit = thing.loss_unit if isinstance(thing, Surface | Curve | Trajectory) else ""
    return f"{place}, {'loss' if unit else 'height'} {quantity(anchor.loss, unit, 4)}"


def _bar_words(index: int, thing: object) -> str:
    if isinstance(thing, Spectrum) and index < len(thing.eigenvalues):
        return f"eigenvalue {index + 1} ({number(float(thing.eigenvalues[index]))})"
    if isinstance(thing, Robustness) and index < len(thing.epsilon):
        return f"strength {number(float(thing.epsilon[index]))}"
    if isinstance(thing, Initialisations) and index < len(thing.seed):
        return f"initialisation with seed {int(thing.seed[index])}"
    return f"bar {whole(index + 1)}"


def _part_words(anchor: RegionAnchor, thing: object) -> str:
    if isinstance(thing, Cases):
        place = f"row {whole(anchor.part)}"
    elif isinstance(thing, Pairs) and anchor.part < len(thing.request.features) ** 2:
        first, second = (thing.request.features[place] for place in divmod(anchor.part, len(thing.request.features)))
        place = f"{readable(first)} alone" if first == second else f"{readable(first)} with {readable(second)}"
    elif isinstance(thing, JointCorrection):
        place = f"correction {whole(anchor.part + 1)}"
    else:
        place = f"region {whole(anchor.part + 1)}"
    if not anchor.coordinates:
        return place
    return f"{place}, at {_coordinates(anchor.coordinates, _names(thing))}"


def _names(thing: object) -> tuple[str, ...]:
    """Of the features that the coordinates of a place are values of."""
    if isinstance(thing, Correction):
        return tuple(feature.name for feature in thing.request.free)
    if isinstance(thing, JointCorrection):
        return tuple(feature.name for feature in thing.request.freedom.numbers)
    return thing.numbers if isinstance(thing, Cases) else ()


def _coordinates(values: Iterable[float], names: tuple[str, ...]) -> str:
    written = [number(value) for value in values]
    if len(names) != len(written):
        return f"({', '.join(written)})"
    return ", ".join(f"{readable(name)} {value}" for name, value in zip(names, written, strict=True))
