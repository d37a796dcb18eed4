"""Eigenpairs on their way: found, judged, joined, put in order."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.curvature.lanczos import End, outwardness


@dataclass(frozen=True, eq=False)
class Found:
    """Eigenpairs as far as they are known, the outermost first."""

    values: Tensor = field(repr=False)  # (k,) float64
    lengths: Tensor = field(repr=False)  # (k,) float64, residuals
    vectors: Tensor = field(repr=False)  # (k, P) float32; (k, 0) while the search goes on
    between: Tensor | None = field(repr=False, default=None)  # (k, k) float64, v'Hw of any two; None: not known

    def outermost(self, count: int, end: End) -> "Found":
        """The first so many, in order."""
        order = outwardness(self.values, end).argsort(descending=True, stable=True)[:count]
        if len(order) == len(self.values) and torch.equal(order, torch.arange(len(order))):
            return self  # the vectors are large
        between = None if self.between is None else self.between[order][:, order]
        return Found(self.values[order], self.lengths[order], self.vectors[order], between)

    def joined(self, other: "Found", across: Tensor | None) -> "Found":
        """Both together; `across` (k, l) holds v'Hw between the two."""
        between = None
        if self.between is not None and other.between is not None and across is not None:
            upper, lower = torch.cat([self.between, across], dim=1), torch.cat([across.T, other.between], dim=1)
            between = torch.cat([upper, lower])
        return Found(
            torch.cat([self.values, other.values]),
            torch.cat([self.lengths, other.lengths]),
            torch.cat([self.vectors, other.vectors]),
            between,
        )

    def with_others(self, places: Tensor, other: "Found", across: Tensor) -> "Found":
        """With other pairs in these places; `across` (k, l) holds v'Hw between all that were there and those.

        The vectors are copied once, for they are large, and whoever was told of them keeps them.
        """
        values, lengths, vectors = self.values.clone(), self.lengths.clone(), self.vectors.clone()
        values[places], lengths[places], vectors[places] = other.values, other.lengths, other.vectors
        between = None
        if self.between is not None and other.between is not None:
            between = self.between.clone()
            between[:, places], between[places, :] = across, across.T
            between[places[:, None], places] = other.between
        return Found(values, lengths, vectors, between)
