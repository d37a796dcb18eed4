"""What the form needs to know of data and architectures before it may start: slow, so behind the window."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.jobs.engines import import_training
from app.views.networks.presets import presets_for
from app.views.training.subject_fields import OWN
from core.data.dataset import Dataset
from core.data.storing import restore_dataset
from core.errors import CorrieError
from core.job import JobContext, Stage
from core.networks.card import InputCard
from core.runtime import prepare_torch
from core.session.document import DatasetItem
from core.training.inputs import input_shape, output_count, standardised
from core.training.recipe import TrainingRequest

MOST_TIMED = 12  # different kinds of runs of a sweep that are timed; the others are taken for the mean of these


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was seen."""

    input: InputCard | None  # None: the data cannot be read
    parameters: Mapping[str, int] = field(default_factory=dict)  # by architecture, of those that fit
    troubles: Mapping[str, str] = field(default_factory=dict)  # by architecture, why it does not fit
    data_trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What all runs together would take."""

    seconds: tuple[float, ...]  # of each run
    memory: int  # bytes, of the largest
    trouble: str = ""  # why it cannot be done here, in a sentence


class Looker:
    """Looks at data and architectures, and remembers what it saw.

    Work that was given up may still be on its way to its next check while newer work begins: both may ask for data.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cards: dict[tuple[str, str], InputCard] = {}  # by data and normalisation
        self._data: dict[str, Dataset] = {}  # the last ones that were opened

    def look(self, item: DatasetItem, inputs: str, architectures: tuple[str, ...], job: JobContext) -> Looked:
        """Find the input card, and whether and how large the architectures would be."""
        try:
            data = self._opened(item)
            card = self._card(data, item, inputs, job)
        except CorrieError as error:
            return Looked(input=None, data_trouble=str(error))
        prepare_torch()
        from core.networks.architectures.registry import blueprint  # noqa: PLC0415  imports torch
        from core.networks.architectures.size import parameter_count  # noqa: PLC0415

        parameters, troubles = {}, {}
        for name in architectures:
            job.check()
            try:
                parameters[name] = parameter_count(blueprint(name, card.shape, output_count(data)))
            except CorrieError as error:
                troubles[name] = str(error)
        return Looked(input=card, parameters=parameters, troubles=troubles)

    def cost(
        self, requests: tuple[TrainingRequest, ...], item: DatasetItem, test: DatasetItem | None, job: JobContext
    ) -> Cost:
        """Time one unit of each kind of run. Raises what the engine raises where it cannot be done."""
        import_training()
        from core.training.estimate import estimate  # noqa: PLC0415  imports torch

        data, tests = self._opened(item), None if test is None else self._opened(test)
        known: dict[object, float] = {}
        memory = 0
        for request in requests:
            kind = request.architecture, request.batch_size, request.robust
            if kind not in known and len(known) < MOST_TIMED:
                found = estimate(request, data, tests, Stage(job, request.name, relay_partial=False))
                known[kind] = found.seconds
                memory = max(memory, found.memory)
        mean = sum(known.values()) / len(known)
        kinds = ((request.architecture, request.batch_size, request.robust) for request in requests)
        return Cost(seconds=tuple(known.get(kind, mean) for kind in kinds), memory=memory)

    def _opened(self, item: DatasetItem) -> Dataset:
        if item.data is not None:
            return item.data
        with self._lock:
            if item.sha256 not in self._data:
                while len(self._data) > 1:
                    self._data.pop(next(iter(self._data)))
                self._data[item.sha256] = restore_dataset(item)
            return self._data[item.sha256]

    def _card(self, data: Dataset, item: DatasetItem, inputs: str, job: JobContext) -> InputCard:
        shape = input_shape(item.shape)
        preset = next((one for one in presets_for(shape) if one.title == inputs), None)
        if preset is not None and inputs != OWN:
            return preset.card(shape)
        key = item.sha256, OWN
        if key not in self._cards:
            self._cards[key] = standardised(data, job)
        return self._cards[key]
