"""Which rows of a table are cases: those that the network rejects, each with what may change of it."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.cases import CaseFeature, CasesRequest
from core.corrections.records.correction import NO_CLASS
from core.corrections.records.freedom import Freedom
from core.corrections.records.goal import Goal
from core.corrections.requests.rows import freedom_for_row
from core.data.dataset import Dataset
from core.data.tables.features import group_of
from core.errors import InvalidRequest
from core.job import JobContext

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BATCH = 1024  # rows judged at a time: well below 100 ms for the networks of tables


@dataclass(frozen=True, kw_only=True, eq=False)
class Rejected:
    """The rows that the network rejects, of all that were looked at."""

    looked_at: int
    rows: IntArray = field(repr=False)  # (n,)
    inputs: FloatArray = field(repr=False)  # (n, columns), in the user's units
    verdict: IntArray = field(repr=False)  # (n,)
    value: FloatArray = field(repr=False)  # (n,)


def rejected_rows(request: CasesRequest, lowered: PiecewiseLinear, data: Dataset, job: JobContext) -> Rejected:
    """Judge the rows that are asked for, some at a time.

    Raises
    ------
    InvalidRequest
        If a row is not in the data, or they do not fit the network.
    """
    stray = next((row for row in request.rows if row >= len(data)), None)
    if stray is not None:
        raise InvalidRequest(f'There is no row {stray}: "{data.name}" has rows 0 to {len(data) - 1}.')
    if data.x.ndim != 2 or data.x.shape[1] != lowered.inputs:
        raise InvalidRequest(
            f"The rows have the shape {data.x.shape[1:]}, the network takes {lowered.inputs} columns. Choose the data "
            "that the network was trained on."
        )
    asked = np.array(request.rows or range(len(data)), dtype=np.int64)
    goal = lowered.head.before(request.goal)
    found, verdicts, values = [], [], []
    for begin in range(0, len(asked), BATCH):
        job.check()
        rows = asked[begin : begin + BATCH]
        outputs = lowered.forward(data.x[rows].astype(np.float64))
        missed = np.logical_not(goal.leads(outputs) > 0)
        found.append(rows[missed])
        by_class = np.full(missed.sum(), NO_CLASS) if goal.by_value else outputs[missed].argmax(axis=1)
        verdicts.append(by_class.astype(np.int64))
        said = lowered.head.applied(outputs[missed])[:, 0]
        values.append(said if goal.by_value else np.full(len(said), np.nan))
    rows = np.concatenate(found)
    return Rejected(
        looked_at=len(asked),
        rows=rows,
        inputs=data.x[rows].astype(np.float64),
        verdict=np.concatenate(verdicts),
        value=np.concatenate(values),
    )


def freedoms(request: CasesRequest, data: Dataset, rows: Iterable[int], job: JobContext) -> list[Freedom | str]:
    """What may change of each row; a sentence where nothing can.

    Raises
    ------
    InvalidRequest
        If all rows have the same sentence: then it is the request that is wrong.
    """
    found: list[Freedom | str] = []
    for row in rows:
        job.check()
        try:
            found.append(_freedom(request, data, row))
        except InvalidRequest as error:
            found.append(str(error))
    if found and isinstance(found[0], str) and all(one == found[0] for one in found):
        raise InvalidRequest(found[0])
    return found


def usual_freedom(request: CasesRequest, data: Dataset, found: Iterable[Freedom | str], job: JobContext) -> Freedom:
    """One of those that were found, or of another row: what it names is the same for all.

    Raises
    ------
    InvalidRequest
        If nothing can change in any row.
    """
    known = next((one for one in found if isinstance(one, Freedom)), None)
    if known is not None:
        return known
    for row in range(len(data) - 1):
        job.check()
        with contextlib.suppress(InvalidRequest):
            return _freedom(request, data, row)
    return _freedom(request, data, len(data) - 1)


def _freedom(request: CasesRequest, data: Dataset, row: int) -> Freedom:
    free = request.free
    stability = {one.name: one.half_width for one in free if one.half_width is not None}
    prices = {one.name: one.price for one in free if one.price is not None}
    ranges = {one.name: ends for one in free if (ends := _range(one, data, row)) is not None}
    steps = {one.name: one.step for one in free if one.step is not None}
    freedom = freedom_for_row(data, row, [one.name for one in free], stability, ranges, prices)
    numbers = tuple(replace(one, step=steps.get(one.name, one.step)) for one in freedom.numbers)
    levels = {one.name: one.levels for one in free if one.levels}
    categories = tuple(one.allowing(levels.get(one.name, ())) for one in freedom.categories)
    return replace(freedom, numbers=numbers, categories=categories)


def _range(one: CaseFeature, data: Dataset, row: int) -> tuple[float, float] | None:
    """What was asked for, cut where its direction ends it; None leaves it to the card."""
    given = None if one.low is None or one.high is None else (one.low, one.high)
    card = data.features
    if one.change == "may" or card is None:
        return given
    now = 0.0
    if group_of(card, one.name) is None:
        feature, column = card.feature(one.name), data.x[:, card.column_of(one.name)]
        now = float(column[row])
        known = (feature.low, feature.high)
        given = given or (
            float(column.min()) if known[0] is None else known[0],
            float(column.max()) if known[1] is None else known[1],
        )
    low, high = given or (-np.inf, np.inf)
    low, high = (max(low, now), high) if one.change == "up" else (low, min(high, now))
    if not low < high:
        way = "grow" if one.change == "up" else "shrink"
        raise InvalidRequest(f'"{one.name}" is {now:g} and may only {way}: there is nothing to choose.')
    return low, high


def goal_of(request: CasesRequest, lowered: PiecewiseLinear) -> Goal:
    """What is wanted of the outputs before the head. Raises `InvalidRequest` if the network cannot say it."""
    goal = lowered.head.before(request.goal)
    goal.demands(lowered.classes)
    return goal
