"""What attacks leave of a network: curves with their table, the attacked samples, and the Hessian in the input."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.render.pins.ground import PinGround
from app.render.plot.attacks.attack_words import cell_words, clean_reading
from app.render.plot.attacks.curvature_view import InputCurvatureView
from app.render.plot.attacks.strength_view import StrengthView
from app.views.attacks.examples_panel import ExamplesPanel
from app.views.cell_table import Cells, CellTable
from app.views.made import named, text_label
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.pages.table_part import table_part
from app.views.pages.tabs_with_table import TabsWithTable
from core.data.tables.features import FeatureCard
from core.exchange.tables.strengths import strength_columns, strength_rows
from core.review.note import Anchor
from core.robustness.kinds import ATTACK_NAMES
from core.robustness.robustness import Robustness
from core.session.document import Result
from core.training.run import Run

TABS = ("accuracy", "examples", "curvature")  # how the session calls them
FIRST = 2  # columns of the table before the attacks


class RobustnessPage(Page):
    """Three tabs, four in a low window. A cell, a point of a curve and the examples are one attack and strength."""

    icon_name = "robustness"
    live_interval = 0.3  # three pictures, and a table that is made anew

    def __init__(
        self,
        item_id: str,
        classes: tuple[str, ...] = (),
        features: FeatureCard | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(item_id, parent)
        self.curves = StrengthView()
        self._ground = self.curves.panel.pin_ground()
        self.table = CellTable(f"robustness.table.{item_id}", "Accuracy by attack and strength")
        self.examples = ExamplesPanel(classes, features)
        self.curvature = InputCurvatureView()
        self.copy = named(QPushButton("Copy table as &CSV"), f"robustness.copy.{item_id}")
        self.copy.setToolTip("All cells with their headings and every digit")
        self.about_table = text_label(name=f"robustness.about.{item_id}")
        self.tabs = TabsWithTable(
            f"robustness.tabs.{item_id}",
            self.curves,
            "Accuracy",
            table_part(self.about_table, self.copy, table=self.table),
            "Table",
        )
        self.tabs.addTab(self.examples, "Examples")
        self.tabs.addTab(self.curvature, "Hessian in the input")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self.copy.clicked.connect(self.table.copy_csv)
        self.table.currentCellChanged.connect(self._on_cell)
        self.curves.pointed.connect(self._on_pointed)
        for part in (self.curves, self.examples, self.curvature):
            part.hovered.connect(self.hovered)
        for changed in (self.curves.view_changed, self.examples.view_changed, self.tabs.currentChanged):
            changed.connect(self._on_changed)

    def show_result(self, result: Result | Run | None) -> None:
        found = result if isinstance(result, Robustness) else None
        self.curves.set_result(found)
        self.table.set_cells(None if found is None else strength_cells(found))
        self.copy.setEnabled(found is not None)
        self.about_table.setText("" if found is None else _about_table(found))
        self.examples.set_result(found)
        self.curvature.set_result(found)

    def pin_grounds(self) -> tuple[PinGround, ...]:
        return (self._ground,)

    @property
    def pointed_anchor(self) -> Anchor | None:
        return self.curves.pointed_anchor

    def reveal(self, anchor: Anchor) -> None:
        self.tabs.setCurrentWidget(self.tabs.plot_tab)
        super().reveal(anchor)

    def image(self) -> QImage:
        """The picture of the tab that is shown."""
        self.examples.draw_now()
        shown = self.tabs.shown
        return picture_of(shown if shown in (self.examples, self.curvature) else self.curves)

    def view_state(self) -> dict[str, object]:
        state: dict[str, object] = {"tab": self._tab(), "examples": self.examples.view_state()}
        if self.curves.scale_chosen is not None:
            state["logarithmic"] = self.curves.scale_chosen
        return state

    def restore_view(self, state: dict[str, object]) -> None:
        if isinstance(logarithmic := state.get("logarithmic"), bool):
            self.curves.set_logarithmic(logarithmic)
        if isinstance(examples := state.get("examples"), dict):
            self.examples.restore_view(examples)
        if (tab := state.get("tab")) in TABS and tab != self._tab():
            others: dict[str, QWidget] = {"examples": self.examples, "curvature": self.curvature}
            self.tabs.setCurrentWidget(others.get(str(tab), self.tabs.plot_tab))

    def _tab(self) -> str:
        """How the session calls the tab that is shown; the table belongs to the curves."""
        return {self.examples: "examples", self.curvature: "curvature"}.get(self.tabs.shown, TABS[0])

    def _on_cell(self, row: int, column: int, *_before: int) -> None:
        """The clean samples are the first row; a cell below them is a point of a curve."""
        if row >= 1 and column >= FIRST:
            self.curves.point_at(column - FIRST, row - 1)
            self.examples.turn_to(column - FIRST, row - 1)

    def _on_pointed(self, attack: int, strength: int) -> None:
        if attack >= 0:
            blocked = self.table.blockSignals(True)  # noqa: FBT003  Qt takes no keyword
            self.table.setCurrentCell(strength + 1, attack + FIRST)
            self.table.blockSignals(blocked)

    def _on_changed(self) -> None:
        self.view_changed.emit()


def strength_cells(found: Robustness) -> Cells:
    """The table of a result: what is seen, what is copied, and what every cell says when it is pointed at."""
    heads, rows = strength_columns(found)
    tips = []
    for place, row in enumerate(rows):
        first = [clean_reading(found)] * len(row) if place == 0 else [f"ε {row[0]}, L2 length {row[1]}"] * len(row)
        if place > 0:
            for attack in range(len(found.request.attacks)):
                first[FIRST + attack] = cell_words(found, attack, place - 1)
        tips.append(first)
    explained = ["largest change of one number, as a share of the range", "length ε·√D of a change along a gradient"]
    explained += [ATTACK_NAMES[kind] for kind in found.request.attacks]
    explained += ["Samples that none of the attacks turns at any strength up to this one"] * (
        len(heads) - len(explained)
    )
    return Cells(
        heads=heads, rows=rows, copied=tuple(strength_rows(found)), words=0, tips=tips, head_tips=tuple(explained)
    )


def _about_table(found: Robustness) -> str:
    if found.right is None:
        return f"Mean loss ({found.loss_unit}) by strength and attack; samples as they are first."
    return "Share of the samples that the network gets right, by strength and attack; samples as they are first."
