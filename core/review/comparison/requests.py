"""What was asked, field by field, in the words of the inspector's forms."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import FreeCategory
from core.corrections.records.goal import Goal
from core.exchange.goal_words import goal_words
from core.exchange.plane_words import NORMALISED, directions_words
from core.exchange.subject import Subject
from core.exchange.words import count, number
from core.review.comparison.anatomy import identical
from core.review.comparison.record import Row
from core.robustness.kinds import ATTACK_NAMES
from core.spectrum.spectrum import END_NAMES, MATRIX_NAMES

_LABELS = {  # of fields that the forms call otherwise than their names say
    "x_range": "Range along the first direction",
    "y_range": "Range along the second direction",
    "display_limit": "Loss shown up to",
    "batch_norm": "Statistics of normalisation",
    "test": "On the test set",
    "norm": "Scaled",
    "kind": "Directions",
    "first": "Rank of the first direction",
    "second": "Rank of the second direction",
    "ignore": "At rest",
    "moving": "Moved",
    "top": "Eigenvalues",
    "end": "From which end",
    "matrix": "Matrix",
    "layers": "Of the layers",
    "weights_only": "Weights only",
    "density_steps": "Steps of the density",
    "layer_table": "Table of layers",
    "audit_products": "Audit",
    "max_products": "Products at most",
    "population_pairs": "Pairs over all samples",
    "epsilon": "Strengths ε",
    "steps": "PGD steps",
    "made_on": "Made on",
    "input_hessian": "Hessian in the input",
    "input": "Input",
    "goal": "Wanted",
    "target": "Wanted",
    "free": "May change",
    "freedom": "May change",
    "most_changed": "Changed at most",
    "different": "Further corrections",
    "seconds": "Search for",
    "rule_seconds": "Search for rules for",
    "rows": "Rows",
    "others": "Other networks",
    "half_width": "stable for ±",
    "price": "price per unit",
    "low": "lowest",
    "high": "highest",
    "step": "in steps of",
    "levels": "levels",
    "allowed": "levels that may be chosen",
    "change": "may go",
    "evaluate_every": "Evaluation every",
    "checkpoint_every": "Checkpoints every",
    "milestones": "Rate drops at",
    "decay": "Multiplied by",
    "curvature_samples": "Curvature on",
    "samples": "Samples",
    "micro_batch": "Samples at once",
    "robust": "Robust training",
    "adaptive": "Batch that grows",
}
_OF_CORRECTIONS = {"norm": "Norm"}  # a distance has a norm, directions are scaled by one
_VALUES: Mapping[str, Mapping[str, str]] = {
    "matrix": dict(MATRIX_NAMES.items()),
    "end": dict(END_NAMES.items()),
    "attacks": dict(ATTACK_NAMES.items()),
    "attack": dict(ATTACK_NAMES.items()),
    "norm": {**NORMALISED, "L1": "L1", "L2": "L2", "Linf": "L∞"},
    "batch_norm": {"frozen": "as in the network", "recalibrated": "computed anew at every point"},
    "ignore": {"biasbn": "biases and normalisation layers", "none": "nothing"},
    "moving": {"weights": "trained parameters only", "states": "with running statistics"},
    "kind": {
        "random": "random",
        "eigen": "eigenvectors of the Hessian",
        "pca": "principal axes of the checkpoints",
        "networks": "towards other networks",
        "bezier": "a Bézier curve to another network",
        "file": "given",
    },
}
_UNSET = {"samples": "all", "test_samples": "all", "x_range": "as far as the networks", "row": "an input of your own"}
_MOST_VALUES = 12  # of a list, before it is only counted


def asked_rows(a: object, b: object, subjects: tuple[Subject, Subject]) -> list[Row]:
    """A line for every field that differs, or one that says that nothing does.

    Parameters
    ----------
    a, b : dataclasses
        Requests of one kind.
    subjects : (Subject, Subject)
        Whose classes and units the goals are named with.
    """
    if type(a) is not type(b):
        kinds = [type(side).__name__.removesuffix("Request").lower() for side in (a, b)]
        return [Row(part="asked", what="Request", a=kinds[0], b=kinds[1], finding="differ")]
    found = _Fields(subjects, corrections=hasattr(a, "freedom") or hasattr(a, "free")).compared(a, b, "")
    return found or [Row(part="asked", what="Request", a="the same", b="the same", finding="same")]


class _Fields:
    """Compares records, and records in them."""

    def __init__(self, subjects: tuple[Subject, Subject], *, corrections: bool) -> None:
        self._subjects = subjects
        self._labels = {**_LABELS, **_OF_CORRECTIONS} if corrections else _LABELS

    def compared(self, a: object, b: object, at: str) -> list[Row]:
        """Lines of what is not identical; `at` names the record that the two are part of."""
        rows: list[Row] = []
        for name in (field.name for field in fields(a)):  # type: ignore[arg-type]  # requests and their parts
            one, other = getattr(a, name), getattr(b, name)
            if identical(one, other):
                continue
            label = self._labels.get(name, name.replace("_", " ").capitalize())
            rows += self._field(name, f"{at}: {label[:1].lower()}{label[1:]}" if at else label, one, other)
        return rows

    def _field(self, name: str, label: str, one: object, other: object) -> list[Row]:  # noqa: PLR0911  kind after kind
        if isinstance(one, Goal | None) and isinstance(other, Goal | None):
            sides = (one, other)
            words = [
                "not set" if goal is None else goal_words(goal, subject)
                for goal, subject in zip(sides, self._subjects, strict=True)
            ]
            return [_row(label, words[0], words[1])] if words[0] != words[1] else [_row(label, repr(one), repr(other))]
        if name == "freedom" and is_dataclass(one):
            return self.compared(one, other, "")
        if _are_features(one) and _are_features(other):
            return self._features(label, one, other)  # type: ignore[arg-type]  # tuples of features
        if is_dataclass(one) and type(one) is type(other):
            return self.compared(one, other, "" if name == "directions" else label)
        if name == "input" and isinstance(one, tuple) and isinstance(other, tuple):
            return [_inputs(label, one, other)]
        if name == "directions":
            words = [directions_words(side) for side in (one, other)]  # type: ignore[arg-type]  # of any kind
            return [_row(label, words[0], words[1])]
        if name == "target":
            named = [s.class_name(v) for s, v in zip(self._subjects, (one, other), strict=True) if isinstance(v, int)]
            return [_row(label, *named)] if len(set(named)) == 2 else [_row(label, str(one), str(other))]
        return [_row(label, _words(name, one), _words(name, other))]

    def _features(self, label: str, one: tuple[FreeFeature, ...], other: tuple[FreeFeature, ...]) -> list[Row]:
        """By name: which may change in one of the two alone, and how those of both differ."""
        first, second = ({feature.name: feature for feature in side} for side in (one, other))
        rows: list[Row] = []
        if list(first) != list(second):
            rows.append(_row(label, ", ".join(first) or "nothing", ", ".join(second) or "nothing"))
        for name in first:
            if name in second:
                rows += self.compared(first[name], second[name], name)
        return rows


def _are_features(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and all(hasattr(one, "price") for one in value)


def _inputs(label: str, one: tuple[float, ...], other: tuple[float, ...]) -> Row:
    if len(one) != len(other):
        return _row(label, count(len(one), "column"), count(len(other), "column"))
    places = [place for place, (x, y) in enumerate(zip(one, other, strict=True)) if x != y]
    shown = places[:_MOST_VALUES]
    first, second = (", ".join(f"column {place}: {number(side[place], 6)}" for place in shown) for side in (one, other))
    return _row(label, first, second, f"{count(len(places), 'column')} of {len(one):,}")


def _row(label: str, a: str, b: str, difference: str = "") -> Row:
    return Row(part="asked", what=label, a=a, b=b, difference=difference, finding="differ")


def _words(name: str, value: object) -> str:  # noqa: PLR0911  one kind after the other
    if value is None:
        return _UNSET.get(name, "not set")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _VALUES.get(name, {}).get(value, value) or "none"
    if isinstance(value, float):
        return number(value, 15 if 0 < abs(value) < 1e-3 or abs(value) >= 1e4 else 8)
    if isinstance(value, tuple | list):
        if not value:
            return "none"
        if name.endswith("_range") and len(value) == 2:
            return f"{number(value[0], 8)} to {number(value[1], 8)}"
        shown = ", ".join(_words(name, entry) for entry in value[:_MOST_VALUES])
        return shown if len(value) <= _MOST_VALUES else f"{shown} … ({len(value):,} in all)"
    if isinstance(value, FreeCategory):
        return value.name
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return "; ".join(f"{part.replace('_', ' ')} {_words(part, entry)}" for part, entry in parts.items())
    return str(value)
