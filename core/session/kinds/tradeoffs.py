"""The curve of the nearest distance over the stability, in a group of the correction that it belongs to."""

import numpy as np

from core.corrections.records.tradeoff import Tradeoff
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.refusal import Refusal


def write_tradeoff(writer: GroupWriter, tradeoff: Tradeoff) -> None:
    """Write the curve into its own group; `stability` is its axis."""
    writer.number("asked", tradeoff.asked)
    writer.number("none_beyond", float(tradeoff.none_beyond))
    writer.array("unit", np.array(tradeoff.unit, dtype=np.float64), long_name="half-widths at stability 1")
    writer.array("stability", tradeoff.stability, long_name="stability, in multiples of the unit")
    writer.array("distance", tradeoff.distance, long_name="distance of the nearest stable correction")
    writer.array("lower_bound", tradeoff.lower_bound, long_name="no stable correction is nearer")
    writer.array("centres", tradeoff.centres, long_name="nearest stable corrections, in the user's units")


def read_tradeoff(reader: GroupReader) -> Tradeoff:
    """The inverse of `write_tradeoff`."""
    stability, (x, y) = reader.floats("stability", None), reader.floats("unit", 2).tolist()
    tradeoff = Tradeoff(
        unit=(x, y),
        asked=bool(reader.integer("asked")),
        stability=stability,
        distance=reader.floats("distance", len(stability)),
        lower_bound=reader.floats("lower_bound", len(stability)),
        centres=reader.floats("centres", len(stability), 2),
        none_beyond=reader.number("none_beyond"),
    )
    finite = all(np.isfinite(values).all() for values in (stability, tradeoff.distance, tradeoff.unit))
    if not finite or (np.diff(stability) <= 0).any():
        raise Refusal("The stabilities of a correction's curve do not rise from place to place.")
    return tradeoff
