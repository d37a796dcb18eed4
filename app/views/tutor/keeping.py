"""A lesson as plain values for the session, and back, so that its boxes are there without computing them again."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from app.views.tutor.sketch import from_plain, to_plain
from core.corrections.tutor.lesson import EndBox, Lesson, LessonRequest
from core.errors import CorrieError


def lesson_to_plain(lesson: Lesson, network_sha256: str) -> dict[str, object]:
    """With the fingerprint of the network that it is about."""
    request = lesson.request
    finite = bool(np.isfinite(lesson.lead))
    return {
        "network_sha256": network_sha256,
        "drawing": to_plain(request.drawing),
        "canonical": to_plain(request.canonical),
        "stroke": request.stroke,
        "stability": request.stability,
        "seconds": request.seconds,
        "status": lesson.status,
        "lead": lesson.lead if finite else None,  # JSON knows no infinity: an empty paper
        "suggested": to_plain(lesson.drawing),
        "suggested_lead": lesson.suggested_lead,
        "added": list(lesson.added),
        "dropped": list(lesson.dropped),
        "free": [list(spot) for spot in lesson.free],
        "stable": lesson.stable,
        "joint": [_box_to_plain(box) for box in lesson.joint],
        "alone": [_box_to_plain(box) for box in lesson.alone],
        "parts": lesson.parts,
        "took": lesson.seconds,
    }


def lesson_from_plain(value: object) -> tuple[Lesson, str] | None:
    """The inverse: the lesson and the network's fingerprint; None where the values make no sense."""
    if not isinstance(value, Mapping):
        return None
    try:
        lesson = _lesson(value)
        return (lesson, str(value["network_sha256"])) if _makes_sense(lesson) else None
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, CorrieError):
        return None


def _lesson(value: Mapping[str, Any]) -> Lesson:
    request = LessonRequest(
        drawing=from_plain(value["drawing"]),
        canonical=from_plain(value["canonical"]),
        stroke=None if value["stroke"] is None else int(value["stroke"]),
        stability=int(value["stability"]),
        seconds=float(value["seconds"]),
    )
    return Lesson(
        request=request,
        status="complete" if value["status"] == "complete" else "partial",
        lead=-np.inf if value["lead"] is None else float(value["lead"]),
        drawing=from_plain(value["suggested"]),
        added=tuple(int(place) for place in value["added"]),
        dropped=tuple(int(place) for place in value["dropped"]),
        free=tuple((int(stroke), int(point)) for stroke, point in value["free"]),
        suggested_lead=float(value["suggested_lead"]),
        stable=bool(value["stable"]),
        joint=tuple(_box(box) for box in value["joint"]),
        alone=tuple(_box(box) for box in value["alone"]),
        parts=int(value["parts"]),
        seconds=float(value["took"]),
    )


def _makes_sense(lesson: Lesson) -> bool:
    """Whether its parts fit one another: strokes that are there, and a box around the place of each free end."""
    if not all(0 <= place < len(lesson.drawing) for place in lesson.added):
        return False
    if not all(0 <= place < len(lesson.request.drawing) for place in lesson.dropped):
        return False
    if not lesson.free:
        return not lesson.joint and not lesson.alone
    home = lesson.placing.start.reshape(-1, 2)  # refuses spots that are not there
    if len(lesson.joint) not in (0, len(home)) or len(lesson.alone) > len(home):
        return False
    boxes = [*zip(lesson.joint, home, strict=False), *zip(lesson.alone, home, strict=False)]
    return all(bool(((box.low <= point) & (point <= box.high)).all()) for box, point in boxes)


def _box_to_plain(box: EndBox) -> dict[str, object]:
    return {"low": box.low.tolist(), "high": box.high.tolist(), "proof": box.proof}


def _box(value: Mapping[str, Any]) -> EndBox:
    low, high = (np.array([float(one) for one in value[side]]) for side in ("low", "high"))
    if low.shape != (2,) or high.shape != (2,) or not np.isfinite([low, high]).all():
        raise ValueError("a box needs two finite ends")
    return EndBox(low=low, high=high, proof="proved" if value["proof"] == "proved" else "unknown")
