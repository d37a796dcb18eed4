"""The built-in example: two networks that read handwritten digits, and one that judges applications for credit."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.corrections.requests.rows import Wanted, request_for_row
from core.data.builtin import examples_folder, open_builtin
from core.data.dataset import Dataset
from core.landscape.surface import SurfaceRequest
from core.naming import Request
from core.networks.loading import open_network
from core.networks.network import Network
from core.spectrum.spectrum import SpectrumRequest

GRID = 25  # enough to read the shape; both surfaces take about half a minute on one core
SAMPLES = 256
TOP = 6
SPECTRUM_SAMPLES = 128  # the residuals are formed in float64, which is slow for convolutions
APPLICANT = 18  # row of the table: rejected for 12,579 DM over 24 months
FREE = ("duration_in_month", "credit_amount")


@dataclass(frozen=True, eq=False)
class ExampleTask:
    """One analysis of the example, ready to be computed."""

    network: Network
    data: Dataset
    data_name: str  # built-in name
    request: Request


def example_tasks() -> Iterator[ExampleTask]:
    """The analyses, one of each kind before the surface to compare with. Each network and data set is opened once."""
    folder = examples_folder()
    digits = open_builtin("digits")
    with_shortcuts, without = (open_network(folder / f"{name}.toml") for name in ("digits_resnet", "digits_noshort"))
    credit, applicants = open_network(folder / "german_credit.toml"), open_builtin("german-credit")
    surface = SurfaceRequest(columns=GRID, rows=GRID, samples=SAMPLES)
    yield ExampleTask(with_shortcuts, digits, "digits", surface)
    yield ExampleTask(credit, applicants, "german-credit", request_for_row(applicants, APPLICANT, FREE, Wanted(), {}))
    yield ExampleTask(with_shortcuts, digits, "digits", SpectrumRequest(top=TOP, samples=SPECTRUM_SAMPLES))
    yield ExampleTask(without, digits, "digits", surface)
