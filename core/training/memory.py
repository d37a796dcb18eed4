"""How much memory there is, under the name it had here before the engines of curvature asked for it too."""

from core.memory import available_memory, in_words

__all__ = ["available_memory", "in_words"]
