"""Numbers as JSON can hold them."""

import math


def finite(value: float | None) -> float | None:
    """The value, or None where JSON could not hold it."""
    return float(value) if value is not None and math.isfinite(value) else None
