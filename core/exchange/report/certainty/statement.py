"""What is known, and of which kind the knowledge is."""

from dataclasses import dataclass
from typing import Literal

from core.provenance import Provenance

Certainty = Literal["proved", "computed", "sampled", "unknown"]
MEANINGS: dict[Certainty, str] = {
    "proved": (
        "Holds for every point of the domain named, not only for those that were tried: by bounds that are rounded "
        "outwards, or by the exact regions of the network with a margin for rounding. What is proved is proved of this "
        "network, and of nothing outside of that domain."
    ),
    "computed": (
        "The very number was calculated, at the points, samples or weights named, in the arithmetic that the "
        "provenance states. Between and beyond them it says nothing."
    ),
    "sampled": (
        "Drawn at random, or tried at points: it holds with the confidence that is stated, or as long as nobody "
        "finds a counterexample. It is no proof."
    ),
    "unknown": "Nothing is claimed. What stands here was not computed, not reached, or cannot be seen in this way.",
}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One claim, its kind, and where it holds."""

    certainty: Certainty
    claim: str
    domain: str


def proved(claim: str, domain: str) -> Statement:
    """A claim that holds everywhere in its domain."""
    return Statement(certainty="proved", claim=sentence(claim), domain=domain)


def computed(claim: str, domain: str) -> Statement:
    """A claim about what was calculated."""
    return Statement(certainty="computed", claim=sentence(claim), domain=domain)


def sampled(claim: str, domain: str) -> Statement:
    """A claim that chance has a part in."""
    return Statement(certainty="sampled", claim=sentence(claim), domain=domain)


def unknown(claim: str, domain: str) -> Statement:
    """What nothing is known of."""
    return Statement(certainty="unknown", claim=sentence(claim), domain=domain)


def sentence(words: str) -> str:
    """With a capital letter at its beginning, where that is a letter, and a full stop at its end."""
    return f"{words[:1].upper()}{words[1:]}".rstrip(".") + "."


def origin_statements(made: Provenance, status: str) -> list[Statement]:
    """What is unknown of any result that was read from another tool's file, or stopped."""
    found = []
    if status == "partial":
        found.append(unknown("the computation was stopped before it was complete: the rest was never looked at", "—"))
    if made.imported:
        found.append(
            unknown(
                f"with which network, data and arithmetic it was made: it was read from {made.imported}, which does "
                "not say",
                "the whole result",
            )
        )
    return found
