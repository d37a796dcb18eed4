"""The slice of a correction: where the network accepts, what the smallest change is, and a box to try others."""

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QWidget

from app.render.pins.ground import PinGround
from app.render.plot.callouts import Callout, CalloutItem
from app.render.plot.pin_ground import PlotGround
from app.render.plot.slices.box_geometry import Limits, Pair, same_box
from app.render.plot.slices.box_item import BoxItem, BoxState, state_colour
from app.render.plot.slices.correction_page import CorrectionPage
from app.render.plot.slices.correction_words import Judged, SliceWords
from app.render.plot.slices.simple_forms import SimpleForms
from app.render.plot.slices.slice_layers import SliceLayers
from app.render.plot.slices.slice_marks import CounterexampleMark, Marks, SliceMarks, input_colour
from app.render.plot.slices.slice_pins import pin_anchor, pin_place
from app.render.plot.slices.stable_pacer import StablePacer
from app.render.plot.style import PlotColours, apply_style, changes_colours, set_axis_label
from core.corrections.live.slice import LiveRegion
from core.corrections.records.correction import Box, Correction, Norm, Polygon
from core.review.note import Anchor

WIDE_ENOUGH = 470  # pixels of the plot from which the changes are written beside the arrow, too


class BoxJudge(Protocol):
    """What the view asks while a box is moved; `core.corrections.live.slice.LiveRegion` is one."""

    def judge(self, box: Box) -> Judged:
        """Whether every point of the box is accepted."""
        ...

    def stable_set(self, half_width: Pair) -> tuple[Polygon, ...]:
        """Centres of accepted boxes of that half-width."""
        ...

    def nearest(
        self, point: Pair, half_width: Pair, weights: Pair, norm: Norm = "L1", steps: Pair = (0.0, 0.0)
    ) -> Pair | None:
        """The stable centre nearest to a point, on whole steps where there are any."""
        ...


