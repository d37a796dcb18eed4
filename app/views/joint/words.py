"""What the page of a correction in several features says about its box and its findings."""

from app.render.plot.joint.span import Span
from app.render.plot.number_text import significant
from core.corrections.live.joint import BoxJudgement
from core.corrections.records.joint import FoundChange, JointBox, JointCorrection
from core.exchange.joint_words import change_words, joint_rule, joint_wanted
from core.exchange.shown_names import shown
from core.exchange.subject import Subject
from core.exchange.words import count, number, rounded_down

WAITING = (
    "No correction yet. The smallest stable change of these features appears here as soon as its job has run; "
    "until then it waits for the jobs before it."
)
NO_NETWORK = "not proved: the network is not in this session, so a box that was moved cannot be judged"
SEARCHING = "the search goes on; the box can be moved when it is over"
ASKING = "proving…"
UNDECIDED = "? not decided: the time was over before {every} was proved or one was found rejected"
GROWING = "growing: every step is proved"
MOST_HELD = 2  # features whose ± is said where a place of a curve is read
LEFT_ALONE = "What is left alone is taken to be exactly as it is now."
BADGES = {
    "proved": "✓ proved",
    "sampled": "? sampled",
    "unknown": "? not proved",
    "none_exists": "∅ none exists",
}


def finding_words(joint: JointCorrection, subject: Subject) -> str:
    """The answer as a sentence that can be read out in a meeting."""
    wanted, found = joint_wanted(joint, subject), joint.nearest
    if found.proof == "none_exists":
        return f"There is provably no stable correction to {wanted} within these ranges."
    if found.point is None:
        if joint.status == "partial":
            return f"No stable correction to {wanted} has been found yet."
        return f"No stable correction to {wanted} was found in the time, and it is not proved that there is none."
    to = "For a value of" if joint.request.goal.by_value else "To be judged"
    alone = f" {LEFT_ALONE}" if joint.request.limited else ""
    return f"{to} {wanted}: {change_words(joint, found, subject)}.{alone}"


def judgement_words(joint: JointCorrection, answer: str, judged: BoxJudgement | None, subject: Subject) -> str:
    """What is known of the box, and how."""
    if answer == "asking":
        return ASKING
    every = "every point of the box" + (" on the steps" if _stepped(joint) else "")
    if answer == "proved":
        how = ""
        if judged is not None and judged.boxes:
            how = f" ({count(judged.boxes, 'box', 'boxes')} bounded in {count(judged.slabs, 'new slab')})"
        return f"✓ proved: {every} is accepted{how}"
    if answer == "refuted" and judged is not None and judged.rejected is not None:
        where = ", ".join(_place(joint, judged, subject))
        lead = "" if judged.lead is None else f", {significant(abs(judged.lead), 2)} short of what is wanted"
        return f"✗ refuted: rejected at {where}{lead}" if where else f"✗ refuted: these levels are rejected{lead}"
    return UNDECIDED.format(every=every)


def _stepped(joint: JointCorrection) -> bool:
    """Whether a number goes in steps, so that only its values on them, and the input's own, are allowed and proved."""
    return any(one.step for one in joint.request.freedom.numbers)


def rule_words(joint: JointCorrection, box: JointBox, subject: Subject) -> str:
    """The box as a rule in the user's units."""
    rule = joint_rule(joint, subject, box)
    return f"{rule[:1].upper()}{rule[1:]}." if rule else ""


def way_row(joint: JointCorrection, found: FoundChange, subject: Subject) -> tuple[str, str, str]:
    """A correction in the list: what changes, for which distance, and below which there is none."""
    distance = "" if found.distance is None else significant(found.distance, 4)
    changes = change_words(joint, found, subject).replace("_", "_\u200b") or "—"
    return changes, distance, significant(rounded_down(found.lower_bound, 4), 4)


def stability_words(joint: JointCorrection, place: int, subject: Subject) -> str:
    """What is had at a place of minimal against stable, and for which distance; "" where nothing was found there."""
    found, scale = joint.along[place], float(joint.tradeoff[place, 0])
    if found.point is None or found.distance is None or found.half_width is None:
        return ""
    held = [
        f"{shown(one.name, 24)} ±\u00a0{number(half, 3)}\u00a0{shown(subject.unit(one.name), 12)}".rstrip()
        for one, half in zip(joint.request.freedom.numbers, found.half_width.tolist(), strict=True)
        if half
    ]
    times = "As asked for" if scale == 1 else f"{number(scale, 3)} × the ± asked for"
    listed = f" ({', '.join(held)})" if len(held) <= MOST_HELD else ""
    stable = f"{times}{listed}" if held else "Without stability"
    least = "" if found.closed else f", none nearer than {significant(rounded_down(found.lower_bound, 3), 3)}"
    return f"{stable}: distance {significant(found.distance, 4)}{least}"


def _place(joint: JointCorrection, judged: BoxJudgement, subject: Subject) -> list[str]:
    if judged.rejected is None:
        return []
    parts = []
    for feature, value in zip(joint.request.freedom.numbers, judged.rejected.tolist(), strict=True):
        text = Span(feature.low, feature.high, feature.step).text(value)
        parts.append(f"{shown(feature.name, 30)} {text}\u00a0{shown(subject.unit(feature.name), 20)}".rstrip())
    return parts
