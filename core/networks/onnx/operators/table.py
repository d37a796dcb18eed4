"""Every operator that is translated, and why some never are."""

from collections.abc import Callable

from core.networks.onnx.operators import (
    activation,
    arithmetic,
    constants,
    convolution,
    indexing,
    linear,
    normalisation,
    pooling,
    reduction,
    shape,
)
from core.networks.onnx.values import Call, Known
from core.networks.onnx.view import NodeView

CONVERTERS: dict[str, Callable[[NodeView], Call]] = {
    **linear.CONVERTERS,
    **convolution.CONVERTERS,
    **normalisation.CONVERTERS,
    **activation.CONVERTERS,
    **pooling.CONVERTERS,
    **shape.CONVERTERS,
    **indexing.CONVERTERS,
    **arithmetic.CONVERTERS,
    **reduction.CONVERTERS,
    **constants.CONVERTERS,
}
AT_ONCE: dict[str, Callable[[NodeView], Known]] = constants.AT_ONCE
REASONS = {
    "ArgMax": "it picks the class, and Corrie needs the logits before it",
    "TopK": "it picks the best classes, and Corrie needs all logits",
    "If": "it branches on the input",
    "Loop": "it repeats parts of the network",
    "Scan": "it repeats parts of the network",
}
