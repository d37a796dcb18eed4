"""What a spectrum that was stopped goes on from: the directions of its search, and the matrix between them."""

from core.deferred import unread
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.refusal import Refusal
from core.spectrum.spectrum import BegunSearch

GROUP = "search"
UNIT = "loss per squared unit of the parameters"
_WHAT = {False: "orthonormal directions, the last of them the next one", True: "eigenvectors that were not judged yet"}


def write_begun(writer: GroupWriter, begun: BegunSearch | None) -> None:
    """Write it into a group of its own in that of the spectrum; None leaves no trace."""
    if begun is None:
        return
    group = writer.group(GROUP)
    group.array("directions", unread(begun, "directions"), long_name=_WHAT[begun.settled])
    group.array("projected", begun.projected, units=UNIT, long_name="matrix between the directions")
    group.array("coupling", begun.coupling, units=UNIT, long_name="of the directions to the next one")
    for name in ("products", "draws", "settled"):
        group.number(name, getattr(begun, name))


def read_begun(reader: GroupReader) -> BegunSearch | None:
    """The inverse of `write_begun`; whether it is a search that can be gone on with is asked by whoever does so."""
    if not reader.has(GROUP):
        return None
    group = reader.group(GROUP)
    coupling = group.floats("coupling", None)
    directions = group.later_singles("directions", None, None)
    if not len(coupling) <= directions.shape[0] <= len(coupling) + 1:
        raise Refusal("The search of a spectrum does not have as many directions as couplings.")
    return BegunSearch(
        directions=directions,
        projected=group.floats("projected", len(coupling), len(coupling)),
        coupling=coupling,
        products=group.integer("products"),
        draws=group.integer("draws"),
        settled=bool(group.integer("settled")),
    )
