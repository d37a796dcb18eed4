"""What a slice through weight space can and cannot show, in plain words: beside every picture, on screen and paper."""

from collections.abc import Sequence

import numpy as np

from core.landscape.plane import Directions, FileDirections, FloatArray
from core.landscape.surface import EVALUATED, Surface

PLANE_LIMITS = (
    (
        "Every computed point of the picture is a network with the loss shown: a hill, a ridge or a second valley in "
        "it is really there."
    ),
    (
        "A bowl seen here is no proof that the loss is a bowl: the curvature in the plane is a weighted mean over all "
        "directions, so a few directions of negative curvature disappear in it (Li et al. 2018, §6)."
    ),
    (
        "What looks wide or narrow depends on the lengths of the axes, which is why random directions are scaled to "
        "the filters' norms (§4)."
    ),
)
LINE_LIMITS = (
    "A line shows one of very many dimensions. A barrier seen on a straight line is real on that line; a curve around "
    "it may exist all the same. Without a barrier two networks are linearly connected, for these data."
)  # Garipov et al. 2018, §3
WAY_LIMITS = (
    "The marks are shadows of checkpoints in a plane. Each loss is the checkpoint's own, so a mark far from the plane "
    "need not lie at the height of the surface below it; random planes show next to nothing of a training's way."
)  # Li et al. 2018, §7
CURVATURE_LIMITS = (
    "|λmin/λmax| of the whole Hessian at each point, not only of its part in this plane: 0 is convex to second order, "
    "and a small ratio says that negative curvature is slight against the positive one, not that there is none."
)  # Li et al. 2018, §6
_KINDS = {
    "random": (
        "Two random directions out of as many as there are weights: the few sharp directions of the loss are only a "
        "small part of them, so the plane looks flatter than the loss is. Another draw gives another picture; what "
        "several draws have in common may be believed."
    ),
    "eigen": (
        "The directions in which the loss curves most, by themselves: the plane is the sharpest one at the network, "
        "not a typical one. Away from the network the sharpest directions may be others."
    ),
    "pca": (
        "The two directions in which the training moved most. The checkpoints do not lie in the plane but beside it: "
        "the surface shows the loss of their shadows, while the marks carry the checkpoints' own loss. The way looks "
        "simpler than it was."
    ),
    "networks": (
        "The plane is exact at the networks it goes through and says nothing about other ways between them: a ridge on "
        "the straight line does not prove that the networks are separated, because a curve may lead around it."
    ),
    "bezier": (
        "The plane holds one curve that was trained to be low. A low curve proves that the two networks are connected; "
        "a high one may only mean that it was not trained for long enough."
    ),
    "file": (
        "The directions were read from a file. What they are, and whether they fit the weights in scale, is known only "
        "to whoever made them."
    ),
}
_TAKEN_OVER = (
    "The directions are those of another result, and the words at the axes say what they are: what that plane can and "
    "cannot show stands beside that result."
)


def slice_limits(surface: Surface, top_eigenvalues: Sequence[float] = ()) -> tuple[str, ...]:
    """Sentences to stand beside a plane: what it can show, what it cannot, and how flat it is against the sharpest.

    Parameters
    ----------
    surface : Surface
    top_eigenvalues : sequence of float
        Of the Hessian at the network, by decreasing magnitude, where a spectrum is known. Must be of the same samples.
    """
    asked = surface.request.directions
    return (
        *PLANE_LIMITS,
        _TAKEN_OVER if isinstance(asked, FileDirections) and asked.x_axis else _KINDS[asked.kind],
        *_norm_words(surface),
        *_curvature_words(surface, top_eigenvalues),
    )


def centre_curvatures(surface: Surface) -> tuple[float, float]:
    """Second derivatives of the loss at the network along the two axes, per squared unit of the weights.

    Central differences over one step of the grid on either side; NaN where the network is no grid point, its neighbours
    are not computed on all samples, or the length of the direction is not known.
    """
    column, row = _at_zero(surface.x), _at_zero(surface.y)
    if column is None or row is None:
        return float("nan"), float("nan")
    loss = np.where(surface.evaluated == EVALUATED, surface.loss, np.nan)
    first, second = surface.directions.squared_lengths
    return (
        _second_difference(surface.x, loss[row], column) / (first or float("nan")),
        _second_difference(surface.y, loss[:, column], row) / (second or float("nan")),
    )


def _curvature_words(surface: Surface, top_eigenvalues: Sequence[float]) -> tuple[str, ...]:
    if not len(top_eigenvalues):
        return (
            "How sharp the loss is in its sharpest direction, the plane does not tell: a spectrum of the Hessian does.",
        )
    sharpest = max(top_eigenvalues, key=abs)
    words = [f"The Hessian's eigenvalue of largest magnitude at the network is {sharpest:.4g}."]
    negative = min(top_eigenvalues)
    if negative < 0 and negative != sharpest:
        words.append(f"It has negative ones too, down to {negative:.4g}: the network is not at the bottom of a bowl.")
    curvatures = centre_curvatures(surface)
    if np.isfinite(curvatures).all() and sharpest:
        shown = max(curvatures, key=abs)
        words.append(
            f"Along the two axes the surface curves by {curvatures[0]:.4g} and {curvatures[1]:.4g} there, per squared "
            f"unit of the weights, as its points next to the network tell: {_share(shown / sharpest)} of the sharpest."
        )
    return (" ".join(words),)


def _share(ratio: float) -> str:
    return f"{100 * ratio:.2g} %"


def _norm_words(surface: Surface) -> tuple[str, ...]:
    return _cosine_words(surface.directions)


def _cosine_words(directions: Directions) -> tuple[str, ...]:
    if abs(directions.cosine) <= 0.1:
        return ()
    return (
        f"The two axes are not at right angles in weight space (cosine {directions.cosine:.2f}): shapes are sheared.",
    )


def _at_zero(axis: FloatArray) -> int | None:
    """The inner grid point at 0, if there is one."""
    index = int(np.abs(axis).argmin())
    inner = 0 < index < len(axis) - 1
    return index if inner and abs(axis[index]) <= 1e-9 * (axis[-1] - axis[0]) else None


def _second_difference(axis: FloatArray, loss: FloatArray, index: int) -> float:
    step = (axis[index + 1] - axis[index - 1]) / 2
    return float((loss[index - 1] - 2 * loss[index] + loss[index + 1]) / step**2)
