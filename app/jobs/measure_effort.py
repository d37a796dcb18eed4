"""How much work attacks, a history and measuring size are, before they begin: what an estimate of time rests on."""

from core.generalisation.complexity import ComplexityRequest
from core.landscape.effort import GRADIENT, Effort, Work
from core.robustness.kinds import ONE_STEP, SECOND_ORDER, Attack
from core.robustness.robustness import RobustnessRequest
from core.spectrum.history import HistoryRequest

FGSM_STEPS = 10
SAMPLES_OF_A_SEARCH = (12, 40)  # products until one eigenvalue is exact, where that is easy and where it is not
MORE_FOR_EACH = 3  # products for every further eigenvalue
PRECISE = 3.0  # products: one recomputed in float64, with its graph
SPECTRAL_NORMS = 40.0  # passes of one sample for every layer's norm, about


def robustness_effort(request: RobustnessRequest, samples: int, outputs: int) -> Effort:
    """What attacks take, in passes of the samples through the network.

    Parameters
    ----------
    samples : int
        That are attacked.
    outputs : int
        Of the network: the Hessian in the input has a gradient of each.
    """
    strengths, cells = len(request.epsilon), len(request.attacks) * len(request.epsilon)
    passes = sum(_passes(kind, request.steps, strengths, outputs) for kind in request.attacks)
    curvature = GRADIENT * outputs if request.input_hessian else 0.0
    work = Work(passes=samples * (1 + passes + curvature))
    return Effort(units=cells, unit="attacks at a strength", each=work.times(1 / cells), least=work, most=work)


def history_effort(request: HistoryRequest, samples: int, test_samples: int, checkpoints: int) -> Effort:
    """What the curvature through a training takes: a search at every checkpoint."""
    least, most = (
        _search(products + MORE_FOR_EACH * (request.top - 1), request.top, samples)
        + Work(passes=samples + test_samples)
        for products in SAMPLES_OF_A_SEARCH
    )
    return Effort(
        units=checkpoints,
        unit="checkpoints",
        each=most,
        least=least.times(checkpoints),
        most=most.times(checkpoints),
        less_if="at most, less where the eigenvalues are found sooner",
    )


def complexity_effort(request: ComplexityRequest, samples: int, test_samples: int) -> Effort:
    """What size and sharpness take: a pass for every random direction, and a search for the top eigenvalue."""
    once = Work(passes=2 * samples + test_samples + SPECTRAL_NORMS)
    each = Work(passes=samples)
    drawn = once + each.times(request.draws)
    least, most = (_search(products, 1, samples) if request.eigenvalue else Work() for products in SAMPLES_OF_A_SEARCH)
    less_if = "beside the search for the top eigenvalue" if request.eigenvalue else ""
    return Effort(
        units=request.draws,
        unit="random directions",
        each=each,
        least=drawn + least,
        most=drawn + most,
        less_if=less_if,
    )


def _passes(kind: Attack, steps: int, strengths: int, outputs: int) -> float:
    """Of one sample at all strengths: its direction once, or at every step; and the verdict."""
    if kind in SECOND_ORDER:
        return GRADIENT * (1 + outputs) + strengths
    if kind in ONE_STEP:
        return GRADIENT + strengths
    return strengths * (GRADIENT * (FGSM_STEPS if kind == "fgsm10" else steps) + 1)


def _search(products: float, pairs: int, samples: int) -> Work:
    count = products + PRECISE * pairs
    return Work(graphs=samples, products=count * samples, searches=count, differentiated=samples)
