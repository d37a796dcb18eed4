"""The spectrum of a matrix of curvature: bars with their errors, density, layers, and what follows from them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from app.actions.spectrum import layer_alone, with_everything
from app.render.pins.ground import PinGround
from app.render.plot.spectra.view import SpectrumView
from app.render.plot.spectra.words import unit_words
from app.views.pages.neighbours import Neighbours
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.pages.spectrum_header import SpectrumHeader
from app.views.pages.spectrum_layers import LayerPanel
from core.review.note import Anchor
from core.session.document import DatasetItem, Result
from core.spectrum.spectrum import Spectrum
from core.training.run import Run

WIDE = 820  # pixels from which on density and layers stand side by side


class SpectrumPage(Page):
    """Bars, signs, whiskers and what was verified; below them density and layers where there are."""

    icon_name = "spectrum"
    along_wanted = Signal(str, object)  # item id, indices of chosen bars: the loss along their eigenvectors
    plane_wanted = Signal(str, object)  # the same: a surface over the plane of two of them

    def __init__(
        self, item_id: str, test_sets: Callable[[], Sequence[DatasetItem]] = tuple, parent: QWidget | None = None
    ) -> None:
        super().__init__(item_id, parent)
        self._wide = True
        self._left_out = False  # a panel for which a narrow page has no room
        self.bars = SpectrumView(self)
        self._ground = self.bars.pin_ground()
        self.header = SpectrumHeader(item_id, test_sets)
        self.layers = LayerPanel(item_id)
        self.bars.add_to_header(self.header)
        self.bars.add_below(self.layers)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bars)
        self.bars.hovered.connect(self.hovered)
        self.bars.chosen_changed.connect(self._follow)
        self.bars.view_changed.connect(self.view_changed)
        self.layers.read.connect(self.hovered)
        self.layers.read.connect(self.bars.tell)
        self.layers.layer_wanted.connect(self._on_layer_wanted)
        self.header.density.toggled.connect(lambda on: self._on_switched(self.header.layers, on))
        self.header.layers.toggled.connect(lambda on: self._on_switched(self.header.density, on))
        self.header.test_sets.chosen.connect(self.view_changed)
        self.header.everything_wanted.connect(self._on_everything_wanted)
        self.header.along_wanted.connect(lambda: self.along_wanted.emit(self.item_id, self.chosen))
        self.header.plane_wanted.connect(lambda: self.plane_wanted.emit(self.item_id, self.chosen))
        self._arrange()

    @property
    def chosen(self) -> tuple[int, ...]:
        """Bars that are chosen, from 0, in the order in which they were."""
        return self.bars.chosen

    @property
    def test_set(self) -> DatasetItem | None:
        """The data that the loss along eigenvectors is computed on as well."""
        return self.header.test_sets.test_set

    def show_neighbours(self, neighbours: Neighbours) -> None:  # noqa: ARG002  there may be other data, too
        self._follow()

    def show_result(self, result: Result | Run | None) -> None:
        spectrum = result if isinstance(result, Spectrum) else None
        self.bars.set_spectrum(spectrum)
        self.layers.set_layers(
            () if spectrum is None else spectrum.layer_table, "" if spectrum is None else unit_words(spectrum)
        )
        self._follow()
        self._arrange()

    def pin_grounds(self) -> tuple[PinGround, ...]:
        return (self._ground,)

    @property
    def pointed_anchor(self) -> Anchor | None:
        return self.bars.pointed_anchor

    def image(self) -> QImage:
        self._fit(self.width())  # a page that is not seen has not heard of its size yet
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        return picture_of(self.bars)

    def view_state(self) -> dict[str, object]:
        state: dict[str, object] = {
            "logarithmic": self.bars.logarithmic,
            "density": self.header.density.isChecked() or self._left_out,
            "layers": self.header.layers.isChecked() or self._left_out,
            "chosen": list(self.chosen),
        }
        if (wanted := self.header.test_sets.wanted) is not None:
            state["test"] = wanted
        return state

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(logarithmic := state.get("logarithmic"), bool):
            self.bars.set_logarithmic(logarithmic)
        for name, switch in (("density", self.header.density), ("layers", self.header.layers)):
            if isinstance(on := state.get(name), bool):
                switch.setChecked(on)
        if isinstance(test := state.get("test"), str):
            self.header.test_sets.choose(test)
            self._follow()
        chosen, spectrum = state.get("chosen"), self.bars.spectrum
        if isinstance(chosen, list) and spectrum is not None:
            count = len(spectrum.eigenvalues)
            self.bars.choice.choose(
                tuple(dict.fromkeys(index for index in chosen if type(index) is int and 0 <= index < count))
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit(event.size().width())
        super().resizeEvent(event)

    def _fit(self, width: int) -> None:
        self.header.set_room(width)
        self._set_wide(width >= WIDE)

    def _set_wide(self, wide: bool) -> None:  # noqa: FBT001  a state
        """A narrow page has room for one panel below the bars; the other one comes back with the room."""
        if wide == self._wide:
            return
        self._wide = wide
        density, layers = self.header.density, self.header.layers
        if not wide and density.isChecked() and layers.isChecked():
            layers.setChecked(False)
            self._left_out = True
        elif wide and self._left_out:
            self._left_out = False
            density.setChecked(True)
            layers.setChecked(True)

    def _follow(self) -> None:
        self.header.follow(self.bars.spectrum, self.chosen)

    def _arrange(self) -> None:
        """Show the panels that have something to show and are not switched off."""
        spectrum = self.bars.spectrum
        has_density = spectrum is not None and spectrum.density is not None
        has_layers = spectrum is not None and bool(spectrum.layer_table)
        self.bars.density.setVisible(has_density and self.header.density.isChecked())
        self.layers.setVisible(has_layers and self.header.layers.isChecked())
        self.bars.set_lower_shown()

    def _on_switched(self, other: QToolButton, on: bool) -> None:  # noqa: FBT001  a Qt slot
        if on and not self._wide and other.isChecked():
            other.setChecked(False)
        self._arrange()
        self.view_changed.emit()

    def _on_everything_wanted(self) -> None:
        if (spectrum := self.bars.spectrum) is not None:
            self.computation_wanted.emit(self.item_id, with_everything(spectrum.request))

    def _on_layer_wanted(self, name: str) -> None:
        layer, spectrum = self.layers.layer(name), self.bars.spectrum
        if layer is not None and spectrum is not None and name:
            self.computation_wanted.emit(self.item_id, layer_alone(spectrum.request, name, layer.parameters))
