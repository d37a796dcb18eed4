"""What is laid over a surface: switches for what the session has, and nothing for what it has not."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.render.overlays import Overlays
from app.views.made import named
from app.views.pages.neighbours import ALONE, Neighbours
from core.landscape.surface import INTERPOLATED, SAMPLED, Surface

LAYERS = {  # key: what the switch says, and whether it is on at first
    "trajectory": ("&Trajectory of the training", True),
    "networks": ("Other &networks in the plane", True),
    "initialisations": ("Fresh &initialisations", False),
    "computed": ("&Computed points", False),
    "held_out": ("&Held-out points of the certificate", False),
}


class SurfaceLayers(QToolButton):
    """A button with a menu of switches for what there is, and the way to what a picture lacks."""

    changed = Signal()
    convexity_wanted = Signal()  # the map that the quantity "convexity" needs

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"layers.{item_id}")
        self.setText("Over&lays")
        self.setToolTip("Show other results of the same plane over the surface")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAutoRaise(True)
        self._surface: Surface | None = None
        self._neighbours = ALONE
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.setMenu(self._menu)
        self.switches = {}
        for key, (text, on) in LAYERS.items():
            action = named(self._menu.addAction(text), f"layer.{key}.{item_id}")
            action.setCheckable(True)
            action.setChecked(on)
            action.toggled.connect(lambda _on: self.changed.emit())
            self.switches[key] = action
        self._menu.addSeparator()
        self.compute_convexity = named(
            self._menu.addAction("Compute the con&vexity of this plane"), f"layer.compute_convexity.{item_id}"
        )
        self.compute_convexity.setToolTip("The extreme eigenvalues of the Hessian over the plane, to colour it by")
        self.compute_convexity.triggered.connect(lambda _checked: self.convexity_wanted.emit())
        self.hide()

    def offer(self, surface: Surface | None, neighbours: Neighbours) -> None:
        """Offer what there is over this surface."""
        self._surface, self._neighbours = surface, neighbours
        for key, there in self._there().items():
            self.switches[key].setVisible(there)
        self.compute_convexity.setVisible(not neighbours.convexities)
        self.setVisible(surface is not None)

    def overlays(self) -> Overlays:
        """What is switched on, of what there is. Convexity needs no switch: it is a field of its own."""
        on = {key: there and self.switches[key].isChecked() for key, there in self._there().items()}
        surface, beside = self._surface, self._neighbours
        if surface is None:
            return Overlays()
        return Overlays(
            anchors=surface.directions.anchors if on["networks"] else (),
            trajectory=beside.trajectories[0].result if on["trajectory"] else None,
            initialisations=beside.initialisations[0].result if on["initialisations"] else None,
            held_out=surface.held_out if on["held_out"] else None,
            show_evaluated=on["computed"],
            convexity=beside.convexities[0].result if beside.convexities else None,
        )

    def state(self) -> dict[str, bool]:
        """Which switches are on, for the session."""
        return {key: action.isChecked() for key, action in self.switches.items()}

    def restore(self, state: object) -> None:
        """The inverse of `state`; what makes no sense stays as it is."""
        for key, on in state.items() if isinstance(state, dict) else ():
            if key in self.switches and isinstance(on, bool):
                self.switches[key].setChecked(on)

    def _there(self) -> dict[str, bool]:
        surface, beside = self._surface, self._neighbours
        return {
            "trajectory": surface is not None and bool(beside.trajectories),
            "networks": surface is not None and bool(surface.directions.anchors),
            "initialisations": surface is not None and bool(beside.initialisations),
            "computed": surface is not None and _differs(surface),
            "held_out": surface is not None and surface.held_out is not None,
        }


def _differs(surface: Surface) -> bool:
    """Whether the points of a surface were obtained in different ways."""
    return bool((surface.evaluated == INTERPOLATED).any() or (surface.evaluated == SAMPLED).any())
