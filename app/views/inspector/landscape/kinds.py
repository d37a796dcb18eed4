"""The analyses of the landscape and the directions that each of them can go along, in the words of the form."""

from typing import Literal

from app.views.inspector.landscape.surroundings import Surroundings

What = Literal["surface", "curve", "trajectory", "convexity", "initialisations"]
Kind = Literal["random", "eigen", "pca", "networks", "bezier", "result", "file"]

WHATS: dict[What, tuple[str, str]] = {
    "surface": ("Surface", "Loss and accuracy over a plane through the network"),
    "curve": ("Curve", "Loss and accuracy along a line, or along a curve between two networks"),
    "trajectory": ("Trajectory", "The way that a training took, its checkpoints projected into a plane"),
    "convexity": ("Convexity", "The smallest and the largest curvature at points of a plane"),
    "initialisations": ("Initialisations", "Where training would begin: the loss of fresh random weights"),
}

_PLANES: tuple[Kind, ...] = ("random", "eigen", "pca", "networks", "bezier", "result", "file")
KINDS_OF: dict[What, tuple[Kind, ...]] = {
    "surface": _PLANES,
    "curve": ("random", "eigen", "networks", "bezier", "result", "file"),
    "trajectory": ("pca", "result", "random", "eigen", "networks", "file"),
    "convexity": _PLANES,
    "initialisations": (),
}

_WORDS: dict[Kind, tuple[str, str]] = {
    "random": ("random", "Drawn at random and scaled to the weights, as Li et al. 2018 do: what is usual around here"),
    "eigen": ("eigenvectors of the Hessian", "The directions in which the loss bends most"),
    "pca": ("principal axes of a run", "The two directions along which most of a training went"),
    "networks": ("plane through three networks", "The plane in which this network and two others lie"),
    "bezier": (
        "low-loss curve to another network",
        "A curve is trained to another network so that the loss along it stays low (Garipov et al. 2018)",
    ),
    "result": ("same plane as a result", "The very same directions, to compare what was computed in them"),
    "file": ("from a file", "A direction file of the original loss-landscape tool (.h5)"),
}
_LINE = ("straight to another network", "The straight line from this network at 0 to another one at 1")


def words(kind: Kind, what: What) -> tuple[str, str]:
    """Name and explanation of directions; a line needs one other network where a plane needs two."""
    return _LINE if kind == "networks" and what == "curve" else _WORDS[kind]


def lacking(kind: Kind, what: What, around: Surroundings) -> str:
    """What has to be in the session before such directions can be chosen, in a sentence; "" if it is there."""
    if kind == "pca" and not around.runs:
        return (
            "Train this network with “Checkpoints” set to every few epochs, or open a session with its training: there "
            "is no run with three of its checkpoints or more."
        )
    if kind in ("networks", "bezier"):
        wanted = 2 if kind == "networks" and what != "curve" else 1
        if len(around.partners) < wanted:
            several = "two other networks" if wanted == 2 else "another network"
            return f"Open {several} with parameters of the same names and shapes first."
    if kind == "result" and not around.planes:
        return "There is no result in this session whose plane this network could share."
    return ""
