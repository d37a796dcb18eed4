"""Two networks, or two data sets: whether they are the same, and where they are not."""

import math

import numpy as np
import numpy.typing as npt

from core.exchange.words import count, number
from core.networks.card import NetworkCard
from core.review.comparison.anatomy import differing_fields, identical
from core.review.comparison.numbers import array_row
from core.review.comparison.record import Finding, Row
from core.session.document import STATISTICS, DatasetItem, NetworkItem

Values = npt.NDArray[np.generic]
MOST_LAYERS = 400  # lines of a network; deeper ones are summed up
_NAMED_CLASSES = 20


def network_rows(a: NetworkItem, b: NetworkItem) -> list[Row]:
    """Fingerprint, card and weights, tensor by tensor."""
    rows = [_text("sha256", a.sha256, b.sha256), *_card_rows(a.card, b.card)]
    if a.program is not None or b.program is not None:
        return [*rows, _program(a.program, b.program)]
    return [*rows, *_weight_rows(a, b)]


def dataset_rows(a: DatasetItem, b: DatasetItem) -> list[Row]:
    """Fingerprint, counts, classes and features, and the samples themselves where both sessions keep them."""
    rows = [
        _text("sha256", a.sha256, b.sha256),
        _text("Samples", f"{a.samples:,}", f"{b.samples:,}"),
        _text("Shape of one", _sizes(a.shape), _sizes(b.shape)),
        _text("Classes", _names(a.classes), _names(b.classes), same=a.classes == b.classes),
        _text("Predicts", _names(a.targets), _names(b.targets), same=a.targets == b.targets),
        *_feature_rows(a, b),
        _text("Source", a.source, b.source),
        _text("Opened from", a.origin, b.origin, if_not="noted"),
    ]
    if a.data is None or b.data is None:
        kept = ["kept" if item.data is not None else "only described" for item in (a, b)]
        words = "compared by their fingerprints alone" if a.sha256 == b.sha256 else "not to be had in both sessions"
        finding: Finding = "same" if a.sha256 == b.sha256 else "not comparable"
        rows.append(Row(part="found", what="The samples", a=kept[0], b=kept[1], difference=words, finding=finding))
    else:
        rows += [
            array_row("found", "The samples", a.data.x, b.data.x),
            _labels(a.data.y, b.data.y),
        ]
    return [row for row in rows if row.a or row.b]


def _labels(a: Values, b: Values) -> Row:
    row = array_row("found", "Labels" if a.dtype.kind in "iu" else "Numbers to be predicted", a, b)
    if row.finding == "same" or a.shape != b.shape:
        return row
    changed = int(np.count_nonzero((a != b).reshape(len(a), -1).any(axis=1)))
    words = f"{count(changed, 'sample')} of {len(a):,}"
    return Row(part=row.part, what=row.what, a=row.a, b=row.b, difference=words, finding="differ", size=float(changed))


def _card_rows(a: NetworkCard, b: NetworkCard) -> list[Row]:
    programs = ["self-contained program (.pt2)" if card.architecture is None else "" for card in (a, b)]
    return [
        _text("Architecture", a.architecture or programs[0], b.architecture or programs[1]),
        _text("Input", _sizes(a.input.shape), _sizes(b.input.shape)),
        _text("Mean that is taken from the input", _numbers(a.input.mean), _numbers(b.input.mean)),
        _text("What the input is divided by", _numbers(a.input.std), _numbers(b.input.std)),
        _text(
            "Classes", _names(a.classes) or "not named", _names(b.classes) or "not named", same=a.classes == b.classes
        ),
        _text("Description", a.description or "none", b.description or "none", if_not="noted"),
    ]


def _program(a: bytes | None, b: bytes | None) -> Row:
    words = ["weights alone" if side is None else f"{len(side):,} bytes" for side in (a, b)]
    finding: Finding = "same" if a == b else "differ"
    return Row(part="found", what="Program", a=words[0], b=words[1], finding=finding)


def _weight_rows(a: NetworkItem, b: NetworkItem) -> list[Row]:
    """All together, then one line for each tensor that changed, that is missing, or has another shape."""
    names = list(dict.fromkeys((*a.weights, *b.weights)))
    changed = [name for name in names if not identical(a.weights.get(name), b.weights.get(name))]
    sizes = [f"{item.parameter_count or 0:,}" for item in (a, b)]
    rows = [_text("Parameters", sizes[0], sizes[1])]
    if not changed:
        same = f"all {count(len(names), 'tensor')}"
        return [*rows, Row(part="found", what="Weights", a=same, b=same, finding="same")]
    rows.append(_together(a, b, names, changed))
    rows += [_tensor(name, a.weights.get(name), b.weights.get(name)) for name in changed[:MOST_LAYERS]]
    if len(changed) > MOST_LAYERS:
        rest = f"{count(len(changed) - MOST_LAYERS, 'further tensor')} changed as well"
        rows.append(Row(part="found", what="Weights", a="", b="", difference=rest, finding="differ"))
    return rows


