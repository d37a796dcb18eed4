"""The figure of any result."""

from matplotlib.figure import Figure

from core.exchange.correction_figure import correction_figure
from core.exchange.spectrum_figure import spectrum_figure
from core.exchange.subject import Subject
from core.exchange.surface_figure import surface_figure
from core.landscape.surface import Surface
from core.session.document import Result
from core.spectrum.spectrum import Spectrum


def result_figure(result: Result, subject: Subject) -> Figure:
    """Draw a result as it is published: flat, with its scale, its errors and where it comes from."""
    if isinstance(result, Surface):
        return surface_figure(result, subject)
    if isinstance(result, Spectrum):
        return spectrum_figure(result, subject)
    return correction_figure(result, subject)
