"""The attacked samples to look at, by attack and strength: pictures, or the numbers of a row of a table."""

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.render.plot.stepping import ACROSS, ALONG
from app.render.plot.style import BLUE, VERMILLION, changes_colours, mixed, plot_colours
from app.views.attacks.change_picture import Pixels, as_pixels, change_picture
from app.views.attacks.colour_scale import ColourScale
from app.views.attacks.example_grid import ExampleGrid, ShownExample
from app.views.attacks.example_words import (
    Names,
    attacked_words,
    cell_title,
    clean_words,
    is_turned,
    sample_title,
    scale_words,
    strength_text,
)
from app.views.attacks.feature_cells import feature_cells
from app.views.cell_table import CellTable
from app.views.flow_row import FlowRow
from app.views.made import chooser, text_label
from app.views.networks.sample_images import Brightness, is_picture, picture_of_sample
from core.data.tables.features import FeatureCard
from core.exchange.words import count
from core.robustness.kinds import ATTACK_NAMES
from core.robustness.robustness import Examples, Robustness

EMPTY = "No attacked samples are kept. Compute the attacks again with “Examples” above zero."
HINT = "← and →: another strength. ↑ and ↓: another attack."
LONGEST = 40  # characters of a sample in the chooser
HINT_FROM = 85  # characters in a line, from which on the hint stands below the samples


class _Scroll(QScrollArea):
    """Tells the samples how much of them can be seen at once."""

    def __init__(self, grid: ExampleGrid) -> None:
        super().__init__()
        self._grid = grid
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(grid)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._grid.set_room(self.viewport().height())
        super().resizeEvent(event)


