"""The table of a correction in several features: a row for each, what it is and what it becomes."""

from collections.abc import Iterator

from app.render.plot.joint.span import Span
from app.render.plot.number_text import signed, significant
from app.views.cell_table import Cells
from core.corrections.live.joint import stable_for
from core.corrections.records.joint import JointCorrection
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.tables.joint import joint_rows

HEADS = ("Feature", "Unit", "Now", "Corrected", "Change", "Stable ±", "Box from", "Box to", "Range", "Cost")
HEAD_TIPS = (
    "Features that may change; all others stay as in the input",
    "Of all numbers of the row",
    "In the input",
    "In the nearest stable correction",
    "From the one to the other",
    "For which the correction holds",
    "Lowest value of the box, or its level",
    "Highest value of the box",
    "In which the feature may change",
    "What the change adds to the distance in the L1 norm",
)


def joint_cells(joint: JointCorrection, subject: Subject) -> Cells:
    """What is seen; copied is all that is known of the result, with every digit."""
    rows = [*_numbers(joint, subject), *_categories(joint)]
    return Cells(heads=HEADS, rows=rows, copied=tuple(joint_rows(joint)), words=2, head_tips=HEAD_TIPS)


def _numbers(joint: JointCorrection, subject: Subject) -> Iterator[tuple[str, ...]]:
    request, point, box = joint.request, joint.nearest.point, joint.box
    halves, start = stable_for(joint, joint.nearest), request.start
    for place, one in enumerate(request.freedom.numbers):
        span, now = Span(one.low, one.high, one.step), float(start[place])
        after = change = cost = ""
        if point is not None:
            to = float(point[place])
            after, change = span.text(to), signed(to - now, _decimals(span.text(to)))
            cost = significant(one.weight * abs(to - now), 3)
        ends = ("", "") if box is None else (span.text(float(box.low[place])), span.text(float(box.high[place])))
        reach = f"{span.text(one.low)} to {span.text(one.high)}"
        names = (shown(one.name, 60), shown(subject.unit(one.name), 20))
        yield (*names, span.text(now), after, change, span.text(float(halves[place])), *ends, reach, cost)


def _categories(joint: JointCorrection) -> Iterator[tuple[str, ...]]:
    request, found, box = joint.request, joint.nearest, joint.box
    for place, one in enumerate(request.freedom.categories):
        now = request.present[place]
        after = cost = ""
        if found.levels:
            after = one.levels[found.levels[place]]
            cost = significant(one.price if found.levels[place] != now else 0.0, 3)
        level = "" if box is None else one.levels[box.levels[place]]
        allowed = len(one.allowed or one.levels)
        yield (shown(one.name, 60), "", one.levels[now], after, "", "", level, "", f"{allowed} levels", cost)


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
