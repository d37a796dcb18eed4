"""Random crops and mirror images, whole batches at a time and from a generator of their own."""

import torch
from torch import Tensor
from torch.nn import functional

from core.errors import InvalidRequest
from core.networks.card import InputCard
from core.training.recipe import Augmentation

PADDED_PART = 8  # an eighth of the side on each edge: 4 of 32 pixels, as He et al. 2015, §4.2


class Augmenter:
    """Changes a batch of normalised images before it is learnt from.

    A crop of the picture's own size is cut at a random place from the picture with a rim of black, that is of raw 0;
    with ``crop_flip``, half of the pictures are mirrored left to right.

    Raises
    ------
    InvalidRequest
        If the samples are no images.
    """

    def __init__(self, kind: Augmentation, card: InputCard) -> None:
        if kind != "none" and len(card.shape) != 3:
            raise InvalidRequest(
                f"Crops and mirror images are for images, but a sample has the shape {card.shape}. "
                "Train without augmentation."
            )
        self._kind = kind
        mean, std = (torch.tensor(values, dtype=torch.float32).reshape(1, -1, 1, 1) for values in (card.mean, card.std))
        self._black = -mean / std

    def __call__(self, batch: Tensor, generator: torch.Generator) -> Tensor:
        """(n, c, h, w), of the same shape as the batch."""
        if self._kind == "none":
            return batch
        batch = self._cropped(batch, generator)
        if self._kind == "crop_flip":
            mirrored = torch.rand(len(batch), generator=generator) < 0.5
            batch = torch.where(mirrored[:, None, None, None], batch.flip(3), batch)
        return batch

    def _cropped(self, batch: Tensor, generator: torch.Generator) -> Tensor:
        height, width = batch.shape[2:]
        above, beside = (max(1, round(side / PADDED_PART)) for side in (height, width))
        padded = functional.pad(batch - self._black, (beside, beside, above, above)) + self._black
        rows, columns = (torch.randint(2 * rim + 1, (len(batch),), generator=generator) for rim in (above, beside))
        every_crop = padded.unfold(2, height, 1).unfold(3, width, 1)  # a view
        return every_crop[torch.arange(len(batch)), :, rows, columns]
