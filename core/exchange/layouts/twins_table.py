"""The differences of twins in numbers: for readers, for files, and in sentences."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.exchange.layouts.losses_by_batch import rise_of
from core.exchange.layouts.members import Member
from core.exchange.layouts.picture import Table
from core.exchange.layouts.spectra_by_batch import error_of, last_of, top_of
from core.exchange.words import number, signed, whole
from core.landscape.curve import Curve
from core.robustness.kinds import ALONG_GRADIENT, ATTACK_NAMES, Attack
from core.robustness.robustness import Robustness
from core.spectrum.spectrum import Spectrum


@dataclass(frozen=True, kw_only=True, eq=False)
class Twin:
    """One of the two, with what is known of it."""

    member: Member
    name: str
    robust: bool
    spectrum: Spectrum | None
    curve: Curve | None
    attacks: Robustness | None
    reach: float  # how far both curves go

    def accuracy(self, kind: Attack, epsilon: float) -> float:
        """Under an attack, 0 to 1; NaN where it was not made."""
        found = self.attacks
        if found is None or kind not in found.request.attacks:
            return math.nan
        at = np.flatnonzero(np.isclose(found.epsilon, epsilon, rtol=1e-9))
        return float(found.accuracy[found.request.attacks.index(kind), at[0]]) if len(at) else math.nan


Pair = tuple[Twin, Twin]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measure of both."""

    name: str
    unit: str
    values: tuple[float, float]
    errors: tuple[float, float] = (math.nan, math.nan)

    @property
    def difference(self) -> float:
        """The second less the first."""
        return self.values[1] - self.values[0]

    @property
    def error(self) -> float:
        """Standard error of the difference, as if the two were of different samples; NaN where it is not known.

        On the same samples it is too large rather than too small, because what is hard for one is hard for the other.
        """
        return math.hypot(*self.errors)


def lines_of(pair: Pair) -> Iterator[Line]:
    """Every measure that at least one of the two has."""
    for line in (*_curvature(pair), *_landscape(pair), *_training(pair), *_attacks(pair)):
        if any(map(math.isfinite, line.values)):
            yield line


def table_of(pair: Pair) -> Table:
    """Every measure of both in numbers, for readers and for files."""
    head = ("measure", "unit", pair[0].name, pair[1].name, "difference", "± standard error")
    rows = tuple((line.name, line.unit, *line.values, line.difference, line.error) for line in lines_of(pair))
    return Table(head=head, rows=rows)


def statements(pair: Pair) -> tuple[str, ...]:
    """Whether the robust one is flatter and resists more, as the paper found; of one pair no chance can be told."""
    words = []
    if math.isfinite(ratio := _ratio(top_of(pair[1].spectrum), top_of(pair[0].spectrum))):
        values = " against ".join(number(top_of(twin.spectrum)) for twin in reversed(pair))
        words.append(f"Top eigenvalue of {pair[1].name}: {values}, {number(ratio, 3)} times that of {pair[0].name}.")
        top = next(_curvature(pair))
        if abs(top.difference) <= 2 * top.error:
            words.append(f"The difference is within two standard errors of sampling, ± {number(2 * top.error, 2)}.")
        elif pair[1].robust and not pair[0].robust:
            verdict = "is seen here" if ratio < 1 else "is not seen here"
            words.append(f"That robust training favours flat areas, as the paper found, {verdict}.")
    stronger = [line for line in _attacks(pair) if math.isfinite(line.difference)]
    if len(stronger) > 1:
        attacked = stronger[1:]
        wins = sum(line.difference > 2 * line.error for line in attacked)
        losses = sum(line.difference < -2 * line.error for line in attacked)
        clean = signed(stronger[0].difference, 3)
        words.append(
            f"Under {len(attacked)} attacks {pair[1].name} is more accurate by more than two standard errors in "
            f"{wins}, less accurate in {losses}; on clean samples the difference is {clean} percentage points."
        )
    if words:
        words.append("This is one pair of networks: another seed may give another answer.")
    return tuple(words)


def _ratio(one: float, other: float) -> float:
    return one / other if other else math.nan


def _curvature(pair: Pair) -> Iterator[Line]:
    spectra = [twin.spectrum for twin in pair]
    errors = [math.nan if spectrum is None else float(error_of(spectrum)[0]) for spectrum in spectra]
    unit = next((spectrum.loss_unit for spectrum in spectra if spectrum is not None), "")
    yield _line("top eigenvalue", unit, [top_of(spectrum) for spectrum in spectra], errors)
    traces = [None if spectrum is None else spectrum.trace for spectrum in spectra]
    yield _line(
        "trace of the Hessian",
        unit,
        [math.nan if trace is None else trace.value for trace in traces],
        [math.nan if trace is None else trace.standard_error for trace in traces],
    )


def _landscape(pair: Pair) -> Iterator[Line]:
    unit = next((twin.curve.loss_unit for twin in pair if twin.curve is not None), "")
    centres = [math.nan if twin.curve is None else twin.curve.centre_loss for twin in pair]
    yield _line("train loss, as on the curve", unit, centres)
    rises = [rise_of(twin.curve, twin.reach) for twin in pair]
    yield _line(f"rise of the train loss at ±{number(pair[0].reach, 3)} along v₁", unit, rises)


def _training(pair: Pair) -> Iterator[Line]:
    for name, words, unit, scale in (
        ("train_loss", "train loss, whole set", "nats", 1.0),
        ("test_loss", "test loss, whole set", "nats", 1.0),
        ("train_accuracy", "train accuracy, whole set", "%", 100.0),
        ("test_accuracy", "test accuracy, whole set", "%", 100.0),
    ):
        classes = all(twin.member.run is None or math.isfinite(last_of(twin.member, "train_accuracy")) for twin in pair)
        values = [scale * last_of(twin.member, name) for twin in pair]
        yield _line(words, unit if classes else "", values)


def _attacks(pair: Pair) -> Iterator[Line]:
    """On clean samples first; then every attack at every strength that one of them has."""
    known = [twin.attacks for twin in pair if twin.attacks is not None]
    counts = [0 if twin.attacks is None else twin.attacks.samples for twin in pair]

    def line(words: str, values: list[float]) -> Line:
        errors = [100 * math.sqrt(p * (1 - p) / n) if n else math.nan for p, n in zip(values, counts, strict=True)]
        return _line(words, "%", [round(100 * value, 10) for value in values], errors)

    on = f" ({whole(known[0].samples)} samples)" if known else ""
    yield line(
        f"clean accuracy{on}", [math.nan if twin.attacks is None else twin.attacks.clean_accuracy for twin in pair]
    )
    for kind, words in ATTACK_NAMES.items():
        strengths = {
            float(epsilon): float(length)
            for found in known
            if kind in found.request.attacks
            for epsilon, length in zip(found.epsilon, found.length, strict=True)
        }
        for epsilon, length in sorted(strengths.items()):
            at = f"L2 {number(length, 3)}" if kind in ALONG_GRADIENT else f"ε {number(epsilon, 3)}"
            yield line(f"accuracy under {words}, {at}", [twin.accuracy(kind, epsilon) for twin in pair])


def _line(
    name: str, unit: str, values: list[float], errors: list[float] | tuple[float, float] = (math.nan, math.nan)
) -> Line:
    return Line(name=name, unit=unit, values=(values[0], values[1]), errors=(errors[0], errors[1]))
