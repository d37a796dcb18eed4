"""What of a surface is drawn: its loss, or another quantity as colour over the height of the loss."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from app.render.overlays import NO_OVERLAYS, Overlays
from app.render.scales import HeightScale, Kind, shared_scale
from core.errors import InvalidRequest
from core.landscape.convexity import Convexity
from core.landscape.plane import FloatArray
from core.landscape.surface import Surface

FieldName = Literal["loss", "test loss", "accuracy", "test accuracy", "convexity"]
FIELDS: tuple[FieldName, ...] = get_args(FieldName)
TITLES = {"convexity": "|λmin/λmax|"}
RATIO_LIMIT = 0.5  # Li et al. 2018, Figure 7: colours from 0 to 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A surface as it is drawn: what is its height, what its colour, and how both are to be read."""

    surface: Surface  # its `loss` is the height: the test loss, where that is what is drawn
    scale: HeightScale  # of the height
    field: FieldName = "loss"
    values: FloatArray  # (ny, nx), what the colours mean; NaN where it is not known
    bar: HeightScale  # of the colours
    title: str = "loss"
    unit: str = "nats"
    note: str = ""  # a sentence, where what was asked for is not what is shown

    @property
    def coloured_by_height(self) -> bool:
        """Whether the colours say the same as the height."""
        return self.field in ("loss", "test loss")


def checked_field(name: str) -> FieldName:
    """The field of that name. Raises `InvalidRequest` if there is none."""
    if name not in FIELDS:
        raise InvalidRequest(f'A surface has no "{name}". There are: {", ".join(FIELDS)}.')
    return name


def available_fields(surface: Surface | None, overlays: Overlays = NO_OVERLAYS) -> tuple[FieldName, ...]:
    """What can be drawn of a surface, for menus."""
    if surface is None:
        return ()
    has = {
        "loss": True,
        "test loss": surface.test_loss is not None,
        "accuracy": bool(np.isfinite(surface.accuracy).any()),
        "test accuracy": surface.test_accuracy is not None and bool(np.isfinite(surface.test_accuracy).any()),
        "convexity": overlays.convexity is not None,
    }
    return tuple(name for name in FIELDS if has[name])


def picture_of(
    surface: Surface, field: FieldName = "loss", overlays: Overlays = NO_OVERLAYS, scale: HeightScale | None = None
) -> Picture:
    """What to draw for a field; the loss, with a note, where the surface does not have it.

    Parameters
    ----------
    surface, overlays : Surface, Overlays
        What is known of the plane.
    field : str
        One of `FIELDS`.
    scale : HeightScale, optional
        Of the height, such as one shared with other pictures. By default the surface's own.
    """
    note = ""
    if field not in available_fields(surface, overlays):
        note, field = f"no {field} is known here, the colours are the loss", "loss"
    if field in ("test loss", "test accuracy") and surface.test_loss is not None:
        surface = replace(surface, loss=surface.test_loss, centre_loss=float("nan"))
    scale = scale or shared_scale([surface])
    if field == "convexity" and overlays.convexity is not None:
        values = _on_grid(overlays.convexity, surface)
        bar = HeightScale(
            low=0.0, high=RATIO_LIMIT, kind="linear", clips=bool(np.nanmax(values, initial=0) > RATIO_LIMIT)
        )
        return Picture(surface=surface, scale=scale, field=field, values=values, bar=bar, title=TITLES[field], unit="")
    if field in ("accuracy", "test accuracy"):
        shares = surface.accuracy if field == "accuracy" or surface.test_accuracy is None else surface.test_accuracy
        bar = HeightScale(low=0.0, high=100.0, kind="linear")
        return Picture(surface=surface, scale=scale, field=field, values=100 * shares, bar=bar, title=field, unit="%")
    return Picture(
        surface=surface,
        scale=scale,
        field=field,
        values=surface.loss,
        bar=scale,
        title=field,
        unit=surface.loss_unit,
        note=note,
    )


def own_scale(surface: Surface | None, field: FieldName = "loss", kind: Kind = "log") -> HeightScale:
    """The scale that a surface has by itself."""
    if surface is None:
        return shared_scale([], kind)
    if field in ("test loss", "test accuracy") and surface.test_loss is not None:
        surface = replace(surface, loss=surface.test_loss)
    return shared_scale([surface], kind)


def _on_grid(convexity: Convexity, surface: Surface) -> FloatArray:
    """The ratio at the points of the surface, linear between those where it was computed; NaN outside."""
    from scipy.interpolate import RegularGridInterpolator  # noqa: PLC0415  0.4 s, and most pictures need none

    read = RegularGridInterpolator((convexity.y, convexity.x), convexity.ratio, bounds_error=False, fill_value=np.nan)
    columns, rows = np.meshgrid(surface.x, surface.y)
    values: FloatArray = read((rows, columns))
    return values
