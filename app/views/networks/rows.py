"""Networks and data of the session as rows of two tables."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.commands.cards import dependents
from app.views.networks.item_table import Column
from app.views.networks.number_lists import shape_text
from app.views.networks.sample_images import is_picture
from core.data.builtin import NAMES, examples_folder
from core.deferred import array_bytes
from core.session.document import DatasetItem, Document, NetworkItem

if TYPE_CHECKING:
    from core.evaluation import Evaluation

MEGABYTE = 1e6
UNKNOWN = -1.0  # sorts below everything that is known


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkRow:
    """A network, what uses it, and how it does on the chosen data."""

    item: NetworkItem
    parameters: int | None  # None: inside a program that was not looked into yet
    uses: int
    source: str
    evaluation: "Evaluation | str | None"  # a text says why there is none

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def size_bytes(self) -> int:
        item = self.item
        return len(item.program) if item.program is not None else array_bytes(item.weights)


@dataclass(frozen=True, kw_only=True, eq=False)
class DataRow:
    """A data set and what uses it."""

    item: DatasetItem
    uses: int
    source: str

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def kind(self) -> str:
        """What a sample is."""
        if self.item.features is not None:
            return "table"
        return "images" if is_picture(self.item.shape) else "arrays"

    @property
    def size_bytes(self) -> int | None:
        """Of the samples in the session; None if they are not in it."""
        return None if self.item.data is None else self.item.data.input_bytes


def network_row(
    item: NetworkItem, document: Document, parameters: int | None, evaluation: "Evaluation | str | None"
) -> NetworkRow:
    """A network of the document as a row."""
    run = next((run for run in document.runs if run.network_id == item.id), None)
    source = f"training “{run.name}”" if run is not None else _source(item.origin)
    uses = dependents(document, item.id)
    return NetworkRow(item=item, parameters=parameters, uses=uses, source=source, evaluation=evaluation)


def data_row(item: DatasetItem, document: Document) -> DataRow:
    """A data set of the document as a row."""
    source = "built in" if item.origin in NAMES else _source(item.origin)
    return DataRow(item=item, uses=dependents(document, item.id), source=source)


def _source(origin: str) -> str:
    if origin.startswith(str(examples_folder())):
        return "example"
    return f"file {origin}" if origin else "made in this session"


def kind_of_network(item: NetworkItem) -> str:
    """Its architecture, or what kind of program it is."""
    return item.card.architecture or "program"


def megabytes(size: int | None) -> str:
    """``3.4``, with as many digits as say something."""
    return "—" if size is None else f"{size / MEGABYTE:.3g}" if size < 100 * MEGABYTE else f"{size / MEGABYTE:,.0f}"


def _percent(row: NetworkRow) -> str:
    found = row.evaluation
    if found is None:
        return ""
    return "—" if isinstance(found, str) or math.isnan(found.accuracy) else f"{found.accuracy:.1%}"


def _accuracy(row: NetworkRow) -> float:
    found = row.evaluation
    return UNKNOWN if found is None or isinstance(found, str) or math.isnan(found.accuracy) else found.accuracy


def _loss(row: NetworkRow) -> float:
    found = row.evaluation
    return UNKNOWN if found is None or isinstance(found, str) or math.isnan(found.loss) else found.loss


def _loss_text(row: NetworkRow) -> str:
    found = row.evaluation
    return "" if found is None else "—" if isinstance(found, str) else f"{found.loss:.4g}"


def _about_evaluation(row: NetworkRow) -> str:
    found = row.evaluation
    if found is None:
        return "Press Evaluate"
    return found if isinstance(found, str) else f"On {found.samples:,} samples from all over the data chosen above"


NETWORK_COLUMNS: tuple[Column[NetworkRow], ...] = (
    Column(title="Name", text=lambda row: row.item.name),
    Column(title="Architecture", text=lambda row: kind_of_network(row.item)),
    Column(
        title="Parameters",
        text=lambda row: "—" if row.parameters is None else f"{row.parameters:,}",
        key=lambda row: UNKNOWN if row.parameters is None else row.parameters,
        tooltip="Trained parameters; of a program once it was selected",
    ),
    Column(
        title="Accuracy",
        text=_percent,
        key=_accuracy,
        tooltip="Share of right verdicts on the data chosen above",
        hint=_about_evaluation,
    ),
    Column(
        title="Loss",
        text=_loss_text,
        key=_loss,
        tooltip="On the data chosen above: mean cross-entropy in nats; mean squared error where numbers are predicted",
        hint=_about_evaluation,
    ),
    Column(
        title="Input",
        text=lambda row: shape_text(row.item.card.input.shape),
        tooltip="Shape of one sample, channels first",
    ),
    Column(
        title="MB",
        text=lambda row: megabytes(row.size_bytes),
        key=lambda row: row.size_bytes,
        tooltip="Megabytes of weights, or of the program",
    ),
    Column(title="Classes", text=lambda row: _count(row.item.card.classes), key=lambda row: len(row.item.card.classes)),
    Column(
        title="Results",
        text=lambda row: f"{row.uses:,}",
        key=lambda row: row.uses,
        tooltip="Results and runs of this session that refer to it",
    ),
    Column(title="Came from", text=lambda row: row.source),
)

DATA_COLUMNS: tuple[Column[DataRow], ...] = (
    Column(title="Name", text=lambda row: row.item.name),
    Column(title="Kind", text=lambda row: row.kind),
    Column(title="Samples", text=lambda row: f"{row.item.samples:,}", key=lambda row: row.item.samples),
    Column(title="Shape", text=lambda row: shape_text(row.item.shape), tooltip="Shape of one sample in the file"),
    Column(
        title="Classes",
        text=lambda row: f"{len(row.item.targets)} numbers" if row.item.targets else _count(row.item.classes),
        key=lambda row: len(row.item.classes),
        hint=lambda row: ", ".join(row.item.targets or row.item.classes) or "not named",
    ),
    Column(
        title="MB",
        text=lambda row: megabytes(row.size_bytes),
        key=lambda row: UNKNOWN if row.size_bytes is None else row.size_bytes,
        tooltip="Megabytes of samples in the session; — if they are read again from where they came from",
    ),
    Column(
        title="Results",
        text=lambda row: f"{row.uses:,}",
        key=lambda row: row.uses,
        tooltip="Results and runs of this session that refer to it",
    ),
    Column(title="Came from", text=lambda row: row.source),
    Column(title="Origin and licence", text=lambda row: row.item.source),
)


def _count(names: tuple[str, ...]) -> str:
    return f"{len(names)}" if names else "not named"
