"""A lesson of the drawing tutor in words: what is put in and taken out, and what is proved of the free ends."""

from core.corrections.tutor.lesson import EndBox, Lesson
from core.exchange.shown_names import shown
from core.exchange.words import count, number


def change_words(lesson: Lesson) -> str:
    """``one stroke put in and 2 strokes taken out``."""
    changes = []
    if lesson.added:
        changes.append(f"{_strokes(len(lesson.added))} put in")
    if lesson.dropped:
        changes.append(f"{_strokes(len(lesson.dropped))} taken out")
    return " and ".join(changes) or "the chosen stroke may move"


def stability_words(lesson: Lesson) -> str:
    """Whether all ends may be off by what was asked for; "" while nobody knows, or nothing is free."""
    stability = lesson.request.stability
    if not lesson.free:
        return ""
    if lesson.stable:
        return f"proved for every end off by ± {stability} px"
    return f"not proved for ± {stability} px" if lesson.status == "complete" else ""


def orders_words(lesson: Lesson) -> str:
    """``proofs go through 6 orders of the lines``; "" where nothing is proved."""
    if not lesson.parts:
        return ""
    return f"proofs go through {'one order' if lesson.parts == 1 else f'{lesson.parts} orders'} of the lines"


def end_sizes(lesson: Lesson) -> list[str]:
    """``End 1: 11 × 11; alone 22 × 19 px``, of every end that has a box."""
    found = []
    for end, box in enumerate(lesson.joint):
        alone = f"; alone {size_words(lesson.alone[end])} px" if end < len(lesson.alone) else " px"
        found.append(f"End {end + 1}: {size_words(box)}{alone}")
    return found


def size_words(box: EndBox) -> str:
    """``7 × 9``, in pixels that an end may lie on."""
    width, height = (int(side) + 1 for side in box.high - box.low)
    return f"{width} × {height}"


def margin_words(lead: float) -> str:
    """``+3.54``, in logits."""
    return f"{lead:+.2f}".replace("-", "−")


def lesson_notes(lesson: Lesson, network_name: str) -> list[str]:
    """Whose judgment it is, what was suggested, and what is proved."""
    before, after = margin_words(lesson.lead), margin_words(lesson.suggested_lead)
    known = "; ".join(words for words in (stability_words(lesson), orders_words(lesson)) if words)
    notes = [f"Recogniser: {shown(network_name)}. Margin {before} before, {after} with {change_words(lesson)}."]
    if known:
        notes.append(f"{known[0].upper()}{known[1:]}, each order by bounds that are rounded outward.")
    if sizes := end_sizes(lesson):
        notes.append(". ".join(sizes) + ".")
    if lesson.status == "partial":
        notes.append("Partial result: the lesson was stopped before its time.")
    lines = count(sum(stroke.shape[1] - 1 for stroke in lesson.request.drawing), "line")
    notes.append(
        f"The drawing has {lines}. Boxes are of whole pixels, as the recogniser is fed; {number(lesson.seconds)} s."
    )
    return notes


def _strokes(number_of: int) -> str:
    return "one stroke" if number_of == 1 else f"{number_of} strokes"
