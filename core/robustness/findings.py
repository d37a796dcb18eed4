"""What attacks have found so far: filled attack by attack and strength by strength, copied as a result at any time."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.data.dataset import Dataset
from core.networks.network import Network
from core.origin import Origin, refuse_foreign
from core.robustness.album import Album, chosen_rows, fixed_copy
from core.robustness.box import DataRange
from core.robustness.input_hessian import InputCurvature
from core.robustness.judging import Judgement
from core.robustness.kinds import ALONG_GRADIENT, Attack
from core.robustness.robustness import NOT_YET, FloatArray, Robustness, RobustnessRequest, Status, Verdicts

KEPT_EIGENVALUES = 10  # of each sample, the largest


class CellTotals:
    """One attack at one strength, added up batch by batch."""

    def __init__(self, samples: int) -> None:
        self.right: Verdicts = np.full(samples, NOT_YET, dtype=np.uint8)
        self.loss, self.changed = 0.0, 0.0

    def add(self, part: slice, judgement: Judgement, change: Tensor) -> None:
        """Take in a batch: what was judged, and the changes (n, …) in units of the data's range."""
        self.right[part] = np.nan_to_num(judgement.right.numpy(), nan=NOT_YET)
        self.loss += float(judgement.loss.double().sum())
        self.changed += float(torch.linalg.vector_norm(change.flatten(1).double(), dim=1).sum())


@dataclass(frozen=True, eq=False)
class _Curvatures:
    """The Hessian in the input of all samples."""

    eigenvalues: FloatArray = field(repr=False)  # (samples, r)
    smallest: float
    deviation: float


class Findings:
    """Mutable; `snapshot` gives an immutable copy.

    Parameters
    ----------
    data : Dataset
        The samples that are attacked, no others.
    """

    def __init__(
        self, request: RobustnessRequest, network: Network, maker: Network, data: Dataset, range_: DataRange
    ) -> None:
        self._request, self._network, self._maker, self._data = request, network, maker, data
        low, high = (np.atleast_1d(np.asarray(end, dtype=np.float64)) for end in (range_.low, range_.high))
        self._low, self._high = fixed_copy(low), fixed_copy(high)
        self._epsilon = fixed_copy(np.array(request.epsilon))
        self._length = fixed_copy(self._epsilon * math.sqrt(math.prod(network.card.input.shape)))
        cells = (len(request.attacks), len(request.epsilon))
        self._values = np.full((3, *cells), np.nan)  # accuracy, loss, changed
        self._right: Verdicts = np.full((*cells, len(data)), NOT_YET, dtype=np.uint8)
        self._clean: Judgement | None = None
        self._resumed: Robustness | None = None
        self._curvatures: _Curvatures | None = None
        self._origin = Origin(network, data)
        self.album: Album | None = None
        self.piecewise_linear = False

    @property
    def classes(self) -> bool:
        """Whether there are verdicts that can be right."""
        return self._data.task == "classification"

    def take_over(self, resume: Robustness | None) -> None:
        """Go on from a partial result. Raises `InvalidRequest` if it belongs to something else."""
        if resume is None:
            return
        same_range = np.array_equal(resume.range_low, self._low) and np.array_equal(resume.range_high, self._high)
        refuse_foreign(resume, self._request, self._network, self._data, "robustness", alike=same_range)
        self._values[:] = resume.accuracy, resume.loss, resume.changed
        if resume.right is not None:
            self._right[:] = resume.right
        if resume.input_eigenvalues is not None:
            self._curvatures = _Curvatures(
                resume.input_eigenvalues, resume.smallest_input_eigenvalue, resume.hessian_deviation
            )
        self._origin.take_over(resume)
        self._resumed = resume

    def clean(self, judged: Judgement) -> None:
        """Take in what the network says of all samples as they are."""
        self._clean = judged
        if self._request.examples:
            rows = chosen_rows(judged.right.numpy(), self._request.examples)
            self.album = Album(self._request, self._data, rows, judged)
            if self._resumed is not None and self._resumed.examples is not None:
                self.album.take_over(self._resumed.examples)

    def has_curvatures(self) -> bool:
        """Whether the Hessian in the input is known already."""
        return self._curvatures is not None

    def curvatures(self, parts: list[InputCurvature]) -> None:
        """Take in the Hessian in the input of all samples."""
        values = torch.cat([part.eigenvalues for part in parts]).numpy()
        known = values[np.isfinite(values)]
        squared = sum(part.squared_norm for part in parts)
        deviation = math.sqrt(sum(part.deviation for part in parts) / squared) if squared > 0 else math.nan
        smallest = float(known.min()) if known.size else math.nan
        if values.shape[1] < math.prod(self._network.card.input.shape):
            smallest = min(smallest, 0.0)  # of all directions that no output tells apart
        self._curvatures = _Curvatures(fixed_copy(values[:, :KEPT_EIGENVALUES]), smallest, deviation)

    def has(self, cell: tuple[int, int]) -> bool:
        """Whether an attack at a strength is computed already."""
        return bool(np.isfinite(self._values[(2, *cell)]))

    def cell(self, cell: tuple[int, int], totals: CellTotals) -> None:
        """Take in one attack at one strength."""
        samples = len(self._data)
        accuracy = float(totals.right.mean()) if self.classes else math.nan
        self._values[(slice(None), *cell)] = accuracy, totals.loss / samples, totals.changed / samples
        self._right[cell] = totals.right

    def strength(self, kind: Attack, column: int) -> float:
        """In units of the data's range: ε along a sign, the L2 length along a gradient."""
        return float((self._length if kind in ALONG_GRADIENT else self._epsilon)[column])

    def snapshot(self, status: Status) -> Robustness:
        """What is known now."""
        known = self._curvatures
        accuracy, loss, changed = (fixed_copy(values) for values in self._values)
        return Robustness(
            **self._as_they_are(),
            request=self._request,
            status=status,
            epsilon=self._epsilon,
            length=self._length,
            accuracy=accuracy,
            loss=loss,
            changed=changed,
            samples=len(self._data),
            input_eigenvalues=None if known is None else known.eigenvalues,
            smallest_input_eigenvalue=math.nan if known is None else known.smallest,
            hessian_deviation=math.nan if known is None else known.deviation,
            piecewise_linear=self.piecewise_linear,
            provenance=self._origin.provenance(),
            loss_unit=self._data.loss_unit,
            range_low=self._low,
            range_high=self._high,
            right=fixed_copy(self._right) if self.classes else None,
            made_on="" if self._maker is self._network else self._maker.name,
        )

    def _as_they_are(self) -> dict[str, Any]:
        """What is known without an attack, and the examples: until the samples were judged, what was resumed."""
        clean, before = self._clean, self._resumed
        names = ("clean_accuracy", "clean_loss", "clean_right", "not_finite", "examples")
        if clean is None:
            nothing = dict(zip(names, (math.nan, math.nan, None, 0, None), strict=True))
            return nothing if before is None else {name: getattr(before, name) for name in names}
        return {
            "clean_accuracy": float(clean.right.double().mean()),
            "clean_loss": float(clean.loss.double().mean()),
            "clean_right": fixed_copy(clean.right.numpy().astype(np.uint8)) if self.classes else None,
            "not_finite": int((~torch.isfinite(clean.outputs).all(dim=1)).sum()),
            "examples": None if self.album is None else self.album.snapshot(),
        }
