"""An axis of whole numbers."""

from app.render.plot.style import PlainAxis

_PIXELS_APART = 30.0


class RankAxis(PlainAxis):
    """Ticks at whole numbers only, at least 30 pixels apart."""

    def __init__(self) -> None:
        super().__init__("bottom")

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        apart = max(1.0, _PIXELS_APART * (high - low) / max(size, 1.0))
        power = 1
        while power * 10 < apart:
            power *= 10
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= apart)
        return [(float(step), 0.0)]
