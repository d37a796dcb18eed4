"""Results as NumPy archives (.npz): every array under its own name, request and provenance as JSON."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from core.corrections.correction import Correction
from core.landscape.surface import Surface
from core.session.document import Result
from core.session.json_text import record_to_json, to_json
from core.session.names import link_name
from core.spectrum.spectrum import Spectrum

Named = Iterator[tuple[str, npt.NDArray[Any]]]


def write_arrays(result: Result, file: BinaryIO) -> None:
    """Write a result as .npz. Nothing in it is pickled: ``numpy.load(path)`` reads it as it is."""
    write_named(_arrays(result), file)


def write_named(named: Named, file: BinaryIO) -> None:
    """Write arrays under their names."""
    arrays = dict(named)
    np.savez_compressed(file, allow_pickle=False, **arrays)


def _arrays(result: Result) -> Named:
    yield "request", np.array(record_to_json(result.request))
    yield "provenance", np.array(record_to_json(result.provenance))
    yield "status", np.array(result.status)
    if isinstance(result, Surface):
        yield from _surface(result)
    elif isinstance(result, Spectrum):
        yield from _spectrum(result)
    else:
        yield from _correction(result)


def _surface(surface: Surface) -> Named:
    yield from (("x", surface.x), ("y", surface.y), ("loss", surface.loss), ("accuracy", surface.accuracy))
    yield from (("evaluated", surface.evaluated), ("centre_loss", np.array(surface.centre_loss)))
    yield "cosine", np.array(surface.directions.cosine)
    for axis, direction in (("direction_x", surface.directions.x), ("direction_y", surface.directions.y)):
        for parameter, array in direction.items():
            yield f"{axis}/{link_name(parameter)}", array


def _spectrum(spectrum: Spectrum) -> Named:
    yield from (("eigenvalues", spectrum.eigenvalues), ("residuals", spectrum.residuals))
    yield from (("verified", spectrum.verified), ("parameters", np.array(to_json(spectrum.parameters))))
    if spectrum.eigenvectors is not None:
        yield "eigenvectors", spectrum.eigenvectors
    if spectrum.audit is not None:
        yield "audit", np.array(record_to_json(spectrum.audit))


def _correction(correction: Correction) -> Named:
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
    for name, polygons in (("accepted", correction.accepted), ("stable", correction.stable)):
        for region, polygon in enumerate(polygons):
            yield f"{name}/{region}", polygon.exterior
            for hole, ring in enumerate(polygon.holes):
                yield f"{name}/{region}/holes/{hole}", ring
