"""A network that is ready to be analysed: its card, its module in evaluation mode, and its fingerprint."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from core.data.dataset import Dataset, pieces
from core.errors import DataError
from core.networks.card import NetworkCard
from core.networks.parameters import evaluation_mode


@dataclass(frozen=True, kw_only=True, eq=False)
class Network:
    """A trained network. Engines may move its parameters while they work, and put every one back."""

    card: NetworkCard
    module: nn.Module = field(repr=False)  # evaluation mode; (n, *card.input.shape) float32 → (n, classes) logits
    sha256: str  # of the weights, or of the program
    program: bytes | None = field(default=None, repr=False)  # the .pt2 file it came from, if it did
    origin: str = ""  # the file it was opened from

    @property
    def name(self) -> str:
        return self.card.name

    def normalise(self, x: npt.NDArray[np.generic]) -> Tensor:
        """Raw samples as the network's input: channels first, ``(x − mean) / std``, float32.

        Parameters
        ----------
        x : (n, …) array
            In the units of the data file; images may have their channels last, or none.
        """
        arrangement = arranged(x, self.card.input.shape)
        # What float32 cannot hold is normalised before it is rounded: times in seconds differ in digits that it lacks.
        exact = np.can_cast(x.dtype, np.float32)
        kind = np.float32 if exact else np.float64
        trailing = (1,) * (arrangement.ndim - 2)
        mean, std = (
            torch.from_numpy(np.array(values, dtype=kind)).reshape(1, -1, *trailing)
            for values in (self.card.input.mean, self.card.input.std)
        )
        if exact:
            whole = torch.from_numpy(np.array(arrangement, dtype=kind, order="C"))  # the one copy: x may be mapped
            return whole.sub_(mean).div_(std)
        inputs = torch.empty(arrangement.shape, dtype=torch.float32)
        for start, piece in pieces(arrangement):
            raw = torch.from_numpy(np.array(piece, dtype=kind, order="C"))
            inputs[start : start + len(piece)] = raw.sub_(mean).div_(std)  # what overflows is refused in `prepare`
        return inputs

    def prepare(self, data: Dataset) -> tuple[Tensor, Tensor]:
        """Inputs (n, …) and labels as tensors, after checking that they fit the network.

        Only the samples of `data` are read and copied: of a mapped set ask for ``data.first(n)``.

        Returns
        -------
        inputs : (n, …) float32
        labels : (n,) int64, the classes; or (n, k) float32, the numbers to be predicted

        Raises
        ------
        DataError
            If the samples' shape is not the network's, a label has no output, or there are not as many outputs as
            numbers to be predicted.
        """
        inputs = self.normalise(data.x)
        finite = torch.isfinite(inputs).reshape(len(inputs), -1).all(dim=1)
        if not finite.all():
            raise DataError(
                f'Sample {int((~finite).nonzero()[0])} of "{data.name}" holds a number too large for the network '
                "(float32, after normalisation). Correct the number, or mean and std in the network card."
            )
        with evaluation_mode(self.module), torch.inference_mode():
            outputs = self.module(inputs[:1])
        if outputs.ndim != 2:
            raise DataError(f'"{self.name}" gives an output of shape {tuple(outputs.shape)}, not one row of logits.')
        return inputs, self._targets(data, outputs) if data.task == "regression" else self._labels(data, outputs)

    def _labels(self, data: Dataset, outputs: Tensor) -> Tensor:
        if data.y.min() < 0 or data.y.max() >= outputs.shape[1]:
            row = int(np.flatnonzero((data.y < 0) | (data.y >= outputs.shape[1]))[0])
            if outputs.shape[1] == 1:
                raise DataError(
                    f'"{self.name}" predicts one number, but the labels of "{data.name}" are classes. Choose data with '
                    "numbers, or open these with :regression behind their name."
                )
            raise DataError(
                f'Sample {row} of "{data.name}" has label {data.y[row]}, but "{self.name}" has {outputs.shape[1]} '
                f"outputs (0 to {outputs.shape[1] - 1}). Are these the data the network was trained on?"
            )
        return torch.from_numpy(np.array(data.y, dtype=np.int64))

    def _targets(self, data: Dataset, outputs: Tensor) -> Tensor:
        values = data.y.reshape(len(data), -1)
        if values.shape[1] != outputs.shape[1]:
            raise DataError(
                f'"{data.name}" gives {_numbers(values.shape[1])} to be predicted ({", ".join(data.target_names)}), '
                f'but "{self.name}" has {outputs.shape[1]} outputs. Are these the data the network was trained on?'
            )
        with np.errstate(over="ignore"):
            targets = torch.from_numpy(np.array(values, dtype=np.float32))
        finite = torch.isfinite(targets).all(dim=1)
        if not finite.all():
            raise DataError(
                f'The target of sample {int((~finite).nonzero()[0])} of "{data.name}" is too large for float32. '
                "Correct the number, or choose a larger unit."
            )
        return targets


def _numbers(count: int) -> str:
    return "one number" if count == 1 else f"{count} numbers"


def arranged(x: npt.NDArray[np.generic], shape: tuple[int, ...]) -> npt.NDArray[np.generic]:
    """Samples in the layout a network expects, where only the place of the channels differs.

    Raises
    ------
    DataError
        If the shapes cannot be matched; the text gives both.
    """
    have = x.shape[1:]
    if have == shape:
        return x
    if len(shape) == 3 and have == (*shape[1:], shape[0]):
        return np.moveaxis(x, -1, 1)
    if len(shape) == 3 and shape[0] == 1 and have == shape[1:]:
        return x[:, None]
    raise DataError(
        f"The samples have shape {' × '.join(map(str, have))}, the network takes {' × '.join(map(str, shape))}. "
        "Choose data of that shape, or correct the shape in the network card."
    )


def fingerprint(weights: Mapping[str, Tensor]) -> str:
    """sha256 over names, shapes and values of a state dict, in the order of names."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        array = weights[name].detach().cpu().contiguous().numpy()
        digest.update(f"{name}{array.dtype.str}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
