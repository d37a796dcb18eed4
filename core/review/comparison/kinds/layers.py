"""Layers of two networks side by side."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from core.review.comparison.anatomy import identical
from core.review.comparison.record import Finding, Row


class OfLayer(Protocol):
    """What is known of one layer."""

    @property
    def layer(self) -> str:
        """Its name."""


L = TypeVar("L", bound=OfLayer)


def layer_rows(a: Iterable[L], b: Iterable[L], rows_of: Callable[[str, L, L], list[Row]]) -> list[Row]:
    """By name, in the order of A and then of B; only what is not the same.

    Parameters
    ----------
    rows_of : callable
        What differs in a layer that both have, given what it is called, and its two sides.
    """
    first, second = ({one.layer: one for one in side} for side in (a, b))
    rows = []
    for layer in dict.fromkeys((*first, *second)):
        one, other = first.get(layer), second.get(layer)
        if one is None or other is None:
            finding: Finding = "only in A" if other is None else "only in B"
            rows.append(Row(part="found", what=f"Layer {layer}", a="", b="", finding=finding))
        elif not identical(one, other):
            rows += rows_of(f"Layer {layer}", one, other)
    return rows
