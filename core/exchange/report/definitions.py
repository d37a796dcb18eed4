"""What every measure that a report names is, and where its definition comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.corrections.records.cases import Cases
from core.corrections.records.correction import Correction
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.exchange.report.blocks import Section, Words, columns
from core.generalisation.complexity import Complexity
from core.generalisation.measures import MEASURES
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.measures.measure import Measure
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.robustness.kinds import ATTACK_NAMES, Attack
from core.robustness.robustness import Robustness
from core.session.document import Result, RunItem
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A word of the report, exactly what it stands for, and where that comes from."""

    name: str
    definition: str
    source: str = ""


def _of(name: str, definition: str, source: str = "") -> Definition:
    return Definition(name=name, definition=definition, source=source)


_LI, _YAO, _ZHANG = "Li et al. 2018", "Yao et al. 2018", "Zhang et al. 2018"
_LOSS = _of(
    "Loss",
    "the mean over the samples of the loss that the network was trained with: cross-entropy in nats, or the squared "
    "error in the squared unit of what is predicted",
)
_ACCURACY = _of("Accuracy", "share of the samples for which the largest output is that of their label")
_GAP = _of(
    "Generalisation gap",
    "accuracy lost on the test set, or loss gained where numbers are predicted; ± its standard error",
)
_SLICE = (
    _LOSS,
    _of(
        "Position",
        "multiples a and b of the two directions δ and η: the point (a, b) stands for the weights θ + aδ + bη",
        _LI,
    ),
    _of(
        "Filter-normalised",
        "each filter of a random direction has the norm of the same filter of the network, so that pictures of "
        "networks whose weights differ in scale can be compared",
        f"{_LI}, §4",
    ),
)
_SURFACE = (
    *_SLICE,
    _of("Height", "log(loss + 0.1), which is what one sees; tolerances and errors of a surface are errors of it", _LI),
    _of(
        "Certificate",
        "points drawn at random among those shown are computed exactly and never used for the surface. From the "
        "largest error among them follows, with the confidence stated, which share of the plane shown has an error "
        "of at most the tolerance; all looks at them share the probability of being wrong",
        "order statistics of a random sample",
    ),
)
_WAY = (
    _LOSS,
    _of(
        "Captured variance",
        "share of the squared distances of the checkpoints from the network that lies along an axis",
        f"{_LI}, §7",
    ),
    _of(
        "Off the plane",
        "distance of a checkpoint's weights from the plane that it is drawn in, in the norm of weight space",
    ),
)
_CONVEXITY = (
    _of(
        "|λmin/λmax|",
        "smallest by largest eigenvalue of the whole Hessian at a point, in magnitude; 0 where no eigenvalue is "
        "negative",
        f"{_LI}, §6",
    ),
)
_EIGEN = (
    _of(
        "Eigenvalue λ",
        "of the matrix that the result names (Hessian: second derivatives of the mean loss in the weights; "
        "Gauss–Newton: the part of it without the second derivatives of the network; Fisher: mean outer product of the "
        "gradients of single samples): loss per squared weight",
        f"{_YAO}, §2",
    ),
    _of("Residual", "‖Hv − λv‖ of a vector v of length 1: a true eigenvalue lies within it of λ", "spectral theorem"),
)
_SPECTRUM = (
    *_EIGEN,
    _of(
        "Verified",
        "the residual, recomputed in float64, or its square by the gap to the other values, is within the tolerance, "
        "and a further search from a random start found no larger eigenvalue that had been missed",
    ),
    _of(
        "Probability of a miss",
        "bound on the probability that the further search overlooked an eigenvalue of at least 1.25 times the smallest "
        "magnitude shown",
        "Kuczyński & Woźniakowski 1992, Thm 4.2",
    ),
    _of(
        "Sampling error", "standard error of v'Hv over random groups of the samples, to first order in the perturbation"
    ),
    _of("Trace", "sum of all eigenvalues, by the mean of v'Hv over random vectors v", "Hutchinson 1989"),
    _of(
        "Density",
        "share of all eigenvalues near a value, by stochastic Lanczos quadrature with the known pairs taken out",
        "Golub & Meurant 2010; Ghorbani et al. 2019, §3",
    ),
)
_HISTORY = (_LOSS, *_EIGEN, _of("Norm of the gradient", "‖∇L‖ of the mean loss over the samples, at the checkpoint"))
_ROBUSTNESS = (
    _ACCURACY,
    _of(
        "ε",
        "largest change of one number of the input, in units of the range of the data; nothing leaves that range",
        _YAO,
    ),
    _of("Accuracy under attack", "share of the samples that are right after the attack changed them", f"{_YAO}, §4"),
    _of(
        "Interval",
        "where the share of all samples of this kind lies, at 95 %, if these were drawn at random",
        "Wilson 1927",
    ),
    _of("Hessian in the input", "second derivatives of a sample's loss in its input", f"{_YAO}, §4"),
)
_ATTACKS: dict[Attack, tuple[str, str]] = {
    "fgsm": ("ε·sign(g), g the gradient of the sample's loss in the input", "Goodfellow et al. 2015"),
    "fgsm10": ("ten steps of ε/10, each along the sign of the gradient", _YAO),
    "l2grad": ("ε·g/‖g‖", _YAO),
    "pgd": (
        (
            "steps along the sign of the gradient from a random place in the ε-cube, projected back onto it; the "
            "place of largest loss counts"
        ),
        "Madry et al. 2018",
    ),
    "fhsm": ("ε·sign((H + μ)⁻¹g), H the Hessian in the input and μ the damping", _YAO),
    "l2hess": ("ε·(H + μ)⁻¹g, scaled to the length ε", _YAO),
}
_CORRECTION = (
    _of(
        "Stable correction",
        "values of the free features from which the network does what is wanted, and goes on doing so when each "
        "moves by as much as its stability",
        f"{_ZHANG}, §2",
    ),
    _of(
        "Distance",
        "each feature's change times its price, where none is given 1 by the width of its range; L1 is their sum, L2 "
        "the root of the sum of their squares, L∞ the largest",
        f"{_ZHANG}, §2",
    ),
    _of("At least", "lower bound: proved that no stable correction in these features and ranges is nearer"),
    _of("Proved minimal", "bound and distance agree up to the percentage that is stated"),
)
_EXACT = (
    _of("Accepted", "share of the area of the slice in which the network does what is wanted; every number counts"),
    _of(
        "Linear pieces",
        "parts of the slice in each of which the network is one linear map: together they are all of it",
    ),
    _of(
        "Rule of one input", "the largest box that was found to be accepted, in words; its numbers are rounded inwards"
    ),
)
_CASES = (
    _of("Corrected, proved", "a row with a correction whose whole stability box is accepted"),
    _of(
        "Rule of many rows",
        "a change that is the same for many rows, with every row for which all of its box is proved to be accepted",
        _ZHANG,
    ),
)
_SIZES = (
    *(_of(one.name, one.definition, one.source) for one in MEASURES),
    _GAP,
    _of("Margin", "output of the right class minus the largest of the others"),
)
_RUN = (_LOSS, _ACCURACY, _GAP)
_BY_KIND: dict[type, tuple[Definition, ...]] = {
    Surface: _SURFACE,
    Curve: _SLICE,
    Trajectory: _WAY,
    Convexity: _CONVEXITY,
    Initialisations: (_LOSS,),
    Spectrum: _SPECTRUM,
    History: _HISTORY,
    Robustness: _ROBUSTNESS,
    Complexity: _SIZES,
    Correction: (*_CORRECTION, *_EXACT),
    JointCorrection: (*_CORRECTION, _EXACT[2]),
    Pairs: _CORRECTION,
    Cases: (*_CORRECTION, *_CASES),
}


def definitions_section(
    results: Sequence[Result], runs: Sequence[RunItem], measures: Sequence[Measure]
) -> Section | None:
    """One row for each word, by the alphabet; nothing where no word needs one."""
    found = [one for result in results for one in definitions_of(result)]
    found += _RUN if runs else ()
    found += [_of(one.name, one.definition, one.source) for one in measures]
    rows = sorted({(one.name, one.definition, one.source) for one in found}, key=lambda row: row[0].casefold())
    if not rows:
        return None
    lead = Words(text="Every measure that this report names, by the alphabet.")
    return Section(
        anchor="definitions",
        title="Definitions",
        blocks=(lead, columns("What is measured", ("Measure", "What it is", "Source"), rows)),
    )


def definitions_of(result: Result) -> tuple[Definition, ...]:
    """The words of one kind of result; attacks only those that were made."""
    own = _BY_KIND[type(result)]
    if isinstance(result, Robustness):
        return (*own, *(_of(ATTACK_NAMES[kind], *_ATTACKS[kind]) for kind in result.request.attacks))
    return own
