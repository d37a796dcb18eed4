"""The one error of the development tool: a sentence for the person at the keyboard, never a traceback."""


class Complaint(Exception):  # noqa: N818 - it is shown to people, and this is what it is
    """What happened, why, and what to do about it."""
