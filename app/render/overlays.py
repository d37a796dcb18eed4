"""What may be laid over the picture of a surface: other results in the same plane, each of them optional."""

from dataclasses import dataclass

from core.landscape.convexity import Convexity
from core.landscape.initialisation import Initialisations
from core.landscape.plane import Anchor
from core.landscape.surface import HeldOut
from core.landscape.trajectory import Trajectory


@dataclass(frozen=True, kw_only=True, eq=False)
class Overlays:
    """Records of the surface's own plane, drawn on and around it; whoever gives them knows that they belong."""

    anchors: tuple[Anchor, ...] = ()  # other networks that lie in the plane
    trajectory: Trajectory | None = None  # a line through the checkpoints at their own loss
    initialisations: Initialisations | None = None  # levels on the back walls and at the colour bar
    held_out: HeldOut | None = None  # small squares at the points behind the certificate
    show_evaluated: bool = False  # dots where a point was computed, hollow where on a part of the samples
    convexity: Convexity | None = None  # what the field "convexity" is coloured by


NO_OVERLAYS = Overlays()
