"""How a result is written where a format leaves a choice."""

from dataclasses import dataclass

from core.errors import InvalidRequest


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """Choices for pictures and bodies; other formats take none of them."""

    dots_per_inch: int = 200  # of PNG: 300 and more for print
    logarithmic: bool = True  # heights of bodies are log(loss + 0.1), as in Li et al. 2018; else the loss itself
    limit: float | None = None  # of the loss in bodies; None: the display limit of the surface
    relief: bool = False  # pictures of a surface in three dimensions instead of contours
    examples: bool = False  # pictures of attacked samples instead of accuracy against strength
    frames: int = 48  # of an animation
    frames_per_second: float = 12.0

    def __post_init__(self) -> None:
        if not 30 <= self.dots_per_inch <= 2400:
            raise InvalidRequest(f"{self.dots_per_inch} dots per inch cannot be drawn. Ask for 30 to 2400.")
        if self.limit is not None and not self.limit > 0:
            raise InvalidRequest(f"The loss shown must be limited above zero, not at {self.limit:g}.")
        if not 2 <= self.frames <= 1000:
            raise InvalidRequest(f"An animation of {self.frames} frames cannot be written. Ask for 2 to 1000.")
        if not 1 <= self.frames_per_second <= 50:
            raise InvalidRequest(f"{self.frames_per_second:g} frames a second are not shown. Ask for 1 to 50.")
