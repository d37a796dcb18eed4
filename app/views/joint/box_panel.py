"""The box of a correction in several features: what was found, the rows, what is known of the box, and buttons."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.actions.wording import literal, short
from app.render.plot.joint.bracket_bar import BracketBar, Standing
from app.render.plot.joint.marks import answer_colour, legend_entries
from app.render.plot.legend import Legend
from app.render.plot.style import (
    BLUISH_GREEN,
    ORANGE,
    changes_colours,
    legible,
    plot_colours,
)
from app.views.flow_row import FlowRow
from app.views.joint.feature_rows import FeatureRows
from app.views.joint.words import BADGES, GROWING, NO_NETWORK, SEARCHING, finding_words, judgement_words
from app.views.made import named, text_label, with_icon
from core.corrections.live.joint import BoxJudgement
from core.corrections.records.joint import JointBox, JointCorrection
from core.corrections.requests.slices import sliceable
from core.exchange.subject import Subject

FLAT_MENU = 5  # numbers up to which all pairs stand in one menu


class JointBoxPanel(QWidget):
    """Shows and tells; decides nothing."""

    nearest_wanted = Signal()
    growth_wanted = Signal()
    growth_stopped = Signal()
    slice_wanted = Signal(int, int)  # places of two numbers

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("joint.box_panel")
        self._joint: JointCorrection | None = None
        self._subject = Subject(title="")
        self._answer = "asking"
        self._judged: BoxJudgement | None = None
        self.badge = QLabel()
        self.badge.setObjectName("joint.badge")
        self.finding = text_label(name="joint.finding")
        self.bracket = BracketBar()
        self.rows = FeatureRows()
        self.state = text_label(name="joint.state")
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.state.setMinimumHeight(2 * self.state.fontMetrics().lineSpacing())
        self.state.setAlignment(Qt.AlignmentFlag.AlignTop)
        for label in (self.finding, self.state):
            label.setMinimumWidth(1)  # a long name is cut off rather than let it stretch the page
        self.nearest = named(with_icon(QPushButton("&Nearest stable"), "correction"), "joint.nearest")
        self.nearest.setToolTip("Move the box to the nearest stable correction")
        self.grow = named(QPushButton("&Grow"), "joint.grow")
        self.grow.setToolTip("Grow the box to the largest one that can be proved; every step is proved")
        self.slice = named(with_icon(QPushButton("E&xact slice"), "surface"), "joint.slice")
        self.slice.setToolTip("Draw the exact accepted region of two of these numbers, all others as in the input")
        self._menu = QMenu(self.slice)
        self.slice.setMenu(self._menu)
        self._legend = Legend()
        self._lay()
        self.nearest.clicked.connect(self.nearest_wanted)
        self.grow.clicked.connect(self._on_grow)
        self.rows.menu_wanted.connect(self._on_menu)
        self._growing = self._editable = False
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def set_joint(self, joint: JointCorrection, subject: Subject, *, editable: bool) -> None:
        """Show what was found; the box is shown by `set_box`."""
        self._joint, self._subject, self._editable = joint, subject, editable
        found = joint.nearest
        self.badge.setText(BADGES[found.proof])
        self.finding.setText(finding_words(joint, subject))
        complete = joint.status == "complete"
        self.bracket.set_standing(Standing(found.lower_bound, found.distance, found.closed, complete))
        self.rows.set_correction(joint, subject.unit)
        self._fill_menu(joint)
        self._refresh()
        self._restyle()

    def set_box(self, box: JointBox | None) -> None:
        """Show this box."""
        self.rows.set_box(box)
        self._refresh()

    def set_judgement(self, answer: str, judged: BoxJudgement | None, *, provable: bool) -> None:
        """Say what is known of the box: "proved", "refuted", "undecided", or "asking"."""
        self._answer, self._judged = answer, judged
        self.rows.set_judgement(answer, judged)
        if self._joint is None or self.rows.box is None:
            self.state.setText("")
        elif answer == "undecided" and not provable:
            self.state.setText(NO_NETWORK if self._editable else SEARCHING)
        else:
            self.state.setText(judgement_words(self._joint, answer, judged, self._subject))
        self._refresh()
        self._restyle()

    def set_growing(self, *, growing: bool) -> None:
        """Say that the box is being grown, and offer to stop that."""
        self._growing = growing
        if growing:
            self.state.setText(GROWING)
        self._refresh()

    def say(self, text: str) -> None:
        """Say why there is no answer."""
        self.state.setText(text)

    def _refresh(self) -> None:
        joint, box = self._joint, self.rows.box
        found = joint is not None and joint.nearest.point is not None
        self.rows.setEnabled(self._editable and box is not None and not self._growing)
        self.nearest.setEnabled(self._editable and found and not self._growing)
        can_grow = found and bool(joint.request.freedom.numbers) if joint is not None else False
        self.grow.setEnabled(self._editable and (can_grow or self._growing))
        self.grow.setText("&Stop" if self._growing else "&Grow")
        self.slice.setEnabled(self._editable and not self._menu.isEmpty())

    def _on_grow(self) -> None:
        if self._growing:
            self.growth_stopped.emit()
        else:
            self.growth_wanted.emit()

    def _lay(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.finding, 1)
        scroll = QScrollArea()
        scroll.setObjectName("joint.scroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        column.addWidget(self.rows)
        column.addWidget(self._legend)
        column.addStretch(1)
        for widget in (inside, scroll.viewport()):
            widget.setAutoFillBackground(False)
        scroll.setWidget(inside)
        self._scroll = scroll
        buttons = FlowRow(spacing=6)
        for button in (self.nearest, self.grow, self.slice):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.bracket)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.state)
        layout.addLayout(buttons)

    def _fill_menu(self, joint: JointCorrection) -> None:
        """Every pair of numbers; from `FLAT_MENU` on by their first one."""
        if self._menu.property("of") is joint.request:
            return
        self._menu.setProperty("of", joint.request)
        self._menu.clear()
        places = sliceable(joint.request)
        for first in places:
            later = [place for place in places if place > first]
            if later:
                self._offer(self._menu, first, later, flat=len(places) <= FLAT_MENU)

    def _offer(self, menu: QMenu, first: int, others: list[int], *, flat: bool) -> None:
        names = [] if self._joint is None else [one.name for one in self._joint.request.freedom.numbers]
        into = menu if flat else menu.addMenu(literal(short(names[first], 40)))
        for other in others:
            text = f"{short(names[first], 40)} × {short(names[other], 40)}" if flat else short(names[other], 40)
            into.addAction(literal(text)).triggered.connect(self._slice_of(first, other))

    def _slice_of(self, first: int, second: int) -> Callable[[], None]:
        return lambda: self.slice_wanted.emit(first, second)

    def _on_menu(self, place: int, where: QPoint) -> None:
        """The pairs of one number, where it was asked for."""
        joint = self._joint
        if joint is None or place not in (places := sliceable(joint.request)) or len(places) < 2:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSection("Exact slice of")
        self._offer(menu, place, [other for other in places if other != place], flat=True)
        menu.popup(where)

    def changeEvent(self, event: QEvent) -> None:
        if changes_colours(event, self) and hasattr(self, "_legend"):
            self._restyle()
        super().changeEvent(event)

    def _restyle(self) -> None:
        colours = plot_colours(self.palette())
        self._legend.set_entries(legend_entries(self._answer, colours), colours.text)
        colour = legible(answer_colour(self._answer, colours), colours.background)
        self.state.setStyleSheet(f"color: {colour.name()}")
        sure = self._joint is not None and self._joint.nearest.proof in ("proved", "none_exists")
        badge = legible(BLUISH_GREEN if sure else ORANGE, colours.background).name()
        self.badge.setStyleSheet(
            f"QLabel {{ color: {badge}; border: 1px solid {badge}; border-radius: 3px; padding: 1px 6px; }}"
        )
