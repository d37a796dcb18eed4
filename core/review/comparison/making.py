"""How two results were made: of which network and data, and by which program, on which machine."""

from core.exchange.words import duration
from core.provenance import Provenance
from core.review.comparison.record import Finding, Row
from core.session.document import ResultItem


def subject_rows(a: Provenance, b: Provenance, *, network: bool = True) -> list[Row]:
    """The fingerprints of network and data, and how many samples: what a result is about.

    Parameters
    ----------
    network : bool
        Whether the fingerprint of a network counts; of a training it is what came of it.
    """
    rows = [
        _fingerprint("Data sha256", a.data_sha256, b.data_sha256),
        _fingerprint("Test data sha256", a.test_sha256, b.test_sha256),
        _plain("about", "Samples", f"{a.samples:,}", f"{b.samples:,}", "differ"),
    ]
    if network:
        rows.insert(0, _fingerprint("Network sha256", a.network_sha256, b.network_sha256))
    return [row for row in rows if row.a or row.b]


def same_question(a: ResultItem, b: ResultItem) -> bool:
    """Whether both answer the same request about the same network and data: then their errors may be compared."""
    one, other = a.result.provenance, b.result.provenance
    about = ("network_sha256", "data_sha256", "samples")
    known = bool(one.network_sha256 and one.data_sha256)
    return known and all(getattr(one, name) == getattr(other, name) for name in about)


def making_rows(a: Provenance, b: Provenance) -> list[Row]:
    """Versions, threads, arithmetic and time: what may explain a difference, and is none itself."""
    rows = [
        _plain("made", "Threads", str(a.threads), str(b.threads), "noted"),
        _plain("made", "Arithmetic", a.dtype, b.dtype, "noted"),
        _plain("made", "Device", a.device, b.device, "noted"),
        _plain(
            "made", "Computing time", duration(a.seconds), duration(b.seconds), "noted", exact=(a.seconds, b.seconds)
        ),
    ]
    names = list(dict.fromkeys((*a.versions, *b.versions)))
    for name in names:
        one, other = a.versions.get(name, "not recorded"), b.versions.get(name, "not recorded")
        rows.append(_plain("made", f"Version of {name}" if name != "platform" else "Platform", one, other, "noted"))
    return rows


def _fingerprint(what: str, a: str, b: str) -> Row:
    """Whole, so that it can be copied; which is unknown says nothing."""
    if a and b:
        return _plain("about", what, a, b, "differ")
    words = [side or "not recorded" for side in (a, b)] if a or b else ["", ""]
    return _plain("about", what, words[0], words[1], "unstated")


def _plain(part: str, what: str, a: str, b: str, if_not: Finding, exact: tuple[object, object] | None = None) -> Row:
    one, other = exact or (a, b)
    finding: Finding = "same" if one == other else if_not
    return Row(part="about" if part == "about" else "made", what=what, a=a, b=b, finding=finding)
