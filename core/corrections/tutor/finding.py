"""What is wrong with a drawing: the fewest strokes to put in, to exchange or to leave out until it is recognised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from core.data.drawings.strokes import SLOTS, FloatArray, Strokes, line_count
from core.job import JobContext

BEAM = 4  # drawings that are gone on with
DEEPEST = 8  # changes; beyond, the canonical drawing itself is the suggestion
Recognised = Callable[[list[Strokes]], FloatArray]  # leads (n,) of drawings


@dataclass(frozen=True, kw_only=True, eq=False)
class Repair:
    """A drawing with some of its strokes exchanged, left out, or others put in."""

    kept: tuple[int, ...]  # strokes of the drawing
    put_in: tuple[int, ...]  # strokes of the canonical drawing
    drawing: Strokes = field(repr=False)
    lead: float = -np.inf

    @property
    def added(self) -> tuple[int, ...]:
        """Which strokes of `drawing` are new: they come last."""
        return tuple(range(len(self.kept), len(self.drawing)))


def find_repair(
    drawing: Strokes, canonical: Strokes, recognised: Recognised, job: JobContext, stroke: int | None = None
) -> Repair:
    """Change a drawing, stroke by stroke of the canonical one, until it is recognised.

    Of the drawings that one change leads to the best few are gone on with, until one of them is recognised: of several
    the one with the largest lead. Nothing says that there is no other way with as few strokes.

    Parameters
    ----------
    recognised : callable
        Gives by how much drawings are recognised.
    stroke : int, optional
        Of the drawing: only this one is exchanged, for one stroke of the canonical drawing.

    Returns
    -------
    Repair
        Its lead is not positive where even that did not help. The last resort, without `stroke`, is the canonical
        drawing.
    """
    whole = tuple(range(len(drawing)))
    if stroke is not None:
        kept = tuple(place for place in whole if place != stroke)
        return _judged([_repair(drawing, canonical, kept, (one,)) for one in range(len(canonical))], recognised)[0]
    beam = [_repair(drawing, canonical, whole, ())]
    seen = {(beam[0].kept, beam[0].put_in)}
    for _ in range(DEEPEST):
        nexts = []
        for one in beam:
            for kept, put_in in _changes(one, len(canonical)):
                job.check()
                if (kept, put_in) not in seen:
                    seen.add((kept, put_in))
                    nexts.append(_repair(drawing, canonical, kept, put_in))
        nexts = [one for one in nexts if 1 <= line_count(one.drawing) <= SLOTS]
        if not nexts:
            break
        ranked = _judged(nexts, recognised)
        if ranked[0].lead > 0:
            return ranked[0]
        beam = ranked[:BEAM]
    return _judged([_repair(drawing, canonical, (), tuple(range(len(canonical))))], recognised)[0]


def _changes(one: Repair, strokes: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """What one more change can make of it: a stroke put in, exchanged for another, or left out."""
    for missing in sorted(set(range(strokes)) - set(one.put_in)):
        put_in = tuple(sorted({*one.put_in, missing}))
        yield one.kept, put_in
        for gone in one.kept:
            yield tuple(place for place in one.kept if place != gone), put_in
    for gone in one.kept:
        yield tuple(place for place in one.kept if place != gone), one.put_in


def _repair(drawing: Strokes, canonical: Strokes, kept: tuple[int, ...], put_in: tuple[int, ...]) -> Repair:
    strokes = (*(drawing[place] for place in kept), *(canonical[place] for place in put_in))
    return Repair(kept=kept, put_in=put_in, drawing=strokes)


def _judged(repairs: list[Repair], recognised: Recognised) -> list[Repair]:
    """With their leads, the best first; of equal ones the first comes first."""
    leads = recognised([one.drawing for one in repairs]).tolist()
    told = [replace(one, lead=lead) for lead, one in zip(leads, repairs, strict=True)]
    return sorted(told, key=lambda one: -one.lead)
