"""How the training lab speaks of times."""

from app.jobs.estimate import duration_text


def about(seconds: float) -> str:
    """``about 12 min``, or ``a few seconds``."""
    words = duration_text(seconds)
    return words if words.startswith("a ") else f"about {words}"
