"""From where in the plane a descent reaches the network's own basin, and how high training begins."""

import numpy as np
import numpy.typing as npt

from core.landscape.initialisation import Initialisations
from core.landscape.measures.basins import threshold_of
from core.landscape.measures.field import Field
from core.landscape.measures.measure import Measure, amount, percent
from core.landscape.measures.persistence import MergeTree
from core.landscape.surface import LOG_OFFSET

DESCENT_SOURCE = "Li et al. 2018, §5, where training of deep networks without shortcuts is argued to be stuck"


def reaching(field: Field, tree: MergeTree) -> npt.NDArray[np.bool_]:
    """The points from which steepest descent ends in the network's basin; none if it lies outside. (ny, nx)."""
    at = field.nearest(0.0, 0.0)
    merged = tree.merged(threshold_of(field)).reshape(tree.shape)
    if at is None or merged[at] < 0:
        return np.zeros(tree.shape, dtype=bool)
    same: npt.NDArray[np.bool_] = merged == merged[at]
    return same


def descent_measures(
    field: Field, tree: MergeTree, initialisations: Initialisations | None, caveat: str
) -> tuple[Measure, ...]:
    """From which share of the plane a descent reaches the network's basin; and from points as low as a beginning."""
    reached = reaching(field, tree)
    shares = [_reach_measure(field, reached, None, caveat)]
    if initialisations is not None:
        known = initialisations.calibrated_loss[np.isfinite(initialisations.calibrated_loss)]
        if not len(known):
            known = initialisations.loss[np.isfinite(initialisations.loss)]
        if len(known):
            shares.append(_reach_measure(field, reached, float(np.median(known)), caveat))
            shares.append(_beginning_measure(field, tree, known, caveat))
    return tuple(shares)


def _reach_measure(field: Field, reached: npt.NDArray[np.bool_], level: float | None, caveat: str) -> Measure:
    counted = field.known if level is None else field.loss <= level
    area = float(field.areas[counted].sum())
    share = float(field.areas[reached & counted].sum()) / area if area else float("nan")
    upto = "" if level is None else f" up to {amount(level, field.unit)}"
    below = "" if level is None else f", of the part{upto} (median of fresh initialisations),"
    return Measure(
        key="reach" if level is None else "reach-from-beginnings",
        name="Descent reaches the basin" + ("" if level is None else ", from the height of a beginning"),
        value=100 * share,
        unit="%",
        text=f"{percent(share)} of the plane{upto}",
        definition=(
            "From every grid point one goes to the neighbour (of eight) to which the way is steepest downwards in "
            f"log(loss + {LOG_OFFSET}), again and again. Counted is the share of the area{below} from which this ends "
            f"in the basin of the network; dents up to a depth of {threshold_of(field):.3g} are passed over. Points "
            "without a finite loss reach nothing. It is a descent in the plane: training may leave it."
        ),
        source=DESCENT_SOURCE,
        caveat=caveat,
    )  # fmt: skip


def _beginning_measure(field: Field, tree: MergeTree, losses: npt.NDArray[np.float64], caveat: str) -> Measure:
    middle = float(np.median(losses))
    share = float(field.areas[field.loss > middle].sum() / field.areas[field.known].sum())
    passes = tree.pass_at[tree.significant(threshold_of(field))]
    heights = field.loss.ravel()[passes[passes >= 0]]
    above = int((heights > middle).sum())
    return Measure(
        key="initial-loss",
        name="Loss of fresh initialisations",
        value=middle,
        unit=field.unit,
        text=(
            f"{amount(middle, field.unit)} in the middle, {losses.min():.4g} to {losses.max():.4g}; {percent(share)} "
            f"of the plane and {above} of its {len(heights)} passes are higher"
        ),
        definition=(
            f"The loss of {len(losses)} networks of the same architecture with fresh random weights, statistics of "
            "normalisation taken from the samples: the median. Training begins so high. Beside it, the share of the "
            "plane above that loss, and how many of the passes between its basins lie above it."
        ),
        source=DESCENT_SOURCE,
        caveat=caveat,
    )
