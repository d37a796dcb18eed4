"""What ``corrie tutor`` prints: of the recogniser, and of the lesson."""

from typing import TYPE_CHECKING

from app.cli.machine_numbers import finite
from app.cli.tables import Facts
from core.corrections.tutor.lesson import EndBox, Lesson
from core.data.drawings.strokes import Strokes, line_count
from core.exchange.lesson_words import margin_words, size_words

if TYPE_CHECKING:
    from core.corrections.tutor.recogniser import Recogniser
    from core.networks.network import Network

Values = dict[str, object]


def recogniser_values(made: "Recogniser | None", network: "Network") -> Values:
    """Of a recogniser that was trained now, or of an older one."""
    values: Values = {"network_sha256": network.sha256, "architecture": network.card.architecture}
    if made is not None:
        values |= {
            "accuracy": made.accuracy,
            "right_by_kind": dict(made.kinds),
            "training_seconds": float(made.run.seconds[-1]),
            "epochs": made.run.epochs_done,
        }
    return {"recogniser": values}


def recogniser_facts(made: "Recogniser | None", network: "Network") -> Facts:
    """The same for people."""
    if made is None:
        return [("recogniser", network.card.description or network.name)]
    kinds = "\n".join(f"{share:.1%} of {kind}" for kind, share in made.kinds)
    return [
        ("recogniser", f"{network.card.architecture}, trained in {made.run.seconds[-1]:.0f} s"),
        ("right about", f"{made.accuracy:.1%} of held-out drawings"),
        ("by kind", kinds),
    ]


def lesson_values(lesson: Lesson) -> Values:
    """In full precision; strokes as Quick, Draw! writes them."""
    ends = []
    for place, (x, y) in enumerate(lesson.placing.start.reshape(-1, 2).tolist() if lesson.free else ()):
        stroke, point = lesson.free[place]
        end: Values = {"stroke": stroke, "point": point, "at": [x, y]}
        if place < len(lesson.joint):
            end["joint"] = _box(lesson.joint[place])
        if place < len(lesson.alone):
            end["alone"] = _box(lesson.alone[place])
        ends.append(end)
    return {
        "status": lesson.status,
        "margin": finite(lesson.lead),
        "suggested_margin": finite(lesson.suggested_lead),
        "drawing": _plain(lesson.request.drawing),
        "suggested": _plain(lesson.drawing),
        "added": list(lesson.added),
        "dropped": list(lesson.dropped),
        "stability": lesson.request.stability,
        "stable": lesson.stable,
        "ends": ends,
        "orders": lesson.parts,
        "seconds": lesson.seconds,
    }


def lesson_facts(lesson: Lesson) -> Facts:
    """The same for people."""
    lines = line_count(lesson.request.drawing)
    facts = [
        ("drawing", f"{len(lesson.request.drawing)} strokes, {lines} lines: margin {margin_words(lesson.lead)}"),
        ("suggestion", f"{_changes(lesson)}: margin {margin_words(lesson.suggested_lead)}"),
    ]
    if lesson.free:
        held = "proved" if lesson.stable else "not proved"
        facts.append((f"every end ± {lesson.request.stability} px", held))
    for place, (x, y) in enumerate(lesson.placing.start.reshape(-1, 2).tolist() if lesson.free else ()):
        boxes = [
            f"{size_words(known[place])} px {what}, {known[place].proof}"
            for known, what in ((lesson.joint, "with all others"), (lesson.alone, "alone"))
            if place < len(known)
        ]
        facts.append((f"end {place + 1} at ({x:g}, {y:g})", "; ".join(boxes) or "nothing proved"))
    if lesson.parts:
        facts.append(("orders of the lines", f"{lesson.parts} in the boxes of all ends, each proved on its own"))
    facts.append(("took", f"{lesson.seconds:.1f} s" + ("" if lesson.status == "complete" else ", stopped")))
    return facts


def _changes(lesson: Lesson) -> str:
    changes = [f"stroke of {lesson.drawing[place].shape[1]} points put in" for place in lesson.added]
    changes += [f"stroke {place} taken out" for place in lesson.dropped]
    return ", ".join(changes) or "nothing changed"


def _box(box: EndBox) -> Values:
    return {"low": box.low.tolist(), "high": box.high.tolist(), "proof": box.proof}


def _plain(strokes: Strokes) -> list[list[list[float]]]:
    return [stroke.tolist() for stroke in strokes]
