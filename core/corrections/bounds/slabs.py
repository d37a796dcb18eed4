"""What is new in a box: the slabs by which it goes beyond one that was proved before."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def slabs_beyond(
    low: FloatArray, high: FloatArray, known_low: FloatArray, known_high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Boxes (n, k) that together with a known one (k,) hold all of the box from `low` to `high` (k,).

    At most two for each side by which the box is larger: none if the known box holds it already, the box itself if the
    two do not meet. Neighbouring slabs share their faces, so nothing falls between them.
    """
    common_low, common_high = np.maximum(low, known_low), np.minimum(high, known_high)
    if (common_low > common_high).any():
        return low[None].copy(), high[None].copy()
    lows: list[FloatArray] = []
    highs: list[FloatArray] = []
    rest_low, rest_high = low.copy(), high.copy()
    for handle in range(len(low)):
        for ends, cut in ((0, common_low[handle]), (1, common_high[handle])):
            beyond = cut > rest_low[handle] if ends == 0 else cut < rest_high[handle]
            if not beyond:
                continue
            slab_low, slab_high = rest_low.copy(), rest_high.copy()
            (slab_high if ends == 0 else slab_low)[handle] = cut
            lows.append(slab_low)
            highs.append(slab_high)
            (rest_low if ends == 0 else rest_high)[handle] = cut
    shape = (len(lows), len(low))
    return np.reshape(lows, shape), np.reshape(highs, shape)
