"""What requests and results are called on the screen and on the command line. Imports no engine."""

from core.corrections.records.cases import Cases, CasesRequest
from core.corrections.records.correction import Correction, CorrectionRequest
from core.corrections.records.joint import JointCorrection, JointRequest
from core.corrections.records.pairs import Pairs, PairsRequest
from core.generalisation.complexity import Complexity, ComplexityRequest
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.curve import Curve, CurveRequest
from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.landscape.plane import FileDirections
from core.landscape.surface import Surface, SurfaceRequest
from core.landscape.trajectory import Trajectory, TrajectoryRequest
from core.robustness.robustness import Robustness, RobustnessRequest
from core.session.document import Result
from core.spectrum.history import History, HistoryRequest
from core.spectrum.spectrum import Spectrum, SpectrumRequest

Request = (
    SurfaceRequest
    | CurveRequest
    | TrajectoryRequest
    | ConvexityRequest
    | InitialisationRequest
    | SpectrumRequest
    | RobustnessRequest
    | ComplexityRequest
    | HistoryRequest
    | CorrectionRequest
    | JointRequest
    | PairsRequest
    | CasesRequest
)

SESSION_SUFFIX = ".corrie.h5"
MOST_NAMED = 5  # features of a correction that stand in its name

_KINDS: dict[type, str] = {
    SurfaceRequest: "surface",
    Surface: "surface",
    CurveRequest: "curve",
    Curve: "curve",
    TrajectoryRequest: "trajectory",
    Trajectory: "trajectory",
    ConvexityRequest: "convexity",
    Convexity: "convexity",
    InitialisationRequest: "initialisations",
    Initialisations: "initialisations",
    SpectrumRequest: "spectrum",
    Spectrum: "spectrum",
    RobustnessRequest: "robustness",
    Robustness: "robustness",
    ComplexityRequest: "complexity",
    Complexity: "complexity",
    HistoryRequest: "history",
    History: "history",
    CorrectionRequest: "correction",
    Correction: "correction",
    JointRequest: "joint",
    JointCorrection: "joint",
    PairsRequest: "pairs",
    Pairs: "pairs",
    CasesRequest: "cases",
    Cases: "cases",
}
KIND_NAMES = {
    "surface": "Surface",
    "curve": "Curve",
    "trajectory": "Trajectory",
    "convexity": "Convexity",
    "initialisations": "Initialisations",
    "spectrum": "Spectrum",
    "robustness": "Robustness",
    "complexity": "Size and sharpness",
    "history": "Curvature through the training",
}
# Beside random directions, which are the usual ones; the others are what tells a result from its neighbours.
_PLANES = {
    "eigen": " along eigenvectors",
    "pca": " in the plane of its training",
    "networks": " and two networks",
    "bezier": " over a low-loss curve",
    "file": " in a given plane",
}
_LINES = {
    "eigen": "Curve along an eigenvector of",
    "networks": "Line to another network from",
    "bezier": "Low-loss curve from",
    "file": "Curve in a given direction of",
}


def kind_of(thing: Request | Result) -> str:
    """``surface``, ``curve``, ``spectrum`` and so on: the word in ids and file names."""
    return _KINDS[type(thing)]


def result_name(request: Request, network_name: str) -> str:
    """A name for the result that tells it from its neighbours in the session tree."""
    if isinstance(request, CorrectionRequest | JointRequest | PairsRequest):
        return _name_of_one_input(request)
    if isinstance(request, CasesRequest):
        return f"Cases of {network_name}: {', '.join(one.name for one in request.free)}"
    if isinstance(request, CurveRequest):
        return _curve_name(request, network_name)
    plain = f"{KIND_NAMES[kind_of(request)]} of {network_name}"
    if isinstance(request, RobustnessRequest):
        return plain + (" under attacks on another network" if request.made_on else "")
    return plain + _PLANES.get(request.directions.kind, "") if isinstance(request, SurfaceRequest) else plain


def _name_of_one_input(request: CorrectionRequest | JointRequest | PairsRequest) -> str:
    which = "an input" if request.row is None else f"row {request.row}"
    if isinstance(request, PairsRequest):
        return f"All pairs of {which}: {len(request.features)} features"
    if isinstance(request, JointRequest):
        return f"Correction of {which}: {_features(request)}"
    return f"Correction of {which}: {' × '.join(feature.name for feature in request.free)}"


def _features(request: JointRequest) -> str:
    """``duration, amount, savings``; of many only how many there are."""
    names = request.freedom.names
    listed = ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} features"
    return f"at most {request.most_changed} of {listed}" if request.limited else listed


def _curve_name(request: CurveRequest, network_name: str) -> str:
    if request.draws > 1:
        return f"{request.draws} random curves of {network_name}"
    asked = request.directions
    if isinstance(asked, FileDirections) and asked.eigenvector:
        whose = network_name if asked.origin == "the Hessian" else f"{asked.origin}, {network_name}"
        return f"Loss along eigenvector {asked.eigenvector} of {whose} (λ = {asked.eigenvalue:.4g})"
    kind = asked.kind
    return f"{_LINES[kind]} {network_name}" if kind in _LINES else f"Curve of {network_name}"


def file_stem(name: str) -> str:
    """The name of an item as the first part of a file name that every system takes."""
    return "".join(character if character.isalnum() else "-" for character in name.lower()).strip("-")