class ExamplesPanel(QWidget):
    """Arrow keys walk through strengths and attacks."""

    hovered = Signal(str)
    view_changed = Signal()

    def __init__(
        self, classes: tuple[str, ...] = (), features: FeatureCard | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("examples")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._names = Names(classes, features)
        self._found: Robustness | None = None
        self._wanted = (0, -1)  # attack and strength; −1: the strongest
        self._said = ""
        self._stale = False  # whether something changed that nobody has seen yet
        self.attack, self.strength = chooser("examples.attack"), chooser("examples.strength")
        self.sample = chooser("examples.sample")
        self.grid, self.table = ExampleGrid(), CellTable("examples.table", "An attacked sample, number by number")
        self.scale, self.words = ColourScale(), text_label(name="examples.words")
        self._build()
        for box in (self.attack, self.strength, self.sample):
            box.currentIndexChanged.connect(self._on_chosen)
        self.grid.pointed_at.connect(self.hovered)
        self.set_result(None)

    @property
    def shown(self) -> tuple[int, int]:
        """Attack and strength on screen."""
        return max(0, self.attack.currentIndex()), max(0, self.strength.currentIndex())

    def set_result(self, found: Robustness | None) -> None:
        """Show the examples of this result; attack, strength and sample stay as they were chosen."""
        self._found = found
        examples = None if found is None else found.examples
        there = examples is not None and len(examples.row) > 0
        self._pages.setCurrentIndex(1 if there else 0)
        if found is None or examples is None or not there:
            return
        with QSignalBlocker(self.attack), QSignalBlocker(self.sample):
            _refill(self.attack, [ATTACK_NAMES[kind] for kind in found.request.attacks], self._wanted[0])
            samples = [sample_title(examples, index, self._names)[:LONGEST] for index in range(len(examples.row))]
            _refill(self.sample, samples, max(0, self.sample.currentIndex()))
        self._offer_strengths(found)
        self._draw()

    def turn_to(self, attack: int, strength: int) -> None:
        """Show that attack at that strength."""
        found = self._found
        if found is None or not self.attack.count():
            return
        attack = min(max(attack, 0), len(found.request.attacks) - 1)
        strength = min(max(strength, 0), len(found.epsilon) - 1)
        if (attack, strength) == self.shown:
            return
        with QSignalBlocker(self.attack), QSignalBlocker(self.strength):
            self.attack.setCurrentIndex(attack)
            self._wanted = attack, strength
            self._offer_strengths(found)
        self._draw()
        self.view_changed.emit()

    def view_state(self) -> dict[str, object]:
        """What is shown, as plain values."""
        attack, strength = self.shown
        return {"attack": attack, "strength": strength, "sample": max(0, self.sample.currentIndex())}

    def restore_view(self, state: dict[str, object]) -> None:
        """The inverse of `view_state`."""
        attack, strength, sample = (state.get(key) for key in ("attack", "strength", "sample"))
        if isinstance(attack, int) and isinstance(strength, int):
            self._wanted = attack, strength
            self.turn_to(attack, strength)
        if isinstance(sample, int) and 0 <= sample < self.sample.count():
            self.sample.setCurrentIndex(sample)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        along, across = ALONG.get(Qt.Key(event.key())), ACROSS.get(Qt.Key(event.key()))
        if self._found is not None and (along is not None or across is not None):
            attack, strength = self.shown
            self.turn_to((attack + (across or 0)) % len(self._found.request.attacks), strength + (along or 0))
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_colours(event, self):
            self._draw()

    def _offer_strengths(self, found: Robustness) -> None:
        last = len(found.epsilon) - 1
        wanted = self._wanted[1] if 0 <= self._wanted[1] <= last else last
        texts = [strength_text(found, self.shown[0], place) for place in range(last + 1)]
        with QSignalBlocker(self.strength):
            _refill(self.strength, texts, wanted)

    def _on_chosen(self) -> None:
        if self._found is None:
            return
        self._wanted = self.shown
        self._offer_strengths(self._found)
        self._draw()
        self.view_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say(self._said)

    def showEvent(self, event: QShowEvent) -> None:
        self.draw_now()
        super().showEvent(event)

    def _draw(self) -> None:
        """Draw the samples once somebody can see them: a growing result may have a hundred."""
        self._stale = True
        if self.isVisible():
            self.draw_now()

    def draw_now(self) -> None:
        """Draw what changed since the last time, if anything did."""
        found, stale, self._stale = self._found, self._stale, False
        if not stale:
            return
        if found is None or found.examples is None or not len(found.examples.row):
            return
        examples, (attack, strength) = found.examples, self.shown
        pictures = is_picture(examples.original.shape[1:])
        self._parts.setCurrentIndex(0 if pictures else 1)
        self._sample_part.setVisible(not pictures)
        self.scale.setVisible(pictures)
        if pictures:
            self._draw_pictures(found, examples, attack, strength)
        else:
            self._draw_table(found, examples, attack, strength)
        self.setAccessibleName(f"Samples under {cell_title(found, attack, strength)}")

    def _draw_pictures(self, found: Robustness, examples: Examples, attack: int, strength: int) -> None:
        attacked = examples.attacked[attack, strength]
        low, high = (
            (float(found.range_low.min()), float(found.range_high.max())) if found.range_low.size else (0.0, 1.0)
        )
        changes = [as_pixels(after - before) / ((high - low) or 1.0) for before, after in _pairs(examples, attacked)]
        known = [change for change in changes if np.isfinite(change).all()]
        reach = max((float(np.abs(change).max(initial=0.0)) for change in known), default=0.0) or 1.0
        brightness, colours = Brightness(low=low, high=high if high > low else low + 1), self._colours()
        self.grid.set_examples(
            [
                self._example(examples, attack, strength, index, brightness, change, reach)
                for index, change in enumerate(changes)
            ]
        )
        self.scale.set_scale(reach, colours)
        channels = bool(changes and changes[0].ndim == 3)
        self.scale.setVisible(not channels)
        turned = sum(one.turned for one in self.grid.shown)
        wrong = "" if examples.prediction is not None else f"{turned} of {count(len(changes), 'sample')} wrong. "
        self._say(f"{wrong}{scale_words(reach, channels=channels)}")

    def _example(
        self,
        examples: Examples,
        attack: int,
        strength: int,
        index: int,
        brightness: Brightness,
        change: Pixels,
        reach: float,
    ) -> ShownExample:
        known = bool(np.isfinite(change).all())
        return ShownExample(
            title=sample_title(examples, index, self._names),
            original=picture_of_sample(examples.original[index], brightness),
            change=change_picture(change, reach, *self._colours()) if known else None,
            attacked=picture_of_sample(examples.attacked[attack, strength, index], brightness) if known else None,
            clean=clean_words(examples, index, self._names),
            verdict=attacked_words(examples, attack, strength, index, self._names),
            turned=is_turned(examples, attack, strength, index),
        )

    def _draw_table(self, found: Robustness, examples: Examples, attack: int, strength: int) -> None:
        index = max(0, self.sample.currentIndex())
        self.table.set_cells(feature_cells(found, examples, attack, strength, index, self._names))
        clean = clean_words(examples, index, self._names)
        verdict = attacked_words(examples, attack, strength, index, self._names)
        wrong = " ✗ wrong" if is_turned(examples, attack, strength, index) else ""
        self._say(f"As it is: {clean}. Attacked: {verdict}{wrong}. Bars are relative to the largest change.")

    def _say(self, text: str) -> None:
        """Put words below the samples; in a narrow panel, what the arrow keys do is said at the pointer."""
        self._said = text
        wide = self.width() >= HINT_FROM * self.fontMetrics().averageCharWidth()
        self.words.setText(f"{text} {HINT}" if wide else text)

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Less, no change, more: neutral is near the background, so that it recedes in both themes."""
        frame = plot_colours(self.palette())
        if frame.dark:
            return mixed(BLUE, QColor("white"), 0.25), mixed(frame.background, frame.text, 0.1), VERMILLION
        return BLUE, QColor("#f4f4f4"), VERMILLION

    def _build(self) -> None:
        header = FlowRow(spacing=14)
        self._sample_part = _labelled("Sa&mple", self.sample)
        for part in (_labelled("&Attack", self.attack), _labelled("S&trength", self.strength), self._sample_part):
            header.addWidget(part)
        header.addWidget(self.scale)
        scroll = _Scroll(self.grid)
        self._parts = QStackedWidget()
        self._parts.addWidget(scroll)
        self._parts.addWidget(self.table)
        self.words.setContentsMargins(10, 2, 10, 8)
        self.words.setToolTip(HINT)
        some = QWidget()
        rows = QVBoxLayout(some)
        rows.setContentsMargins(0, 0, 0, 0)
        above = QVBoxLayout()
        above.setContentsMargins(10, 8, 10, 2)
        above.addLayout(header)
        rows.addLayout(above)
        rows.addWidget(self._parts, 1)
        rows.addWidget(self.words)
        none = text_label(EMPTY, "examples.empty")
        none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        none.setMargin(24)
        self._pages = QStackedWidget()
        self._pages.addWidget(none)
        self._pages.addWidget(some)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        for widget in (self, self.grid):
            widget.setAutoFillBackground(True)
            widget.setBackgroundRole(QPalette.ColorRole.Base)


def _labelled(text: str, box: QComboBox) -> QWidget:
    """A choice with its name before it, which stay together where lines are short."""
    part, label = QWidget(), QLabel(text)
    label.setBuddy(box)
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label)
    row.addWidget(box)
    return part


def _refill(box: QComboBox, texts: list[str], chosen: int) -> None:
    """Other entries; the same ones are left alone."""
    if [box.itemText(place) for place in range(box.count())] != texts:
        box.clear()
        box.addItems(texts)
    box.setCurrentIndex(min(max(chosen, 0), len(texts) - 1))


def _pairs(examples: Examples, attacked: np.ndarray) -> "zip[tuple[np.ndarray, np.ndarray]]":
    return zip(examples.original.astype(np.float64), attacked.astype(np.float64), strict=True)
