"""What is known of the chosen pair: its lanes, its table of levels, or the way to its exact slice."""

from itertools import zip_longest

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.render.plot.joint.marks import band_colour, paint_correction, paint_input
from app.render.plot.legend import Legend, LegendEntry, Swatch
from app.render.plot.pairs.lanes_view import LanesView
from app.render.plot.pairs.levels_view import LevelsView
from app.render.plot.style import BLUISH_GREEN, SHAPE_CONTRAST, VERMILLION, faded, legible, plot_colours
from app.views.made import named, text_label, with_icon
from app.views.pairs.pictures import changes_pictures, has_slice, lanes_picture, levels_picture, sentence
from core.corrections.records.pairs import Pairs
from core.exchange.subject import Subject

CHOOSE = "Choose a cell or a line to see what is known of it."
SLICE, SEARCH = "Open exact &slice", "Open &correction"
SLICE_TIP = "Computes the accepted region of the two numbers, with a box to drag, and turns to it"
SEARCH_TIP = "Computes the correction in these two features, with a box to drag, and turns to it"
EVER = 16_777_215  # pixels: no limit, in Qt
SEARCHED = "It has no exact regions, or they took too long: it was searched by bounds."


class PairDetails(QWidget):
    """Words and a picture; a button where there is a slice to open."""

    slice_wanted = Signal(int, int)  # places of two numbers

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pair: tuple[int, int] | None = None
        self.words = text_label(CHOOSE, f"pairs.words.{item_id}")
        self.open = named(with_icon(QPushButton(SLICE), "correction"), f"pairs.slice.{item_id}")
        self.changes = [LanesView(f"pairs.change.{place}.{item_id}") for place in (0, 1)]
        self.lanes = LanesView(f"pairs.lanes.{item_id}")
        self.levels = LevelsView(f"pairs.levels.{item_id}")
        self.legend = Legend()
        self.room = QScrollArea()
        self.room.setFrameShape(QFrame.Shape.NoFrame)
        self.room.setWidgetResizable(True)
        self.room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        held = QWidget()
        inside = QVBoxLayout(held)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        for change in self.changes:
            inside.addWidget(change)
        inside.addWidget(self.lanes)
        inside.addWidget(self.levels)
        inside.addStretch(1)
        self.room.setWidget(held)
        line = QHBoxLayout()
        line.addWidget(self.words, 1, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.open, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self.room, 1)
        layout.addWidget(self.legend)
        self.open.clicked.connect(self._on_open)
        self.show_pair(None, None, Subject(title=""))

    def show_pair(self, pairs: Pairs | None, pair: tuple[int, int] | None, subject: Subject) -> None:
        """Show what is known of two features."""
        self._pair = pair
        lanes = None if pairs is None or pair is None else pairs.lanes_of(*pair)
        table = None if pairs is None or pair is None else pairs.table_of(*pair)
        self.words.setText(CHOOSE if pairs is None or pair is None else self._sentence(pairs, pair, subject))
        self.open.setVisible(pair is not None and pair[0] != pair[1])
        exact = pairs is not None and pair is not None and has_slice(pairs, *pair)
        self.open.setText(SLICE if exact else SEARCH)
        self.open.setToolTip(SLICE_TIP if exact else SEARCH_TIP)
        changes = () if pairs is None or pair is None else changes_pictures(pairs, *pair, subject)
        for view, change in zip_longest(self.changes, changes):
            view.set_picture(change)
            view.setVisible(change is not None)
        if pairs is not None and lanes is not None:
            self.lanes.set_picture(lanes_picture(pairs, lanes, subject))
        if pairs is not None and table is not None:
            self.levels.set_picture(levels_picture(pairs, table))
        self.lanes.setVisible(lanes is not None)
        self.levels.setVisible(table is not None)
        picture = lanes is not None or table is not None or bool(changes)
        self.room.setVisible(picture)
        self.legend.setVisible(picture)
        self._fill_legend(lanes=lanes is not None, levels=table is not None)
        self.setMaximumHeight(EVER if picture else self.minimumSizeHint().height() + self.fontMetrics().height())

    def _sentence(self, pairs: Pairs, pair: tuple[int, int], subject: Subject) -> str:
        words = sentence(pairs, subject, *pair)
        numbers = [feature for feature in set(pair) if not pairs.request.is_category(feature)]
        searched = pairs.done[pair] and len(numbers) == 1 and pairs.lanes_of(*pair) is None
        return f"{words}\n{SEARCHED}" if searched else words

    def _fill_legend(self, *, lanes: bool, levels: bool) -> None:
        look = plot_colours(self.palette())
        green, red = (legible(colour, look.background, SHAPE_CONTRAST) for colour in (BLUISH_GREEN, VERMILLION))
        entries = [LegendEntry("accepted, exactly", _fill(faded(green, 0.55)))] if lanes else []
        if levels:
            entries = [
                LegendEntry("✓ accepted, proved", _fill(faded(green, 0.32))),
                LegendEntry("✗ rejected, proved", _fill(faded(red, 0.32))),
            ]
        if not levels:
            entries.append(LegendEntry("stable within", _fill(band_colour(look))))
        entries += [
            LegendEntry("the input", lambda painter, place: paint_input(painter, place.center(), look)),
            LegendEntry("nearest stable", lambda painter, place: paint_correction(painter, place.center(), look)),
        ]
        self.legend.set_entries(entries, look.text)

    def _on_open(self) -> None:
        if self._pair is not None:
            self.slice_wanted.emit(*self._pair)


def _fill(colour: QColor) -> Swatch:
    def swatch(painter: QPainter, place: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(place.adjusted(0, 2, 0, -2), 2, 2)

    return swatch
