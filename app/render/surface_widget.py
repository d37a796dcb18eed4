"""The picture of a surface that this machine can draw: in three dimensions, or as a relief with the reason."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.render.gl.probe import GraphicsProbe, probe_graphics

if TYPE_CHECKING:
    from app.render.gl.surface_view import SurfaceView
    from app.render.plot.planes.relief_view import ReliefView


def make_surface_widget(parent: QWidget | None = None) -> "SurfaceView | ReliefView":
    """A `SurfaceView`, or a `ReliefView` with the same interface where OpenGL is of no use.

    vispy or pyqtgraph are loaded only now: until a surface is to be seen, neither is needed.
    """
    probe = probe_graphics()
    if probe:
        from app.render.gl.surface_view import SurfaceView  # noqa: PLC0415

        return SurfaceView(parent)
    from app.render.plot.planes.relief_view import ReliefView  # noqa: PLC0415

    return ReliefView(parent, reason=probe.reason)


def prepare_surface_widget() -> GraphicsProbe:
    """Find out what this machine can draw and load what draws it; from another thread, while the window stands."""
    probe = probe_graphics()
    if probe:
        import app.render.gl.surface_view  # noqa: F401, PLC0415
    return probe


def draws_in_software() -> bool:
    """Whether every picture of a surface costs the processor what it costs to compute."""
    return probe_graphics().software
