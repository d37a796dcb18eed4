"""Results as NumPy archives (.npz): every array under its own name, request and provenance as JSON."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from core.corrections.records.correction import Correction
from core.exchange.tables.tradeoff import tradeoff_arrays
from core.session.document import Result
from core.session.json_text import record_to_json, to_json

Named = Iterator[tuple[str, npt.NDArray[Any]]]


def write_named(named: Named, file: BinaryIO) -> None:
    """Write arrays under their names. Nothing is pickled: ``numpy.load(path)`` reads them as they are."""
    arrays = dict(named)
    np.savez_compressed(file, allow_pickle=False, **arrays)


def common_arrays(result: Result) -> Named:
    """What every result has."""
    yield "request", np.array(record_to_json(result.request))
    yield "provenance", np.array(record_to_json(result.provenance))
    yield "status", np.array(result.status)


def correction_arrays(correction: Correction) -> Named:
    """Facts as JSON; the corners of every region, with those of its holes."""
    facts: dict[str, object] = {
        "verdict": correction.verdict,
        "cells": correction.cells,
        "accepted_share": correction.accepted_share,
    }
    facts |= {"margin": correction.margin, "distance": correction.distance, "lower_bound": correction.lower_bound}
    yield "facts", np.array(to_json(facts | {"proof": correction.proof}))
    if correction.centre is not None:
        yield "stable_centre", np.array(correction.centre)
    if correction.box is not None:
        yield "box", np.array(correction.box.bounds).reshape(2, 2).T
    if correction.largest_box is not None:
        yield "largest_box", np.array(correction.largest_box.bounds).reshape(2, 2).T
    if correction.triangle is not None:
        yield "triangle", correction.triangle.corners
    for name, polygons in (("accepted", correction.accepted), ("stable", correction.stable)):
        for region, polygon in enumerate(polygons):
            yield f"{name}/{region}", polygon.exterior
            for hole, ring in enumerate(polygon.holes):
                yield f"{name}/{region}/holes/{hole}", ring
    yield from tradeoff_arrays(correction)
