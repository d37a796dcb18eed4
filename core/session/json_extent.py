"""How much a JSON text would become, before it is parsed: a few megabytes of it can fill gigabytes of memory."""

import numpy as np

from core.session import layout
from core.session.refusal import Refusal

_PIECE = 2**20  # characters looked at together
_OPENING = np.frombuffer(b"[{", np.uint8)
_CLOSING = np.frombuffer(b"]}", np.uint8)


def check_extent(text: str) -> None:
    """Raise `Refusal` for a JSON text of too many values or of lists too deep in one another.

    Commas, colons and brackets are counted, first with those inside texts, which is quick and enough for nearly all;
    only where that is too many once more without.
    """
    if _values(text) <= layout.MOST_NODES and _nesting(text) <= layout.MOST_NESTING:
        return
    if text.count('"') > 6 * layout.MOST_NODES:
        raise Refusal(f"It holds settings of more than {3 * layout.MOST_NODES:,} texts.")
    bare = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    if _values(bare) > layout.MOST_NODES:
        raise Refusal(f"It holds settings of more than {layout.MOST_NODES:,} values.")
    if _nesting(bare) > layout.MOST_NESTING:
        raise Refusal(f"It holds settings nested in more than {layout.MOST_NESTING} lists and tables.")


def _values(text: str) -> int:
    return 1 + sum(text.count(sign) for sign in ",:[{")


def _nesting(text: str) -> int:
    if text.count("[") + text.count("{") <= layout.MOST_NESTING:
        return 0
    depth = deepest = 0
    for start in range(0, len(text), _PIECE):
        signs = np.frombuffer(text[start : start + _PIECE].encode("latin-1", "replace"), np.uint8)
        steps = np.isin(signs, _OPENING).astype(np.int32) - np.isin(signs, _CLOSING)
        course = depth + np.cumsum(steps)
        deepest, depth = max(deepest, int(course.max())), int(course[-1])
    return deepest
