"""How long a request will take, in words: for under the button, and for the command line before it begins."""

from app.jobs.estimate import duration_text
from core.landscape.effort import Effort
from core.landscape.pacing import Pace

HOURS = 3600.0  # seconds from which on a computation is worth a warning
ALIKE = 1.5  # times: two durations that differ by less are told as one


def estimate_words(effort: Effort, pace: Pace) -> str:
    """A line for under the button: how long, of what, and a warning where it is hours."""
    least, most, each = (pace.seconds(work) for work in (effort.least, effort.most, effort.each))
    units = f"{effort.units:,} {effort.unit} at {_each_text(each)} each"
    if most > ALIKE * least and duration_text(least) != duration_text(most):
        less = f" {effort.less_if}" if effort.less_if else ""
        text = f"{_upper(duration_text(least))} to {duration_text(most)} on this machine: {units}{less}."
    else:
        about = "" if most < 7.5 else "About "
        text = f"{_upper(about + duration_text(most))} on this machine: {units}."
    if most < HOURS:
        return text
    return f"⚠ {text} Fewer samples or points make it shorter; what is there when you stop is kept."


def _each_text(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2g} s" if seconds < 99.5 else duration_text(seconds)
    return f"{1000 * seconds:.0f} ms" if seconds >= 0.0095 else f"{1000 * seconds:.2g} ms"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
