"""What a correction says in plain words: changes, distances, proofs, and the state of a box, in the user's units."""

import math
from dataclasses import dataclass
from typing import Protocol

from app.render.plot.number_text import MINUS, decimals_within, plain_number, signed, significant, without_zeros
from app.render.plot.slices.box_geometry import Pair
from core.corrections.records.changes import is_changed
from core.corrections.records.correction import Box, Correction
from core.exchange.step_words import steps_words
from core.exchange.words import bound_words, in_norm

TOUCHING = 1e-6  # of a half-width: nearer than a hand or an eye can tell
EMPTY = (
    "No correction yet. Where the network would accept the input appears here as soon as its job has run; "
    "until then it waits for the jobs before it."
)


class Judged(Protocol):
    """What is known about a box, as `core.corrections.live.slice.Judgement` says it."""

    @property
    def accepted(self) -> bool: ...

    @property
    def margin(self) -> float: ...

    @property
    def counterexample(self) -> Pair | None: ...


@dataclass(frozen=True)
class SliceWords:
    """Writes about one slice: knows its features' names, units and ranges, and what the classes are called."""

    names: tuple[str, str]
    units: tuple[str, str]
    extent: Pair
    classes: tuple[str, ...] = ()
    target_unit: str = ""  # of the number that is predicted
    stepped: bool = False  # whether a feature goes in steps

    @classmethod
    def of(
        cls, correction: Correction, units: tuple[str, str], classes: tuple[str, ...], target_unit: str = ""
    ) -> "SliceWords":
        """Words for this slice."""
        x, y = correction.request.free
        return cls(
            (x.name, y.name),
            units,
            (x.high - x.low, y.high - y.low),
            classes,
            target_unit,
            any(correction.request.steps),
        )

    def with_unit(self, text: str, axis: int) -> str:
        """A value of a feature that is written already, with its unit."""
        return f"{text} {self.units[axis]}" if self.units[axis] else text

    def amount(self, axis: int, value: float, *, sign: bool = False) -> str:
        """A value of a feature, as exact as the plot resolves it, with its unit."""
        decimals = decimals_within(self.extent[axis])
        text = signed(value, decimals) if sign else plain_number(value, decimals)
        return self.with_unit(text, axis)

    def class_name(self, index: int) -> str:
        """What the class is called, or its number."""
        return f"“{self.classes[index]}”" if 0 <= index < len(self.classes) else f"class {index}"

    def wanted_words(self, correction: Correction) -> str:
        """What the network is to say."""
        return correction.request.wanted.words(self.class_name, self.target_unit, _limit_text)

    def input_label(self, correction: Correction) -> str:
        """Beside the input: the verdict on it."""
        if correction.value is None:
            verdict = self.class_name(correction.verdict)
        else:
            verdict = f"{significant(correction.value, 4)} {self.target_unit}".rstrip()
        return f"input: {'accepted' if correction.input_accepted else 'rejected'}, {verdict}"

    def change_label(self, correction: Correction) -> str:
        """Beside the nearest stable correction: the change of each feature and the distance, a line each."""
        changes = [self._change(axis, correction) for axis in (0, 1)]
        return "\n".join(["nearest stable correction", *changes, self._distance(correction)])

    def correction_sentence(self, correction: Correction) -> str:
        """The answer as a sentence that can be read out in a meeting."""
        wanted = self.wanted_words(correction)
        if correction.centre is None:
            return self._without_centre(correction, wanted)
        steps = " and ".join(self._step(axis, correction) for axis in (0, 1))
        return (
            f"Nearest stable correction to {wanted}: {steps}. {self._distance(correction).capitalize()}; it holds for "
            f"{self._stability(correction)} ({_PROOFS[correction.proof]})."
        )

    def _without_centre(self, correction: Correction, wanted: str) -> str:
        where = f"to {wanted} in this slice for {self._stability(correction)}"
        if correction.proof == "none_exists":
            return f"There is provably no stable correction {where}."
        if correction.status == "partial":
            return f"The nearest stable correction {where} has not been computed yet."
        return f"No stable correction {where} was found; only within rounding of the boundary there may be one."

    def slice_sentence(self, correction: Correction) -> str:
        """How the picture was obtained."""
        share = plain_number(100 * correction.accepted_share, 1)
        return (
            f"{plain_number(correction.cells, 0)} linear pieces, computed exactly; {share} % of the slice is accepted, "
            f"with a lead of at least {significant(correction.margin, 2)} {self._of_what(correction)}. "
            f"{_others(correction)} as in the input.{self._of_steps(correction)}"
        )

    def _of_steps(self, correction: Correction) -> str:
        said = steps_words(correction, self.units)
        return f" {said[0].upper()}{said[1:]}." if said else ""

    def _of_what(self, correction: Correction) -> str:
        return "over what is wanted" if correction.request.wanted.by_value else "in the logit"

    def box_words(self, box: Box) -> str:
        """Centre and half-widths, numbers that follow the hand."""
        parts = []
        for axis in (0, 1):
            decimals = decimals_within(self.extent[axis])
            centre, half = (plain_number(pair[axis], decimals) for pair in (box.centre, box.half_width))
            parts.append(f"{self.names[axis]} {self.with_unit(f'{centre} ± {half}', axis)}")
        return "Box: " + ", ".join(parts)

    def judgement_words(self, judged: Judged, box: Box) -> str:
        """Proved or refuted, with the signed margin in units."""
        verdict = "✓ proved: all of it is accepted" if judged.accepted else "✗ refuted: the marked point is rejected"
        return f"{verdict}\n{self.margin_words(judged.margin, box)}"

    def margin_words(self, margin: float, box: Box) -> str:
        """By how much each half-width may grow, or has to shrink, in units.

        The margin counts in half-widths; of a box without any width it is a share of the ranges.
        """
        if not math.isfinite(margin):
            return "nothing in this slice is accepted"
        if 0 <= margin < TOUCHING:
            return "margin 0: it touches the rejected area"
        unit = box.half_width if any(box.half_width) else self.extent
        return "margin " + ", ".join(self._margin(axis, margin * unit[axis]) for axis in (0, 1) if unit[axis] > 0)

    def _margin(self, axis: int, value: float) -> str:
        """With two significant digits at least: a box that is just refuted must not read as one that just holds."""
        needed = 1 - math.floor(math.log10(abs(value))) if value else 0
        decimals = max(decimals_within(self.extent[axis]), min(needed, 9))
        return self.with_unit(signed(value, decimals), axis)

    def _precise(self, axis: int, value: float) -> str:
        """To a hundred-thousandth of the range, for numbers that somebody will type in elsewhere."""
        return without_zeros(plain_number(value, decimals_within(self.extent[axis]) + 2))

    def _difference(self, axis: int, correction: Correction) -> float:
        assert correction.centre is not None  # noqa: S101  asked only where there is one
        return correction.centre[axis] - correction.request.point[axis]

    def _unchanged(self, axis: int, correction: Correction) -> bool:
        assert correction.centre is not None  # noqa: S101  asked only where there is one
        free, before = correction.request.free[axis], correction.request.point[axis]
        return not is_changed(before, correction.centre[axis], free.low, free.high)

    def _change(self, axis: int, correction: Correction) -> str:
        if self._unchanged(axis, correction):
            return f"{self.names[axis]} unchanged"
        return f"{self.names[axis]} {self.amount(axis, self._difference(axis, correction), sign=True)}"

    def _step(self, axis: int, correction: Correction) -> str:
        assert correction.centre is not None  # noqa: S101  asked only where there is one
        before, after = correction.request.point[axis], correction.centre[axis]
        if self._unchanged(axis, correction):
            return f"leave {self.names[axis]} at {self.with_unit(self._precise(axis, before), axis)}"
        verb = "raise" if after > before else "lower"
        goal = self.with_unit(self._precise(axis, after), axis)
        return f"{verb} {self.names[axis]} from {self._precise(axis, before)} to {goal}"

    def _stability(self, correction: Correction) -> str:
        halves = [(axis, feature.half_width) for axis, feature in enumerate(correction.request.free)]
        wide = [
            f"±{self.with_unit(self._precise(axis, half), axis)} of {self.names[axis]}"
            for axis, half in halves
            if half > 0
        ]
        return " and ".join(wide) if wide else "that point alone (no stability was asked for)"

    def _distance(self, correction: Correction) -> str:
        if correction.distance is None:
            return "distance unknown"
        text = f"distance {significant(correction.distance, 3)}{in_norm(correction.request.norm)}"
        least = correction.lower_bound
        bound = "" if least is None else bound_words(least, 3, correction.distance)
        return f"{text}, and none below {bound}" if bound and bound not in text else text


def _others(correction: Correction) -> str:
    """What does not change; an image has no features."""
    return "All other features stay" if correction.request.moves is None else "Everything else stays"


def _limit_text(limit: float) -> str:
    """As it was typed in."""
    return f"{limit:.6g}".replace("-", MINUS)


_PROOFS = {
    "proved": "proved",
    "sampled": "checked at samples, not proved",
    "unknown": "not proved yet",
    "none_exists": "provably none exists",
}
