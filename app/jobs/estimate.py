"""How long a job will still take, from how fast it has been lately."""

from core.job import split_time_left

HALF_LIFE = 8.0  # seconds; older speed counts less, so that a change of pace is believed within some seconds
SETTLING = 0.5  # seconds of observation before a number is shown: the first units are often slow


class Estimate:
    """Seconds left of a job that reports ``done`` of ``total`` units.

    The speed is the ratio of two sums with the same exponential forgetting, units and seconds. So it is exact at
    constant speed from the first moment on, and a pause or a slow stretch makes it fall instead of jump.
    """

    def __init__(self) -> None:
        self._last: tuple[int, int, float] | None = None  # done, total, time
        self._units = 0.0
        self._seconds = 0.0

    def update(self, done: int, total: int, now: float) -> float | None:
        """Take in a report and return the seconds left, or None if nothing can be said yet.

        Parameters
        ----------
        done, total : int
            If `total` changes or `done` falls, another stage has begun, and what was learnt is forgotten.
        now : float
            Seconds of a clock that never goes back.
        """
        if self._last is None or total != self._last[1] or done < self._last[0]:
            self._units = self._seconds = 0.0
        else:
            elapsed = now - self._last[2]
            kept = 0.5 ** (elapsed / HALF_LIFE)
            self._units = self._units * kept + (done - self._last[0])
            self._seconds = self._seconds * kept + elapsed
        self._last = (done, total, now)
        if done >= total:
            return 0.0
        if self._seconds < SETTLING or self._units <= 0:
            return None
        return (total - done) * self._seconds / self._units


def duration_text(seconds: float) -> str:
    """A time, no surer than an estimate: ``a few seconds``, ``40 s``, ``12 min``, ``3 h 20 min``."""
    if seconds < 7.5:
        return "a few seconds"
    if seconds < 87.5:
        return f"{round(seconds / 5) * 5} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(round(minutes / 10) * 10, 60)
    return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{hours} h"


def left_words(text: str, seconds: float | None) -> str:
    """The time that is left, told once: an engine that says so itself knows more than the pace of its reports."""
    if told := split_time_left(text)[1]:
        return told
    return "" if seconds is None else f"{duration_text(seconds)} left"


def progress_words(text: str, seconds: float | None) -> str:
    """What is being done, after the time that is left."""
    return ", ".join(part for part in (left_words(text, seconds), split_time_left(text)[0]) if part)
