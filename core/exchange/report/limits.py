"""What results of each kind can and cannot show, in general; what one slice shows stands beside that slice."""

from collections.abc import Sequence

from core.corrections.records.cases import Cases
from core.corrections.records.correction import Correction
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.exchange.report.blocks import Block, Listing, Section, Words
from core.generalisation.complexity import Complexity
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.robustness.robustness import Robustness
from core.session.document import Result
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum

_SLICES = (Surface, Curve, Trajectory, Convexity, Initialisations)
_CORRECTIONS = (Correction, JointCorrection, Pairs, Cases)
_SENTENCES: tuple[tuple[str, tuple[type, ...], tuple[str, ...]], ...] = (
    (
        "Landscapes",
        _SLICES,
        (
            (
                "A slice shows one or two of as many dimensions as the network has weights. What it shows is there; "
                "what it does not show may be there all the same. The sentences beside each slice say what follows "
                "for that slice."
            ),
            (
                "The loss is that of the samples named, with the statistics of normalisation as the request says. "
                "Other samples give another surface."
            ),
            (
                "Two slices can be compared where their directions are normalised in the same way and their scales are "
                "equal."
            ),
        ),
    ),
    (
        "Spectra",
        (Spectrum, History),
        (
            (
                "Eigenvalues describe the loss at the network, to second order, on the samples named. They depend on "
                "the scale of the weights: a network whose layers are rescaled computes the same and has another "
                "spectrum (Dinh et al. 2017)."
            ),
            "Only pairs called verified were checked; a bound on the probability of a miss is not zero.",
            "With few samples the largest eigenvalue is larger on average than that over all data.",
        ),
    ),
    (
        "Attacks",
        (Robustness,),
        (
            (
                "An attack that succeeds is a proof that the sample can be turned; one that fails proves nothing. "
                "Accuracy under attack is therefore an upper bound of what is right under every change of that size."
            ),
            (
                "Attacks see only changes of the size and kind named; others, such as shifts and rotations, are not "
                "among them."
            ),
        ),
    ),
    (
        "Size and sharpness",
        (Complexity,),
        (
            (
                "These measures order networks and bound nothing for certain. That a measure goes with the "
                "generalisation gap among a few networks may be chance, and is no cause."
            ),
        ),
    ),
    (
        "Corrections",
        _CORRECTIONS,
        (
            (
                "A correction is about the network's judgment, not about the world: whether a change can be made, "
                "and what else it changes, the network does not know."
            ),
            (
                "What is proved is proved of this network in the free features within their ranges, with everything "
                "else as in the input; another network, or another input, needs a proof of its own."
            ),
            "The nearest correction is nearest by the prices that were given; other prices have another nearest one.",
        ),
    ),
)


def limits_section(results: Sequence[Result]) -> Section | None:
    """The sentences on the kinds that the report has; nothing without results."""
    there = {type(result) for result in results}
    blocks: list[Block] = [
        Listing(title=title, sentences=sentences) for title, kinds, sentences in _SENTENCES if there & set(kinds)
    ]
    if not blocks:
        return None
    lead = Words(text="What results of these kinds can show, and what they cannot, however exact they are.")
    return Section(anchor="limits", title="Limits", blocks=(lead, *blocks))
