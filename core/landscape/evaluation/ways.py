"""The ways in which a network can be evaluated: they give the same numbers, and differ in speed."""

from dataclasses import dataclass, replace

from torch import Tensor

LARGEST_BATCH = 8192


@dataclass(frozen=True, kw_only=True)
class Way:
    """How the outputs of a network are computed."""

    fused: bool = False  # layers fused, batch normalisation multiplied into the weights
    channels_last: bool = False  # order of the numbers of an image in memory
    batch: int = 0  # samples at a time; 0: by the size of a sample

    @property
    def words(self) -> str:
        """Such as "fused convolutions, channels-last, batches of 64"."""
        parts = ["fused layers" if self.fused else "layer by layer"]
        if self.channels_last:
            parts.append("channels-last")
        if self.batch:
            parts.append(f"batches of {self.batch}")
        return ", ".join(parts)

    def in_batches(self, size: int) -> "Way":
        """The same in batches of another size."""
        return replace(self, batch=size)


def usual_way(inputs: Tensor) -> Way:
    """As the loss of a network is computed elsewhere in Corrie."""
    return Way(channels_last=inputs.ndim == 4)
