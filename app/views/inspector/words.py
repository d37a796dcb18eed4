"""Items of the document as facts to read."""

from core.corrections.records.cases import Cases, CasesRequest
from core.corrections.records.correction import Correction, CorrectionRequest
from core.corrections.records.joint import JointCorrection, JointRequest
from core.corrections.records.pairs import Pairs, PairsRequest
from core.exchange.facts.cases import case_summary
from core.exchange.facts.complexity import size_facts
from core.exchange.facts.correction import correction_facts
from core.exchange.facts.history import history_facts
from core.exchange.facts.joint import joint_facts
from core.exchange.facts.landscape import (
    Facts,
    convexity_facts,
    curve_facts,
    initialisation_facts,
    surface_facts,
    trajectory_facts,
)
from core.exchange.facts.pairs import short_facts
from core.exchange.facts.robustness import robustness_facts
from core.exchange.facts.spectrum import spectrum_facts
from core.exchange.plane_words import directions_words
from core.exchange.spectrum_words import eigenvalues_words
from core.exchange.subject import Subject, subject_of
from core.exchange.words import engine_words, whole
from core.generalisation.complexity import Complexity, ComplexityRequest
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.curve import Curve
from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface, SurfaceRequest
from core.landscape.trajectory import Trajectory
from core.naming import Request
from core.provenance import Provenance
from core.robustness.kinds import ATTACK_NAMES
from core.robustness.robustness import Robustness, RobustnessRequest
from core.session.document import DatasetItem, Document, NetworkItem, Result, ResultItem
from core.spectrum.history import History, HistoryRequest
from core.spectrum.spectrum import Spectrum, SpectrumRequest

MOST_CLASSES = 20  # named; ten thousand names help nobody


def network_facts(item: NetworkItem) -> dict[str, str]:
    """What a network is."""
    card = item.card
    facts = {
        "Architecture": card.architecture or "self-contained program (.pt2)",
        "Input": " × ".join(map(str, card.input.shape)),
        "Parameters": "in the program" if item.parameter_count is None else f"{whole(item.parameter_count)}",
        "Classes": _classes(card.classes),
    }
    if card.description:
        facts["Description"] = card.description
    if item.origin:
        facts["Opened from"] = item.origin
    return facts | {"sha256": item.sha256}


def dataset_facts(item: DatasetItem) -> dict[str, str]:
    """What a data set is."""
    return {
        "Samples": f"{whole(item.samples)} of shape {' × '.join(map(str, item.shape))}",
        **({"Predicts": _classes(item.targets)} if item.targets else {"Classes": _classes(item.classes)}),
        "Kept in the session": "yes" if item.data is not None else f"no, read again from {item.origin}",
        "Source": item.source,
        "sha256": item.sha256,
    }


def request_facts(request: Request) -> dict[str, str]:
    """What was asked of the landscape and the spectrum engine; nothing for others, whose forms say it all."""
    if isinstance(request, SpectrumRequest):
        return _spectrum_request(request)
    if isinstance(request, CorrectionRequest | JointRequest | ComplexityRequest | RobustnessRequest | HistoryRequest):
        return {}
    if isinstance(request, CasesRequest | PairsRequest):
        return {}
    facts = {} if isinstance(request, InitialisationRequest) else {"Directions": directions_words(request.directions)}
    if isinstance(request, SurfaceRequest | ConvexityRequest):
        facts["Points"] = f"{request.columns} × {request.rows}"
    if isinstance(request, SurfaceRequest) and request.method == "adaptive":
        facts["Method"] = f"adaptive, within {100 * request.tolerance:g} %"
    if request.samples is not None:
        facts["Samples"] = f"{whole(request.samples)}"
    return facts


def _spectrum_request(request: SpectrumRequest) -> dict[str, str]:
    wanted = {"density": request.density, "trace": request.trace, "layers": request.layer_table}
    facts = {
        "Spectrum": f"{whole(request.top)}: {eigenvalues_words(request)}",
        "Besides": ", ".join(name for name, asked in wanted.items() if asked),
        "Tolerance": f"{request.tolerance:g} relative",
        "Samples": "" if request.samples is None else whole(request.samples),
    }
    return {name: words for name, words in facts.items() if words}


def result_facts(item: ResultItem, document: Document) -> dict[str, str]:
    """How a result was obtained and how exact it is."""
    result, subject = item.result, subject_of(item, document)
    status = "complete" if result.status == "complete" else "partial: stopped before it was complete"
    return {"Status": status, **_kind_facts(result, subject)}


def _kind_facts(result: Result, subject: Subject) -> dict[str, str]:
    if isinstance(result, Surface):
        return _surface(result, subject)
    if isinstance(result, Spectrum):
        return _spectrum(result, subject)
    if isinstance(result, Correction):
        return _correction(result, subject)
    if isinstance(result, JointCorrection):
        return dict(joint_facts(result, subject))
    if isinstance(result, Robustness | Complexity | History | Cases | Pairs):
        return dict(_measured_facts(result, subject))
    facts = dict(_landscape_facts(result, subject))
    facts.pop("Limits", None)  # stand elsewhere
    return _plane(result) | facts


