"""What requests and results are called on the screen and on the command line. Imports no engine."""

from core.corrections.correction import Correction, CorrectionRequest
from core.landscape.surface import Surface, SurfaceRequest
from core.session.document import Result
from core.spectrum.spectrum import SpectrumRequest

Request = SurfaceRequest | SpectrumRequest | CorrectionRequest

SESSION_SUFFIX = ".corrie.h5"


def kind_of(thing: Request | Result) -> str:
    """``surface``, ``spectrum`` or ``correction``: the word in ids and file names."""
    if isinstance(thing, SurfaceRequest | Surface):
        return "surface"
    return "correction" if isinstance(thing, CorrectionRequest | Correction) else "spectrum"


def result_name(request: Request, network_name: str) -> str:
    """A name for the result that tells it from its neighbours in the session tree."""
    if isinstance(request, SurfaceRequest):
        return f"Surface of {network_name}"
    if isinstance(request, SpectrumRequest):
        return f"Spectrum of {network_name}"
    which = "an input" if request.row is None else f"row {request.row}"
    return f"Correction of {which}: {' × '.join(feature.name for feature in request.free)}"


def file_stem(name: str) -> str:
    """The name of an item as the first part of a file name that every system takes."""
    return "".join(character if character.isalnum() else "-" for character in name.lower()).strip("-")
