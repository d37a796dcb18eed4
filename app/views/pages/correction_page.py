"""A correction: the accepted region and the box one drags in it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QImage
from PySide6.QtWidgets import QVBoxLayout

from app.render.pins.ground import PinGround
from app.render.plot.slices.correction_view import CorrectionView
from app.render.plot.slices.tradeoff_view import TradeoffView
from app.views.networks.sample_images import is_picture
from app.views.pages.corrected_image import WithPictures
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.pages.slice_image import SliceImage
from app.views.pages.tabs_with_table import TabsWithTable
from core.corrections.records.correction import Box, Correction
from core.data.tables.features import FeatureCard
from core.review.note import Anchor
from core.session.document import Result
from core.training.run import Run

HIGH, WIDE = 52, 120  # lines and letters of a page that has room for the curve below the slice, or beside it


class CorrectionPage(Page):
    """The exact slice with its box. A box that the user moved is told by `box_changed`; the document decides."""

    box_changing = Signal(object)  # Box, while it is dragged
    box_changed = Signal(str, object)  # item id, Box: when the hand lets go

    icon_name = "correction"

    def __init__(
        self,
        item_id: str,
        features: FeatureCard | None,
        classes: tuple[str, ...],
        shape: tuple[int, ...] = (),
    ) -> None:
        super().__init__(item_id)
        self._features = features
        self._shown: Correction | None = None
        self.slice = CorrectionView(self)
        self._ground = self.slice.pin_ground()
        self.slice.set_classes(classes)
        self.tradeoff = TradeoffView()
        self.tabs = TabsWithTable(
            f"correction.tabs.{item_id}",
            self.slice,
            "Slice",
            self.tradeoff,
            "Minimal against stable",
            sizes=(640, 190),
            high=HIGH,
            wide=WIDE,
        )
        self.tabs.offer_table(offered=False)
        self.pictures = SliceImage(shape) if is_picture(shape) and features is None else None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs if self.pictures is None else WithPictures(self.tabs, self.pictures))
        if self.pictures is not None:
            self.box_changing.connect(self.pictures.set_box)
        self.slice.box_changing.connect(self.box_changing)
        self.slice.box_changing.connect(self.tradeoff.set_box)
        self.tradeoff.picker.picking.connect(self._on_picking)
        self.tradeoff.picker.picked.connect(self._on_picked)
        self.tradeoff.picker.dropped.connect(self._on_dropped)
        self.tradeoff.hovered.connect(self.hovered)
        self.slice.box_changed.connect(self._on_box_changed)
        self.slice.forms_switched.connect(self.view_changed)

    def show_result(self, result: Result | Run | None) -> None:
        correction = result if isinstance(result, Correction) else None
        if correction is not None and self._shown is not None and _same_slice(correction, self._shown):
            self.slice.set_box(correction.box)
        else:
            if correction is not None and self._features is not None:
                x, y = (self._features.feature(free.name).unit for free in correction.request.free)
                self.slice.set_units((x, y), self._features.target_unit)
            self.slice.set_correction(correction)
            self._show_tradeoff(correction)
        if self.pictures is not None:
            self.pictures.set_correction(correction, self.slice.words)
        self.tradeoff.set_box(None if correction is None else correction.box)
        self._shown = correction

    def hideEvent(self, event: QHideEvent) -> None:
        """A drag ends without a trace when its page is turned away or closed: no release will come from there."""
        if self._shown is not None and self._shown.box is not None:
            self.slice.set_box(self._shown.box)
            if self.pictures is not None:
                self.pictures.set_box(self._shown.box)
        super().hideEvent(event)

    def view_state(self) -> dict[str, object]:
        return dict(self.slice.shown_forms)

    def restore_view(self, state: dict[str, object]) -> None:
        self.slice.show_forms(state)

    def pin_grounds(self) -> tuple[PinGround, ...]:
        return (self._ground,)

    @property
    def pointed_anchor(self) -> Anchor | None:
        return self.slice.pointed_anchor

    def reveal(self, anchor: Anchor) -> None:
        self.tabs.setCurrentWidget(self.tabs.plot_tab)
        super().reveal(anchor)

    def image(self) -> QImage:
        return picture_of(self.slice if self.pictures is None else self)

    def _show_tradeoff(self, correction: Correction | None) -> None:
        tradeoff = None if correction is None else correction.tradeoff
        self.tradeoff.set_tradeoff(tradeoff, self.slice.words)
        self.tabs.offer_table(offered=tradeoff is not None and tradeoff.largest is not None)

    def _picked_box(self, stability: float) -> Box | None:
        """The box of a stability; at the largest one the curve knows the only place, which rounding may hide."""
        tradeoff = self.tradeoff.tradeoff
        if tradeoff is None:
            return None
        centre = (tradeoff.stable_centre_at if self.slice.words.stepped else tradeoff.centre_at)(stability)
        if centre is None:
            return None
        half_width = tradeoff.half_width(stability)
        return self.slice.stable_box(half_width) or Box(centre=centre, half_width=half_width)

    def _on_picking(self, stability: float) -> None:
        if (box := self._picked_box(stability)) is not None:
            self.slice.set_box(box)
            self.box_changing.emit(self.slice.box)

    def _on_picked(self, stability: float) -> None:
        if (box := self._picked_box(stability)) is not None:
            self.slice.set_box(box)
            self.box_changed.emit(self.item_id, self.slice.box)

    def _on_dropped(self) -> None:
        if self._shown is not None:
            self.slice.set_box(self._shown.box)
            self.box_changing.emit(self._shown.box)

    def _on_box_changed(self, _before: object, after: object) -> None:
        self.box_changed.emit(self.item_id, after)


def _same_slice(one: Correction, other: Correction) -> bool:
    """Whether only the box is another one, so that nothing else need be drawn anew."""
    return one.status == other.status and one.accepted is other.accepted and one.stable is other.stable
