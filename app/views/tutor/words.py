"""What the drawing tutor says."""

from collections.abc import Sequence

from core.corrections.tutor.lesson import EndBox, Lesson
from core.data.drawings.strokes import FloatArray, Strokes, line_count

NOTHING = "Draw on the paper with the mouse, or put a drawing of your data there."
NO_CANONICAL = "None yet: draw one, or put one on the paper, then make it the canonical one."
NO_RECOGNISER = "None yet. Training takes about a minute."
LEARNT_ANOTHER = " It learnt another drawing than the canonical one above."
MOVE_AN_END = "Drag a green end, or choose one with Space and move it with the arrow keys."


def drawing_words(strokes: Strokes) -> str:
    """``5 strokes, 24 lines``."""
    count, lines = len(strokes), line_count(strokes)
    return f"{count} stroke{'' if count == 1 else 's'}, {lines} line{'' if lines == 1 else 's'}"


def kinds_words(kinds: Sequence[tuple[str, float]]) -> str:
    """What it is right about, a line each, for a tooltip."""
    return "Right about held-out drawings:\n" + "\n".join(f"{share:.1%}   {kind}" for kind, share in kinds)


def lesson_words(lesson: Lesson) -> str:
    """What is suggested, and what is proved of it."""
    changes = []
    if lesson.added:
        changes.append(f"{_strokes(len(lesson.added))} put in")
    if lesson.dropped:
        changes.append(f"{_strokes(len(lesson.dropped))} taken out")
    what = " and ".join(changes) or "the chosen stroke may move"
    text = f"{what[0].upper()}{what[1:]}: margin {lesson.suggested_lead:+.2f}. ".replace("-", "−")
    if not lesson.free:
        return text
    stability = lesson.request.stability
    if lesson.stable:
        text += f"Proved for every end off by ± {stability} px. "
    elif lesson.status == "complete":
        text += f"Not proved for ± {stability} px. "
    if lesson.parts:
        orders = "one order" if lesson.parts == 1 else f"{lesson.parts} orders"
        text += f"Proofs go through {orders} of the lines."
    for end, box in enumerate(lesson.joint):
        text += f"\nEnd {end + 1}: {_size(box)}"
        text += f"; alone {_size(lesson.alone[end])} px" if end < len(lesson.alone) else " px"
    return text.strip()


def end_words(lesson: Lesson, placement: FloatArray, end: int, lead: float | None) -> str:
    """``End 2 at (201, 89): proved``."""
    x, y = placement[2 * end : 2 * end + 2].tolist()
    proved = lesson.proves(placement)
    if proved:
        said = "proved, as every place in its box"
    elif lead is None:
        said = "not judged"
    else:
        said = "accepted here, nothing proved around it" if lead > 0 else "rejected"
    return f"End {end + 1} at ({x:g}, {y:g}): {said}"


def _strokes(count: int) -> str:
    return "one stroke" if count == 1 else f"{count} strokes"


def _size(box: EndBox) -> str:
    """``7 × 9`` pixels."""
    width, height = (int(side) + 1 for side in box.high - box.low)
    return f"{width} × {height}"
