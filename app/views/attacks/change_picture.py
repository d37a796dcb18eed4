"""What an attack added to a picture, as a picture with colours of two signs around a neutral one."""

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

Pixels = npt.NDArray[np.float64]


def as_pixels(sample: npt.NDArray[np.generic]) -> Pixels:
    """(H, W) or (H, W, 3) of a sample whose channels may be first, or one."""
    array = np.asarray(sample, dtype=np.float64)
    if array.ndim == 3 and array.shape[0] in (1, 3):
        array = np.moveaxis(array, 0, -1)
    return array[..., 0] if array.ndim == 3 and array.shape[-1] == 1 else array


def change_picture(change: Pixels, reach: float, less: QColor, neutral: QColor, more: QColor) -> QImage:
    """Draw changes from −reach to reach.

    Parameters
    ----------
    change : (H, W) or (H, W, 3) array
        Three channels are drawn as their own colours around grey; one in the colours that are given.
    """
    share = np.clip(np.nan_to_num(change) / (reach or 1.0), -1.0, 1.0)
    if share.ndim == 3:
        rgb: Pixels = 127.5 * (1 + share)
    else:
        ends = [
            np.array([colour.red(), colour.green(), colour.blue()], dtype=np.float64)
            for colour in (less, neutral, more)
        ]
        up, down = np.clip(share, 0, 1)[..., None], np.clip(-share, 0, 1)[..., None]
        rgb = ends[1] + up * (ends[2] - ends[1]) + down * (ends[0] - ends[1])
    pixels = np.ascontiguousarray(np.rint(rgb).astype(np.uint8))
    height, width = int(pixels.shape[0]), int(pixels.shape[1])
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()  # the buffer is ours
