"""What every picture of a surface has, in three dimensions or flat: what is shown, how, in words, and what is read."""

import math
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.render.captioned_picture import CaptionedPicture
from app.render.colormaps import DEFAULT_LOSS_MAP, colormap
from app.render.colour_bar import ColourBar
from app.render.fields import FieldName, Picture, checked_field, own_scale, picture_of
from app.render.overlays import NO_OVERLAYS, Overlays
from app.render.pins.ground import PinGround
from app.render.pointing import Place, snapped, stepped
from app.render.scales import HeightScale
from app.render.surface_pins import point_anchor
from app.render.surface_words import NO_SURFACE, caption, initial_losses, overlay_words, reading
from core.landscape.surface import Surface
from core.review.note import PointAnchor

PALE = 0.55  # how far interpolated parts fade into the background, on request


class SurfacePicture(CaptionedPicture):
    """Shows the surface it is given. How it is drawn, its subclasses say in `_show_picture` and `_show_place`."""

    nothing = "There is no surface to make a picture of. Compute one first."

    hovered = Signal(str)  # what is known at the point that is pointed at, "" when none is any more
    pointed = Signal(float, float)  # that point; NaN when none is any more

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._surface: Surface | None = None
        self._scale: HeightScale | None = None
        self._map: str = DEFAULT_LOSS_MAP
        self._field: FieldName = "loss"
        self._overlays = NO_OVERLAYS
        self._picture: Picture | None = None
        self._pale = False
        self._place: Place | None = None

    def _surround(self, drawn: QWidget, *, inset: int, above: int) -> None:
        """Put scale and words of a surface around the widget that draws it."""
        self._arrange(drawn, NO_SURFACE, ColourBar(self), inset=inset, above=above)
        self._caption.setObjectName("surfaceCaption")

    # ---- what is shown

    @property
    def surface(self) -> Surface | None:
        """The surface on screen."""
        return self._surface

    @property
    def scale(self) -> HeightScale:
        """The scale on screen: the one that was set, or the surface's own."""
        return self._scale or own_scale(self._surface, self._field)

    def set_surface(self, surface: Surface | None) -> None:
        """Show this surface, complete or still in work, or a sentence if there is none."""
        self._surface = surface
        self._refresh()

    def set_scale(self, scale: HeightScale | None) -> None:
        """Use this scale, such as one shared with another view; None: the surface's own."""
        self._scale = scale
        self._refresh()

    def set_colormap(self, name: str) -> None:
        """Use the colours of this map."""
        colormap(name)
        self._map = name
        self._bar.set_colormap(name)
        self._refresh()

    def set_compact(self, compact: bool) -> None:  # noqa: FBT001  a Qt slot
        """Leave colour scale, caption and labels away, for one of several small pictures that share them."""
        self._bar.setVisible(not compact)
        self._caption.setVisible(not compact)

    @property
    def field(self) -> FieldName:
        """What the colours mean."""
        return self._field

    def set_field(self, name: str) -> None:
        """Draw one of `fields.FIELDS`: a loss, or another quantity as colour over the loss or under its lines."""
        self._field = checked_field(name)
        self._refresh()

    @property
    def overlays(self) -> Overlays:
        """What is laid over the surface."""
        return self._overlays

    def set_overlays(self, overlays: Overlays) -> None:
        """Lay these over the surface, and nothing else."""
        self._overlays = overlays
        self._refresh()

    def set_show_evaluated(self, shown: bool) -> None:  # noqa: FBT001  a Qt slot
        """Mark what was computed with dots, on a part of the samples with rings, and let the rest fade."""
        self.set_overlays(replace(self._overlays, show_evaluated=shown))

    def set_interpolated_pale(self, pale: bool) -> None:  # noqa: FBT001  a Qt slot
        """Let what was not evaluated fade into the background."""
        self._pale = pale
        self._refresh()

    @property
    def _faded(self) -> bool:
        """Whether what was not evaluated fades into the background."""
        return self._pale or self._overlays.show_evaluated

    def _refresh(self) -> None:
        surface, overlays = self._surface, self._overlays
        picture = None if surface is None else picture_of(surface, self._field, overlays, self._scale)
        self._picture = picture
        self._show_page(something=picture is not None)
        words = NO_SURFACE
        if picture is None:
            self._bar.set_scale(None)
        else:
            self._bar.set_title(picture.title, picture.unit)
            self._bar.set_scale(picture.bar)
            self._bar.set_marks(initial_losses(overlays) if picture.coloured_by_height else ())
            words = caption(picture.surface, picture.scale, picture)
            if more := overlay_words(overlays, picture.surface):
                words = f"{words} · {more}"
        self._caption.setText(words)
        self._show_picture(words)

    def _show_picture(self, words: str) -> None:
        """Draw what is in `_picture` now, None included; `words` describe it to who cannot see it."""
        raise NotImplementedError

    # ---- reading

    @property
    def pointed_anchor(self) -> PointAnchor | None:
        """What a note about the point that is read would be pinned to."""
        return None if self._place is None or self._surface is None else point_anchor(self._surface, self._place)

    def pin_ground(self) -> PinGround:
        """A new ground for pins on this picture. Whoever keeps it asks once."""
        raise NotImplementedError

    @property
    def place(self) -> Place | None:
        """The point that is read; None if none is."""
        return self._place

    def set_pointed(self, place: Place | None) -> None:
        """Put the crosshair on the grid point nearest to a place of the plane, or take it away. Emits nothing."""
        surface = self._surface
        self._place = None if place is None or surface is None else snapped(surface, *place)
        self._show_place()

    def _show_place(self) -> None:
        """Draw the crosshair where `_place` is, or none."""
        raise NotImplementedError

    def _point_at(self, place: Place, *, anew: bool = False) -> None:
        """Read a grid point, and put the crosshair there; `anew`: what is known there may have changed."""
        if self._picture is None or (place == self._place and not anew):
            return
        self._place = place
        self._show_place()
        self.hovered.emit(reading(self._picture.surface, *place, self._picture))
        self.pointed.emit(*place)

    def _leave(self) -> None:
        """Read nothing any more."""
        if self._place is not None:
            self._place = None
            self._show_place()
            self.hovered.emit("")
            self.pointed.emit(math.nan, math.nan)

    def _step(self, up: int, right: int) -> None:
        """Read the grid point so many further, from nowhere the one in the middle."""
        if self._surface is not None:
            self._point_at(stepped(self._surface, self._place, up, right))
