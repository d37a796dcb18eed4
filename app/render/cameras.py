"""From where a surface is looked at: a small record that views exchange and sessions keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from PySide6.QtCore import QObject, SignalInstance

from core.errors import InvalidRequest


@dataclass(frozen=True, kw_only=True)
class Orbit:
    """A point of view on the box that a surface stands in, independent of the size of the window and of the data."""

    azimuth: float = -35.0  # degrees; 0 looks along the second direction, the first to the right
    elevation: float = 31.0  # degrees above the floor; 90 looks straight down
    zoom: float = 1.0  # 1: the whole box fits
    pan: tuple[float, float] = (0.0, 0.0)  # to the right and upwards, in shares of the fitted box

    def turned(self, azimuth: float, elevation: float) -> "Orbit":
        """This point of view moved around the box by so many degrees."""
        return Orbit(
            azimuth=(self.azimuth + azimuth + 180.0) % 360.0 - 180.0,
            elevation=float(np.clip(self.elevation + elevation, -90.0, 90.0)),
            zoom=self.zoom,
            pan=self.pan,
        )

    def zoomed(self, factor: float, about: tuple[float, float] = (0.0, 0.0)) -> "Orbit":
        """Nearer by a factor; the place `about`, in the units of `pan`, stays where it is on the screen."""
        zoom = float(np.clip(self.zoom * factor, 0.25, 40.0))
        ratio = zoom / self.zoom
        pan = (about[0] + (self.pan[0] - about[0]) * ratio, about[1] + (self.pan[1] - about[1]) * ratio)
        return Orbit(azimuth=self.azimuth, elevation=self.elevation, zoom=zoom, pan=pan)

    def to_state(self) -> dict[str, object]:
        """Plain numbers for JSON."""
        return {"azimuth": self.azimuth, "elevation": self.elevation, "zoom": self.zoom, "pan": list(self.pan)}

    @classmethod
    def from_state(cls, state: Mapping[str, object]) -> Self:
        """Read what `to_state` wrote; what is missing is as at the start.

        Raises
        ------
        InvalidRequest
            If a number is none, or not one that a camera can have.
        """
        try:
            numbers = [float(state.get(name, default)) for name, default in _DEFAULTS.items()]  # type: ignore[arg-type]
            right, up = (float(shift) for shift in state.get("pan", (0.0, 0.0)))  # type: ignore[attr-defined]
        except (TypeError, ValueError) as error:
            raise InvalidRequest(f"{dict(state)} is no camera. Reset the view and save it again.") from error
        azimuth, elevation, zoom = numbers
        if not (np.isfinite([*numbers, right, up]).all() and abs(elevation) <= 90.0 and zoom > 0.0):
            raise InvalidRequest(f"{dict(state)} is no camera. Reset the view and save it again.")
        return cls(azimuth=azimuth, elevation=elevation, zoom=zoom, pan=(right, up))


PAPER = Orbit()  # Li et al. 2018, Figure 1: from above one side, into the basin
FRONT = Orbit(azimuth=0.0, elevation=8.0)
SIDE = Orbit(azimuth=90.0, elevation=8.0)
INTO = Orbit(azimuth=-35.0, elevation=58.0)  # steeply from above, down to the minimum
TOP = Orbit(azimuth=0.0, elevation=90.0)
PRESETS = {"paper": PAPER, "into": INTO, "front": FRONT, "side": SIDE, "top": TOP}


def between(start: Orbit, end: Orbit, share: float) -> Orbit:
    """A point of view on the way, 0 to 1, the shorter way round; at 1 the end itself."""
    if share >= 1.0:
        return end
    turn = (end.azimuth - start.azimuth + 180.0) % 360.0 - 180.0
    return Orbit(
        azimuth=(start.azimuth + share * turn + 180.0) % 360.0 - 180.0,
        elevation=start.elevation + share * (end.elevation - start.elevation),
        zoom=start.zoom * (end.zoom / start.zoom) ** share,
        pan=(
            start.pan[0] + share * (end.pan[0] - start.pan[0]),
            start.pan[1] + share * (end.pan[1] - start.pan[1]),
        ),
    )


_DEFAULTS = {"azimuth": PAPER.azimuth, "elevation": PAPER.elevation, "zoom": PAPER.zoom}


class HasCamera(Protocol):
    """A view that can be looked at from different places."""

    @property
    def camera_changed(self) -> SignalInstance: ...

    def camera_state(self) -> dict[str, object]: ...

    def set_camera_state(self, state: Mapping[str, object]) -> None: ...


class CameraLink(QObject):
    """Keeps two views at the same point of view until `unlink`, or until either is gone."""

    def __init__(self, first: HasCamera, second: HasCamera) -> None:
        # Owned by the first view, so that a link lives without being held and dies with it.
        super().__init__(first if isinstance(first, QObject) else None)
        self._first, self._second = first, second
        self._passing_on = False
        first.camera_changed.connect(self._on_first_changed)
        second.camera_changed.connect(self._on_second_changed)
        self._on_first_changed()

    def unlink(self) -> None:
        """Let the two go their own ways."""
        self._first.camera_changed.disconnect(self._on_first_changed)
        self._second.camera_changed.disconnect(self._on_second_changed)

    def _on_first_changed(self) -> None:
        self._pass_on(self._first, self._second)

    def _on_second_changed(self) -> None:
        self._pass_on(self._second, self._first)

    def _pass_on(self, source: HasCamera, target: HasCamera) -> None:
        if self._passing_on:
            return
        self._passing_on = True
        try:
            target.set_camera_state(source.camera_state())
        finally:
            self._passing_on = False


def link_cameras(first: HasCamera, second: HasCamera) -> CameraLink:
    """Let two views share one point of view, at once that of the first."""
    return CameraLink(first, second)
