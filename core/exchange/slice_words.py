"""What a slice through the loss can show and what not, in plain words: beside every plane, on screen and paper."""

SLICE_LIMITS = (
    "A plane shows two of very many dimensions. Non-convexity seen here is real: the loss has it in these very "
    "directions. Convexity seen here is no proof: directions that the plane does not hold may curve downwards, and "
    "sharp ones are easily missed. What looks wide or narrow depends on the lengths of the axes, which is why random "
    "directions are scaled to the filters' norms. The eigenvalues of the Hessian say what the plane cannot."
)  # Li et al. 2018, §4 and §6
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
