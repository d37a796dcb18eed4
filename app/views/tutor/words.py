"""What the drawing tutor says."""

from collections.abc import Sequence

from core.corrections.tutor.lesson import Lesson
from core.data.drawings.strokes import FloatArray, Strokes, line_count
from core.exchange.lesson_words import change_words, end_sizes, margin_words, orders_words, stability_words
from core.exchange.words import count

NOTHING = "Draw on the paper, or put a drawing there."
FULL = "A dot is no stroke, and a drawing has at most 128 lines."
NO_CANONICAL = "None yet: draw one, or put one on the paper, then make it the canonical one."
NO_RECOGNISER = "None yet. Training takes about a minute."
LEARNT_ANOTHER = " It learnt another drawing than the canonical one above."
MOVE_AN_END = "Drag a green end, or choose one with Space and move it with the arrow keys."


def drawing_words(strokes: Strokes) -> str:
    """``5 strokes, 24 lines``."""
    return f"{count(len(strokes), 'stroke')}, {count(line_count(strokes), 'line')}"


def kinds_words(kinds: Sequence[tuple[str, float]]) -> str:
    """What it is right about, a line each, for a tooltip."""
    return "Right about held-out drawings:\n" + "\n".join(f"{share:.1%}   {kind}" for kind, share in kinds)


def lesson_words(lesson: Lesson) -> str:
    """What is suggested, and what is proved of it."""
    first = f"{change_words(lesson)}: margin {margin_words(lesson.suggested_lead)}"
    said = [words for words in (first, stability_words(lesson), orders_words(lesson)) if words]
    text = " ".join(f"{words[0].upper()}{words[1:]}." for words in said)
    return "\n".join([text, *end_sizes(lesson)])


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
