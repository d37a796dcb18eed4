"""Load Qt without the hook that it puts on every later import."""

import builtins


def load_qt() -> None:
    """Import PySide6, and leave Python's own ``import`` in place.

    PySide6 replaces ``builtins.__import__`` so as to read the source of every module for its ``__feature__`` switches,
    which Corrie does not use. While another thread imports pydantic, that reading asks half-made modules for names and
    ends in an ImportError: the window then did not open. It also reads a thousand files of torch for nothing.
    Call this before anything else of Qt is imported, and before any thread starts to import.
    """
    own = builtins.__import__
    import PySide6.QtCore  # noqa: F401, PLC0415  slow, and only for the window

    builtins.__import__ = own
