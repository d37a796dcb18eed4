"""One crosshair in several views of planes with the same coordinates."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QMetaObject, QObject, SignalInstance

from app.render.pointing import Place
from app.views.pages.surface_page import place_of


class HasPointer(Protocol):
    """A view that says which point of its plane is read, and can be told."""

    @property
    def pointed(self) -> SignalInstance: ...

    def set_pointed(self, place: Place | None) -> None: ...


class PointerLink(QObject):
    """Passes what is read in one view on to all others until `unlink`."""

    def __init__(self, views: Sequence[HasPointer], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._views = tuple(views)
        self._connections: list[tuple[HasPointer, QMetaObject.Connection]] = [
            (view, view.pointed.connect(partial(self._pass_on, index))) for index, view in enumerate(self._views)
        ]

    def unlink(self) -> None:
        """Let the views go their own ways."""
        for view, connection in self._connections:
            view.pointed.disconnect(connection)
        self._connections = []

    def _pass_on(self, source: int, a: float, b: float) -> None:
        for index, view in enumerate(self._views):
            if index != source:
                view.set_pointed(place_of(a, b))
