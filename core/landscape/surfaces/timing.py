"""How long a computation takes, in words."""


def about(seconds: float) -> str:
    """Words such as ``about 40 s``, ``about 12 min`` or ``about 3.5 h``."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} min"
    return f"about {seconds / 3600:.1f} h" if seconds < 36000 else f"about {round(seconds / 3600)} h"


class Pace:
    """Measured seconds per sample that went through the network, and how long others take at that pace."""

    def __init__(self, seconds: float, forwards: int) -> None:
        self._seconds, self._forwards = seconds, max(1, forwards)

    def add(self, seconds: float, forwards: int) -> None:
        """Count work that was measured; what lies further back counts less and less."""
        kept = max(0.5, 1 - forwards / (20 * self._forwards + 1))
        self._seconds, self._forwards = self._seconds * kept + seconds, int(self._forwards * kept) + forwards

    @property
    def per_sample(self) -> float:
        """Seconds."""
        return self._seconds / max(1, self._forwards)

    def duration(self, forwards: int) -> str:
        """Words for the time that so many samples take."""
        return about(forwards * self.per_sample)