def _measured_facts(result: Robustness | Complexity | History | Cases | Pairs, subject: Subject) -> Facts:
    if isinstance(result, Pairs):
        return short_facts(result, subject)
    if isinstance(result, Cases):
        return case_summary(result, subject)
    if isinstance(result, Complexity):
        return size_facts(result, subject)
    if isinstance(result, History):
        return history_facts(result, subject)
    by_attack = set(ATTACK_NAMES.values())  # stand in the table of the page
    return [(name, text) for name, text in robustness_facts(result, subject) if name not in by_attack]


def _landscape_facts(result: Curve | Trajectory | Convexity | Initialisations, subject: Subject) -> Facts:
    if isinstance(result, Curve):
        return curve_facts(result, subject)
    if isinstance(result, Trajectory):
        return trajectory_facts(result, subject)
    return convexity_facts(result, subject) if isinstance(result, Convexity) else initialisation_facts(result, subject)


def provenance_facts(provenance: Provenance) -> dict[str, str]:
    """What a result was computed with."""
    if provenance.imported:
        return {"Read from": provenance.imported, "Network, data": "not recorded in the file"}
    versions = ", ".join(f"{name} {version}" for name, version in provenance.versions.items())
    return {
        "Samples": f"{whole(provenance.samples)}",
        "Took": f"{provenance.seconds:.1f} s, {counted(provenance.threads, 'thread')}",
        "Arithmetic": f"{provenance.dtype}, {provenance.device}",
        "Network sha256": provenance.network_sha256,
        "Data sha256": provenance.data_sha256,
        "Computed with": versions,
    }


def _classes(names: tuple[str, ...]) -> str:
    if len(names) <= MOST_CLASSES:
        return ", ".join(names) or "not named"
    return f"{', '.join(names[:MOST_CLASSES])}, … {whole(len(names))} in all"


def _surface(surface: Surface, subject: Subject) -> dict[str, str]:
    """All but what such a slice can show, which has a place of its own."""
    facts = dict(surface_facts(surface, subject))
    for name in ("Limits", "Certificate", "Axes", "Course"):  # stand elsewhere, the axes in the picture
        facts.pop(name, None)
    ranges = {"Range": f"{_ends(surface.x)} × {_ends(surface.y)}"}
    if surface.holes:
        facts["Holes"] = f"{surface.holes} points have no finite loss: the weights there overflow the network."
    return _plane(surface) | ranges | facts | _course(surface)


def _course(surface: Surface) -> dict[str, str]:
    """Which lever the engine pulled and why, how a point was evaluated, and what it took."""
    if (course := surface.course) is None:
        return {}
    lever = " ".join(f"{text[:1].upper()}{text[1:]}" for text in (f"{course.lever}.", course.reason) if text)
    if surface.status == "partial" and not course.reason:
        lever = ""  # which lever it will be is not known before a part of the plane is
    facts = {"Method": lever, "Engine": engine_words(course)}
    if course.subset:
        facts["Samples at a point"] = f"{whole(course.subset)}; all of them at {whole(course.full_points)} points"
    if course.forwards:
        facts["Work"] = f"{counted(course.forwards, 'sample')} through the network"
    return {name: value for name, value in facts.items() if value}


def _plane(result: Surface | Curve | Trajectory | Convexity | Initialisations) -> dict[str, str]:
    """Along which axes; fresh initialisations lie in no plane."""
    if isinstance(result, Initialisations):
        return {}
    return {"Directions": directions_words(result.request.directions)}


def _ends(axis: FloatArray) -> str:
    return extent((float(axis[0]), float(axis[-1])))


def _spectrum(spectrum: Spectrum, subject: Subject) -> dict[str, str]:
    """All but the eigenvalues, which stand in the picture."""
    facts = {name: words for name, words in spectrum_facts(spectrum, subject) if not name.startswith("λ")}
    return facts | {"Tolerance": f"{spectrum.request.tolerance:g} relative", "Seed": f"{spectrum.request.seed}"}


def _correction(correction: Correction, subject: Subject) -> dict[str, str]:
    of_what = "over what is wanted" if correction.request.wanted.by_value else "of the logits"
    return dict(correction_facts(correction, subject)) | {"Margin": f"{correction.margin:.2g} {of_what}"}


def counted(number: int, thing: str) -> str:
    """``1 thread``, ``2 threads``."""
    return f"{whole(number)} {thing}" if number == 1 else f"{whole(number)} {thing}s"


def extent(limits: tuple[float, float]) -> str:
    """``−1 to 1``, with a minus and not a hyphen."""
    return " to ".join(f"{limit:g}".replace("-", "−") for limit in limits)
