"""What a network says of attacked inputs, its own or those that were made on another network."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from core.data.dataset import Dataset
from core.errors import DataError
from core.networks.loss import correct, per_sample_loss
from core.networks.mean_loss import channels_last
from core.networks.network import Network
from core.robustness.box import DataRange


@dataclass(frozen=True, eq=False)
class Judgement:
    """Of n samples."""

    outputs: Tensor = field(repr=False)  # (n, C)
    loss: Tensor = field(repr=False)  # (n,)
    right: Tensor = field(repr=False)  # (n,) float, 1 or 0; NaN where numbers are predicted

    @property
    def verdict(self) -> npt.NDArray[np.int64]:
        """(n,) class of the largest output."""
        return self.outputs.argmax(dim=1).numpy().astype(np.int64)

    @property
    def confidence(self) -> npt.NDArray[np.float64]:
        """(n,) probability of the verdict; NaN where an output is NaN."""
        return self.outputs.double().softmax(dim=1).amax(dim=1).numpy()


class Judge:
    """A network that judges inputs in the normalised units of the network that they were made on.

    Parameters
    ----------
    network, maker : Network
        The same one, or two that take the same samples.
    data : Dataset
        Whose layout the samples have.
    range_ : DataRange
    """

    def __init__(self, network: Network, maker: Network, data: Dataset, range_: DataRange) -> None:
        self._network, self._maker, self._shape = network, maker, data.x.shape[1:]
        low, high = (np.asarray(end, dtype=np.float64) for end in (range_.low, range_.high))
        self._low, self._high = low, high

    def judge(self, inputs: Tensor, labels: Tensor) -> Judgement:
        """Loss and verdict of each input (n, …), given as the maker sees it."""
        if self._network is not self._maker:
            inputs = channels_last(self._network.normalise(self._raw(inputs)))
        with torch.no_grad():
            outputs = self._network.module(inputs)
            return Judgement(outputs, per_sample_loss(outputs, labels), correct(outputs, labels))

    def restored(self, inputs: Tensor) -> npt.NDArray[np.float32]:
        """The same inputs in the units and the layout of the data."""
        raw = self._raw(inputs)
        if raw.shape[1:] == self._shape:
            return raw.astype(np.float32)
        return (np.moveaxis(raw, 1, -1) if len(self._shape) == 3 else raw[:, 0]).astype(np.float32)

    def _raw(self, inputs: Tensor) -> npt.NDArray[np.float64]:
        """In the units of the data, the channels where the networks have them."""
        card = self._maker.card.input
        trailing = (1,) * (inputs.ndim - 2)
        mean, std = (np.reshape(values, (1, -1, *trailing)) for values in (card.mean, card.std))
        raw: npt.NDArray[np.float64] = inputs.double().numpy() * std + mean
        # Rounding must not lead out of the box: what lies on its border lies on it afterwards too.
        near = 1e-6 * (self._high - self._low)
        raw = np.where((raw < self._low) & (raw >= self._low - near), self._low, raw)
        return np.where((raw > self._high) & (raw <= self._high + near), self._high, raw)


def refuse_unlike(network: Network, maker: Network) -> None:
    """Raise `DataError` unless both networks take the same samples."""
    shapes = [" × ".join(map(str, each.card.input.shape)) for each in (network, maker)]
    if network.card.input.shape != maker.card.input.shape:
        raise DataError(
            f'Attacks on "{maker.name}" cannot be shown to "{network.name}": the first takes inputs of {shapes[1]}, '
            f"the second of {shapes[0]}. Choose two networks for the same data."
        )
