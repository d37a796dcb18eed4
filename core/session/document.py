"""The document: everything a session holds, immutable. An edit makes a new document that shares what did not change."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import prod
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from core.corrections.records.cases import Cases
from core.corrections.records.correction import Correction
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.data.dataset import Dataset
from core.data.tables.features import FeatureCard
from core.deferred import array_shapes
from core.errors import InvalidRequest
from core.generalisation.complexity import Complexity
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.networks.card import NetworkCard
from core.review.note import Note, clean_name
from core.robustness.robustness import Robustness
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum
from core.training.run import Run

Result = (
    Surface
    | Curve
    | Trajectory
    | Convexity
    | Initialisations
    | Spectrum
    | Robustness
    | Complexity
    | History
    | Correction
    | JointCorrection
    | Pairs
    | Cases
)

STATISTICS = ("running_mean", "running_var", "num_batches_tracked")  # kept by batch normalisation, not trained


def utc_now() -> str:
    """The time in ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def new_id(kind: str) -> str:
    """A short identifier, unique enough to merge sessions: ``surface-1f0a9c3b``."""
    return f"{kind}-{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkItem:
    """A network with all that is needed to compute with it again, without its files."""

    id: str
    name: str
    created_utc: str
    card: NetworkCard
    weights: Mapping[str, npt.NDArray[np.generic]] = field(repr=False)  # state dict, empty for a program
    program: bytes | None = field(repr=False)  # a .pt2 file, None for a built-in architecture
    sha256: str  # of weights or program
    origin: str = ""  # where the file lay when it was opened

    @property
    def parameter_count(self) -> int | None:
        """Number of trained parameters, without the statistics of batch normalisation; None for a program."""
        if self.program is not None:
            return None
        return sum(prod(shape) for name, shape in array_shapes(self.weights).items() if not name.endswith(STATISTICS))


@dataclass(frozen=True, kw_only=True, eq=False)
class DatasetItem:
    """A data set: its description always, its samples if the user keeps them in the session."""

    id: str
    name: str
    created_utc: str
    samples: int
    shape: tuple[int, ...]  # of one sample
    classes: tuple[str, ...]
    features: FeatureCard | None
    source: str  # origin and licence
    origin: str  # path or built-in name it is opened from again
    sha256: str
    targets: tuple[str, ...] = ()  # names of the numbers to be predicted; empty where there are classes
    data: Dataset | None = field(default=None, repr=False)  # None: not kept, only described


@dataclass(frozen=True, kw_only=True, eq=False)
class ResultItem:
    """A computed result with the network and data it belongs to."""

    id: str
    name: str
    created_utc: str
    network_id: str
    dataset_id: str
    test_id: str = ""  # data set that it was tested on; "" without, and after its removal
    run_id: str = ""  # run whose checkpoints it is about; "" without, and after its removal
    result: Result


@dataclass(frozen=True, kw_only=True, eq=False)
class RunItem:
    """A training with its curves and checkpoints, the data it learnt from, and the network that came of it."""

    id: str
    name: str
    created_utc: str
    dataset_id: str
    test_id: str = ""  # data set that it was tested on; "" without
    network_id: str = ""  # the trained network; "" until there is one, and after its removal
    sweep: str = ""  # name that the runs of one sweep share; "" for a single run
    run: Run


Item = NetworkItem | DatasetItem | ResultItem | RunItem


def _empty() -> Mapping[str, object]:
    return MappingProxyType({})