class CorrectionView(QWidget):
    """Draws a correction, and judges a box while it is dragged."""

    box_changing = Signal(object)  # Box, at every step while a hand is on it; with its proof as judged
    box_changed = Signal(object, object)  # Box before, Box after: once, when the hand lets go
    forms_switched = Signal()  # the largest box or the triangle, by hand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("correctionView")
        self._correction: Correction | None = None
        self._judge: BoxJudge | None = None
        self._units: tuple[str, str] = ("", "")
        self._classes: tuple[str, ...] = ()
        self._target_unit = ""
        self._words = SliceWords(("", ""), ("", ""), (1.0, 1.0))
        self._judged: Judged | None = None
        self._page = CorrectionPage(self)
        view = self._page.plot.getViewBox()
        self._limits = Limits((0.0, 0.0), (1.0, 1.0))
        self._layers = SliceLayers(view)
        self._forms = SimpleForms(view)
        self._marks = SliceMarks(view)
        self._item = BoxItem(view)
        self._counterexample = CounterexampleMark(view)
        self._labels = CalloutItem(view, z=40)
        self._box_label = CalloutItem(view, z=45)
        self._pacer = StablePacer(self._draw_stable, self)
        self._colours: PlotColours = apply_style(self._page.plot, self.palette(), grid=False)
        self._connect()
        self._restyle()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.set_correction(None)

    # ---- what is shown

    @property
    def correction(self) -> Correction | None:
        """The correction on screen, with the box as it was given."""
        return self._correction

    @property
    def words(self) -> SliceWords:
        """How this slice's features are called and counted."""
        return self._words

    @property
    def box(self) -> Box | None:
        """The box as it lies now, with the proof that goes with it."""
        return None if self._item.box is None else self._proved(self._item.box)

    def set_correction(self, correction: Correction | None) -> None:
        """Show this correction and its box, or the sentence that says what to do when there is none."""
        before, self._correction = self._correction, correction
        self._page.show_figure(shown=correction is not None)
        if correction is None:
            self._judge = None
            self.set_box(None)
            return
        self._limits = Limits.of(correction)
        if before is None or before.accepted is not correction.accepted:
            self._judge = LiveRegion.of(correction)
        self._layers.show_regions(correction)
        self._forms.show_forms(correction)
        if correction.stable:
            self._pacer.shown(self._half_width_of(correction))
        else:  # none, or not computed yet
            self._pacer.forget()
        if before is None or before.request != correction.request:
            self._page.show_whole_slice(self._limits)
        self.set_box(correction.box)
        self._describe()

    def set_judge(self, judge: BoxJudge) -> None:
        """Judge the box by something else than the correction's own accepted region, until the next correction."""
        self._judge = judge
        self._pacer.forget()
        self.set_box(self._item.box)

    def set_box(self, box: Box | None) -> None:
        """Show this box, judged anew, without a signal."""
        self._item.set_box(box, self._limits)
        if box is None:
            self._clear_judgement()
            return
        self._item.setFocus(Qt.FocusReason.OtherFocusReason)  # within the plot: its arrow keys move the box
        self._pacer.ask(box.half_width, at_once=True)
        self._show_judgement(box)
        self._place_labels(keep=True)
        self._place_box_label(box, moving=True)

    def set_units(self, units: tuple[str, str], target: str = "") -> None:
        """Units of the two features and of the number that is predicted, "" for none."""
        self._units, self._target_unit = units, target
        self._describe()

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """Names of the network's classes, for the words."""
        self._classes = classes
        self._describe()

    def snap_to_nearest(self) -> bool:
        """Move the box to the nearest stable correction for its present half-widths; False if there is none."""
        box = self._item.box
        if box is None or self._correction is None or self._judge is None or self._item.busy:
            return False
        nearest = self.stable_box(box.half_width)
        if nearest is None:
            self._page.read_out(f"{self._words.box_words(box)}. Nowhere is a box of this size accepted.")
            return False
        self._move_to(nearest)
        return True

    def take_largest(self) -> bool:
        """Put the box where the largest one is; False if there is none, or a hand is on the box."""
        largest = None if self._correction is None else self._correction.largest_box
        if largest is None or self._item.busy:
            return False
        self._move_to(Box(centre=largest.centre, half_width=largest.half_width))
        return True

    @property
    def shown_forms(self) -> dict[str, bool]:
        """Which of the simple forms are switched on."""
        return {"largest": self._page.largest.isChecked(), "triangle": self._page.triangle.isChecked()}

    def show_forms(self, shown: Mapping[str, object]) -> None:
        """Switch them on or off; what is not named stays as it is."""
        for name, switch in (("largest", self._page.largest), ("triangle", self._page.triangle)):
            if isinstance(wanted := shown.get(name), bool):
                switch.setChecked(wanted)

    def stable_box(self, half_width: Pair) -> Box | None:
        """The box of these half-widths at the stable place nearest to the input; None if there is no such place."""
        correction = self._correction
        if correction is None or self._judge is None or self._item.busy:
            return None
        asked = correction.request
        centre = self._judge.nearest(asked.point, half_width, asked.weights, asked.norm, asked.steps)
        return None if centre is None else Box(centre=centre, half_width=half_width)

    def _move_to(self, box: Box) -> None:
        """Put the box there, and tell of it unless it is there already."""
        before = self.box
        if before is None or not same_box(before, box):
            self.set_box(box)
            self.box_changed.emit(before, self.box)

    def place_box(self) -> None:
        """Where there is no box, begin with one around the input, of the stability that was asked for."""
        if self._correction is not None and self._item.box is None:
            request = self._correction.request
            low, high, extent = self._limits.low, self._limits.high, self._limits.extent
            half = [feature.half_width or extent[axis] / 50 for axis, feature in enumerate(request.free)]
            inside = [min(max(request.point[a], low[a] + half[a]), high[a] - half[a]) for a in (0, 1)]
            centre = [self._limits.placed(a, inside[a], half[a], inside[a]) for a in (0, 1)]
            self.set_box(Box(centre=(centre[0], centre[1]), half_width=(half[0], half[1])))

    def sizeHint(self) -> QSize:
        return QSize(720, 560)

    # ---- while the box moves

    def _on_box_changing(self, box: Box) -> None:
        self._show_judgement(box)
        self._place_box_label(box, moving=True)
        self._pacer.ask(box.half_width, at_once=False)
        self.box_changing.emit(self._proved(box))

    def _on_box_changed(self, before: Box, after: Box) -> None:
        self._pacer.ask(after.half_width, at_once=True)
        self._place_labels(keep=True)  # clear of where the box came to rest
        self._place_box_label(after, moving=True)
        judged = self._judge.judge(before) if self._judge is not None else None
        self.box_changed.emit(_with_proof(before, judged), self._proved(after))

    def _show_judgement(self, box: Box) -> None:
        self._judged = None if self._judge is None else self._judge.judge(box)
        if self._judged is None:
            self._clear_judgement()
            return
        state = BoxState.PROVED if self._judged.accepted else BoxState.REFUTED
        self._item.set_state(state)
        self._counterexample.set_point(self._judged.counterexample)
        self._page.read_out(self._words.box_words(box))
        largest = None if self._correction is None else self._correction.largest_box
        self._page.follow_box(present=True, largest=largest is not None and not same_box(box, largest))

    def _clear_judgement(self) -> None:
        self._judged = None
        self._item.set_state(BoxState.OPEN)
        self._counterexample.set_point(None)
        self._box_label.show_callouts((), ())
        self._page.read_out("")
        self._page.follow_box(present=self._item.box is not None)

    def _proved(self, box: Box) -> Box:
        return _with_proof(box, self._judged)

    def _draw_stable(self, half_width: Pair) -> None:
        if self._judge is not None:
            self._layers.show_stable(self._judge.stable_set(half_width))

    # ---- pins

    def pin_ground(self) -> PinGround:
        """A new ground for pins on the slice. Whoever keeps it asks once."""
        return PlotGround(
            self._page.plot, self._pin_place, self._pin_anchor, lambda: self._page.show_whole_slice(self._limits)
        )

    @property
    def pointed_anchor(self) -> Anchor | None:
        """What a note about the middle of the box would be pinned to; None without a box."""
        return None if self._item.box is None else self._pin_anchor(*self._item.box.centre)

    def _pin_place(self, anchor: Anchor) -> Pair | None:
        return None if self._correction is None else pin_place(anchor, self._correction, self._limits)

    def _pin_anchor(self, x: float, y: float) -> Anchor | None:
        return None if self._correction is None else pin_anchor(self._correction, self._limits, (x, y))

    # ---- labels

    def _place_box_label(self, box: Box, *, moving: bool) -> None:
        if self._judged is None:
            return
        text = self._words.judgement_words(self._judged, box)
        callout = Callout(text, self._item.grip_rect(), state_colour(self._item.state, self._colours))
        obstacles = [placed.rect for placed in self._labels.placed]
        obstacles += [self._item.grip_rect(), *self._markers()]
        self._box_label.show_callouts([callout], obstacles, keep=moving)

    def _place_labels(self, *, keep: bool = False) -> None:
        correction = self._correction
        if correction is None:
            self._labels.show_callouts((), ())
            return
        point, accepted = correction.request.point, correction.input_accepted
        colour = input_colour(self._colours, accepted=accepted)
        callouts = [Callout(self._words.input_label(correction), self._marks.marker_rect(point), colour)]
        if correction.centre is not None and self._page.plot.width() >= WIDE_ENOUGH:
            anchor = self._marks.marker_rect(correction.centre)
            callouts.append(Callout(self._words.change_label(correction), anchor, self._colours.text))
        obstacles = [*self._markers(), *self._marks.arrow_rects()]
        if self._item.box is not None:
            obstacles.append(self._item.grip_rect())
        self._labels.show_callouts(callouts, obstacles, keep=keep, worth=None if keep else self._layers.accepted_share)

    def _markers(self) -> list[QRectF]:
        correction = self._correction
        points = [] if correction is None else [correction.request.point, correction.centre]
        return [self._marks.marker_rect(point) for point in points if point is not None]

    def _place_all_labels(self) -> None:
        self._place_labels()
        if self._item.box is not None:
            self._place_box_label(self._item.box, moving=False)

    def _describe(self) -> None:
        correction = self._correction
        if correction is None:
            return
        self._words = SliceWords.of(correction, self._units, self._classes, self._target_unit)
        set_axis_label(self._page.plot, "bottom", self._words.names[0], self._units[0])
        set_axis_label(self._page.plot, "left", self._words.names[1], self._units[1])
        accepted = correction.input_accepted
        self._marks.set_marks(Marks(correction.request.point, accepted, correction.centre))
        self._page.describe(correction, self._words)
        self._follow_switches()
        self._place_all_labels()
        if self._item.box is not None:
            self._page.read_out(self._words.box_words(self._item.box))

    # ---- the widget itself

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._page.fit(event.size().width(), event.size().height())
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self) and hasattr(self, "_colours"):  # Qt may call before __init__ is done
            self._restyle()
        super().changeEvent(event)

    def _connect(self) -> None:
        view = self._page.plot.getViewBox()
        self._item.changing.connect(self._on_box_changing)
        self._item.changed.connect(self._on_box_changed)
        self._page.snap.clicked.connect(self.snap_to_nearest)
        self._page.take.clicked.connect(self.take_largest)
        self._page.place.clicked.connect(self.place_box)
        for switch in (self._page.largest, self._page.triangle):
            switch.toggled.connect(self._follow_switches)
            switch.clicked.connect(self.forms_switched)
        self._page.whole.clicked.connect(lambda: self._page.show_whole_slice(self._limits))
        view.sigTransformChanged.connect(self._place_all_labels)
        view.sigResized.connect(self._place_all_labels)
        # A click beside the box must not cost it the arrow keys.
        self._page.plot.scene().setStickyFocus(True)
        view.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsFocusable, enabled=False)

    def _follow_switches(self) -> None:
        self._forms.largest.setVisible(self._page.largest.isChecked())
        self._forms.triangle.setVisible(self._page.triangle.isChecked())
        self._page.set_colours(self._colours)

    def _restyle(self) -> None:
        self._colours = apply_style(self._page.plot, self.palette(), grid=False)
        for item in (self._layers, self._forms, self._marks, self._item, self._counterexample):
            item.set_colours(self._colours)
        for labels in (self._labels, self._box_label):
            labels.set_look(self._colours, self.font())
        self._follow_switches()
        self._place_all_labels()

    @staticmethod
    def _half_width_of(correction: Correction) -> Pair:
        x, y = correction.request.free
        return x.half_width, y.half_width


def _with_proof(box: Box, judged: Judged | None) -> Box:
    """The box with what was found out about it."""
    accepted = judged is not None and judged.accepted
    return Box(centre=box.centre, half_width=box.half_width, proof="proved" if accepted else "unknown")