def _together(a: NetworkItem, b: NetworkItem, names: list[str], changed: list[str]) -> Row:
    """The length of the whole change, against the length of the weights of A; without running statistics."""
    trained = [name for name in names if not name.endswith(STATISTICS)]
    comparable = [n for n in trained if n in a.weights and n in b.weights and a.weights[n].shape == b.weights[n].shape]
    of_all = f"{count(len(changed), 'tensor')} of {len(names):,} changed"
    if len(comparable) < len(trained):
        return Row(part="found", what="Weights", a="", b="", difference=of_all, finding="differ")
    lengths = [math.hypot(*(_length(item.weights[name]) for name in trained)) for item in (a, b)]
    moved = math.hypot(*(_length(_less(b.weights[name], a.weights[name])) for name in trained))
    share = moved / lengths[0] if lengths[0] else math.inf
    return Row(
        part="found",
        what="Weights, ‖w‖₂",
        a=number(lengths[0], 6),
        b=number(lengths[1], 6),
        difference=f"{of_all}; ‖B − A‖₂ is {_share(share)} of ‖A‖₂",
        finding="differ",
        size=share if math.isfinite(share) else None,
    )


def _tensor(name: str, a: Values | None, b: Values | None) -> Row:
    if a is None or b is None:
        words = ["not there" if side is None else _sizes(side.shape) for side in (a, b)]
        finding: Finding = "only in A" if b is None else "only in B"
        return Row(part="found", what=name, a=words[0], b=words[1], finding=finding)
    if a.shape != b.shape:
        return Row(part="found", what=name, a=_sizes(a.shape), b=_sizes(b.shape), finding="differ")
    lengths, moved = (_length(a), _length(b)), _less(b, a)
    share = _length(moved) / lengths[0] if lengths[0] else (0.0 if not moved.any() else math.inf)
    largest = f"at most {number(float(np.abs(moved).max(initial=0.0)), 3)} in one weight"
    said = f"changed by {_share(share)} of its length; {largest}"
    if a.dtype != b.dtype:
        said = f"{said}; stored as {a.dtype} and {b.dtype}"
    return Row(
        part="found",
        what=name,
        a=number(lengths[0], 6),
        b=number(lengths[1], 6),
        difference=said,
        finding="differ",
        size=share if math.isfinite(share) else None,
    )


def _feature_rows(a: DatasetItem, b: DatasetItem) -> list[Row]:
    """The card of a table: which columns are there, and what differs in those of both."""
    if identical(a.features, b.features):
        return []
    if a.features is None or b.features is None:
        words = [
            "no card" if card is None else count(len(card.features), "feature") for card in (a.features, b.features)
        ]
        return [_text("Features", words[0], words[1])]
    first, second = ({one.name: one for one in card.features} for card in (a.features, b.features))
    rows = []
    if list(first) != list(second):
        rows.append(_text("Features", _names(tuple(first)), _names(tuple(second)), same=False))
    for name, one in first.items():
        other = second.get(name)
        if other is not None and one != other:
            for field in differing_fields(one, other):
                values = [str(getattr(feature, field)) for feature in (one, other)]
                rows.append(_text(f"{name}: {field.replace('_', ' ')}", values[0], values[1]))
    if not rows:  # what else stands on a card: the target, groups
        for field in differing_fields(a.features, b.features):
            values = [str(getattr(card, field)) for card in (a.features, b.features)]
            rows.append(_text(f"Card: {field.replace('_', ' ')}", values[0], values[1]))
    return rows


def _length(values: Values) -> float:
    return float(np.linalg.norm(values.astype(np.float64).ravel()))


def _less(one: Values, other: Values) -> npt.NDArray[np.float64]:
    return one.astype(np.float64) - other.astype(np.float64)


def _share(share: float) -> str:
    return f"{number(100 * share, 3)} %" if math.isfinite(share) else "no finite share"


def _text(what: str, a: str, b: str, *, same: bool | None = None, if_not: Finding = "differ") -> Row:
    finding: Finding = "same" if (a == b if same is None else same) else if_not
    return Row(part="about", what=what, a=a, b=b, finding=finding)


def _sizes(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "1"


def _numbers(values: tuple[float, ...]) -> str:
    shown = ", ".join(number(value, 8) for value in values[:_NAMED_CLASSES])
    return shown if len(values) <= _NAMED_CLASSES else f"{shown} … ({len(values):,} in all)"


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_NAMED_CLASSES])
    return shown if len(names) <= _NAMED_CLASSES else f"{shown} … ({len(names):,} in all)"