def _no_notes() -> Mapping[str, Note]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True, eq=False)
class Document:
    """All items of a session in the order they were added, what was noted on them, and how they were last looked at."""

    document_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_utc: str = field(default_factory=utc_now)
    items: Mapping[str, Item] = field(default_factory=lambda: MappingProxyType({}))  # by id
    view: Mapping[str, object] = field(default_factory=_empty)  # JSON: cameras, layout, selection
    notes: Mapping[str, Note] = field(default_factory=_no_notes)  # by id, in the order they were written

    @property
    def networks(self) -> tuple[NetworkItem, ...]:
        return tuple(item for item in self.items.values() if isinstance(item, NetworkItem))

    @property
    def datasets(self) -> tuple[DatasetItem, ...]:
        return tuple(item for item in self.items.values() if isinstance(item, DatasetItem))

    @property
    def results(self) -> tuple[ResultItem, ...]:
        return tuple(item for item in self.items.values() if isinstance(item, ResultItem))

    @property
    def runs(self) -> tuple[RunItem, ...]:
        return tuple(item for item in self.items.values() if isinstance(item, RunItem))

    def with_item(self, item: Item) -> "Document":
        """A document in which `item` was added, or took the place of the item with its id."""
        return replace(self, items=MappingProxyType({**self.items, item.id: item}))

    def without(self, item_id: str) -> "Document":
        """A document without that item, and without the results that were computed from it.

        A run goes with the data it learnt from. It stays without the network that came of it, or its test data. A
        result stays without its test data, or the run that it is about. Notes stay, and remember what they were about.
        """
        gone = {item_id} | {r.id for r in self.results if item_id in (r.network_id, r.dataset_id)}
        gone |= {run.id for run in self.runs if run.dataset_id == item_id}
        items = {key: _forgetting(item, item_id) for key, item in self.items.items() if key not in gone}
        return replace(self, items=MappingProxyType(items), notes=self._notes_without(gone))

    def with_note(self, note: Note) -> "Document":
        """A document in which `note` was added, or took the place of the note with its id."""
        return replace(self, notes=MappingProxyType({**self.notes, note.note_id: note}))

    def without_note(self, note_id: str) -> "Document":
        """A document without that note; the very same document if there is none."""
        if note_id not in self.notes:
            return self
        kept = {key: note for key, note in self.notes.items() if key != note_id}
        return replace(self, notes=MappingProxyType(kept))

    def notes_on(self, item_id: str | None) -> tuple[Note, ...]:
        """The notes on an item, in the order they were written; those on the session as a whole for None."""
        return tuple(note for note in self.notes.values() if note.item_id == item_id)

    def with_view(self, view: Mapping[str, object]) -> "Document":
        return replace(self, view=MappingProxyType(dict(view)))

    def _notes_without(self, gone: set[str]) -> Mapping[str, Note]:
        about = {key: note for key, note in self.notes.items() if note.item_id in gone and note.item_id in self.items}
        if not about:
            return self.notes
        names = {key: clean_name(self.items[note.item_id].name) for key, note in about.items() if note.item_id}
        kept = {key: replace(note, item_name=names[key]) if key in names else note for key, note in self.notes.items()}
        return MappingProxyType(kept)

    def find(self, wanted: str) -> Item:
        """The item with that id, or with that name if only one has it.

        Raises
        ------
        InvalidRequest
            If there is none, or more than one of that name.
        """
        if wanted in self.items:
            return self.items[wanted]
        named = [item for item in self.items.values() if item.name == wanted]
        if len(named) == 1:
            return named[0]
        if named:
            raise InvalidRequest(f'{len(named)} items are called "{wanted}": use an id, {[i.id for i in named]}.')
        raise InvalidRequest(f'There is no item "{wanted}". There are: {", ".join(self.items) or "none"}.')


def _forgetting(item: Item, gone: str) -> Item:
    """The item itself, or one that no longer refers to what is gone."""
    if isinstance(item, RunItem) and gone in (item.network_id, item.test_id):
        return replace(
            item,
            network_id="" if item.network_id == gone else item.network_id,
            test_id="" if item.test_id == gone else item.test_id,
        )
    if isinstance(item, ResultItem) and gone in (item.test_id, item.run_id):
        return replace(
            item,
            test_id="" if item.test_id == gone else item.test_id,
            run_id="" if item.run_id == gone else item.run_id,
        )
    return item
