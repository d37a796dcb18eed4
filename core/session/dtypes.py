"""Which number types a session file holds, and how others are kept in them without loss."""

from typing import Any

import numpy as np
import numpy.typing as npt

from core.session.refusal import Refusal

PLAIN = ("<f4", "<f8", "<i4", "<i8", "|u1")  # the types of the format
_KEPT_AS = {
    **{kind: kind for kind in PLAIN},
    "|b1": "|u1",
    "|i1": "<i4",
    "<i2": "<i4",
    "<u2": "<i4",
    "<u4": "<i8",
    "<u8": "<i8",  # the upper half becomes negative, and comes back as it was
    "<f2": "<f4",
}


def kept_type(own: np.dtype[Any]) -> tuple[np.dtype[Any], str]:
    """The type of the format in which arrays of a type are kept, and the name of their own: "" where they are the same.

    Raises
    ------
    Refusal
        For types that hold no real numbers (text, complex, objects), which no record of a session has.
    """
    kept = _KEPT_AS.get(own.newbyteorder("<").str)
    if kept is None:
        raise Refusal(
            f"An array of the type {own} cannot be kept in a session file.",
            "Convert it to float32, float64, int32, int64 or uint8 first.",
        )
    return np.dtype(kept), "" if own.str == kept else own.str


def stored(array: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], str]:
    """An array in a type of the format, and the name of its own type: "" where they are the same.

    Raises
    ------
    Refusal
        For types that hold no real numbers (text, complex, objects), which no record of a session has.
    """
    kept, own = kept_type(array.dtype)
    # C order throughout: a transposed view has the same values, and its hash must be the same.
    return np.require(array, dtype=kept, requirements="C"), own


def restored(array: npt.NDArray[Any], own: str) -> npt.NDArray[Any]:
    """The inverse of `stored`. Raises `Refusal` if the name is no type that is kept like this."""
    if own == "":
        return array
    little = own.replace(">", "<", 1)
    if _KEPT_AS.get(little) != array.dtype.str:
        raise Refusal("It holds an array of an unknown type.")
    return array.astype(np.dtype(own))
