"""A table of cases: how far away corrections are, rules that serve many, and a line for every rejected row."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from app.render.plot.cases.distances_view import DistancesView
from app.views.cases.case_columns import CaseRow, case_columns, case_rows
from app.views.cases.feature_cells import feature_cells
from app.views.cases.rule_list import RuleList
from app.views.cases.tiles import Tiles
from app.views.cell_table import CellTable
from app.views.made import named, text_label, with_icon
from app.views.networks.item_table import ItemTable
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.pages.table_part import table_part
from app.views.pages.tabs_with_table import TabsWithTable
from core.corrections.records.cases import FAILED, NONE_EXISTS, NOT_YET, OPEN, Cases
from core.corrections.requests.cases import request_of_case
from core.errors import InvalidRequest
from core.exchange.case_words import found_words, outcome_words, rows_words, rules_words
from core.exchange.subject import Subject
from core.exchange.words import number, whole
from core.review.note import Anchor, RegionAnchor
from core.session.document import Result
from core.training.run import Run

CHANGE, ROOM_FOR_CHANGE = 5, 330  # a column of words, and its pixels
LOOKED_AT = 60  # rows, for how wide a column is to be
WAITING = "No row has been judged yet. The table appears here as soon as its job runs."
HINT = "Double-click a row, or press Enter, to open its own correction."
HIGH, WIDE = 40, 95  # lines and letters of a page that has room for the rows below the plots, and rules beside them


class CasesPage(Page):
    """Sortable and filtered; what a row needs is shown on a page of its own."""

    case_wanted = Signal(str, object)  # item id, the request of one case
    table_wanted = Signal()

    icon_name = "correction"
    live_interval = 0.5  # a plot and three tables

    def __init__(self, item_id: str, parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self._cases: Cases | None = None
        self._subject = Subject(title="")
        self._columns_of: tuple[object, ...] | None = None
        self.tiles = Tiles(f"cases.tiles.{item_id}")
        self.summary = text_label(name=f"cases.summary.{item_id}")
        self.distances = DistancesView()
        self.rules = RuleList(f"cases.rules.{item_id}")
        self.features = CellTable(f"cases.features.{item_id}", "Features and how often they change")
        self.table: ItemTable[CaseRow] = ItemTable(f"cases.table.{item_id}", "Rejected rows", [])
        self.table.horizontalHeader().setResizeContentsPrecision(LOOKED_AT)
        self.filter = named(QLineEdit(), f"cases.filter.{item_id}")
        self.filter.setPlaceholderText("Filter rows")
        self.filter.setClearButtonEnabled(True)
        self.words = text_label(HINT, f"cases.words.{item_id}")
        self.open = named(QPushButton("&Open correction"), f"cases.open.{item_id}")
        self.all = named(with_icon(QPushButton("&All networks…"), "compare"), f"cases.all.{item_id}")
        self.all.setToolTip("The tables of all networks of the session side by side")
        self.copy = named(QPushButton("Copy table as &CSV"), f"cases.copy.{item_id}")
        self.empty = text_label(WAITING, f"cases.empty.{item_id}")
        self._lay()
        self.filter.textChanged.connect(self.table.set_filter)
        self.table.activated_row.connect(self._on_activated)
        self.table.chosen.connect(self._on_chosen)
        self.open.clicked.connect(lambda: self._on_activated(self.table.current_id or ""))
        self.all.clicked.connect(self.table_wanted)
        self.copy.clicked.connect(self.table.copy_csv)
        self.distances.hovered.connect(self.hovered)

    def set_surroundings(self, subject: Subject) -> None:
        """Whose names and units the cells have."""
        self._subject = subject

    def show_result(self, result: Result | Run | None) -> None:
        cases = result if isinstance(result, Cases) else None
        self._cases = cases
        self.empty.setVisible(cases is None)
        self._body.setVisible(cases is not None)
        self.distances.set_cases(cases)
        if cases is None:
            return
        self.tiles.set_tiles(tiles_of(cases))
        self.summary.setText(f"{rows_words(cases)}. {found_words(cases)}.")
        self.rules.set_cases(cases, self._subject, _rules_line(cases))
        self.features.set_cells(feature_cells(cases))
        columns = (cases.names, tuple(self._subject.unit(name) for name in cases.names))
        if columns != self._columns_of:
            self._columns_of = columns
            self.table.set_columns(case_columns(cases, self._subject))
        fresh = not self.table.model_of_rows.rows
        self.table.set_rows(case_rows(cases, self._subject))
        if fresh:
            self.table.fit_columns()
            self.table.setColumnWidth(CHANGE, ROOM_FOR_CHANGE)
        self._on_chosen(self.table.current_id or "")

    @property
    def pointed_anchor(self) -> Anchor | None:
        row = self.table.current_id or ""
        if self._cases is None or not row.isdecimal() or int(row) >= len(self._cases.rows):
            return None
        return RegionAnchor(part=int(self._cases.rows[int(row)]))

    def reveal(self, anchor: Anchor) -> None:
        """Select the row, in whichever tab it is; a filter that hides it is taken away."""
        if self._cases is None or not isinstance(anchor, RegionAnchor):
            return
        places = np.flatnonzero(self._cases.rows == anchor.part)
        if len(places):
            self.tabs.show_table()
            if self.table.model_of_rows.place_of(str(places[0])) is None:
                self.filter.clear()
            self.table.select_id(str(places[0]))
            self._on_chosen(str(places[0]))

    def image(self) -> QImage:
        return picture_of(self)

    def view_state(self) -> dict[str, object]:
        return {"filter": self.filter.text()}

    def restore_view(self, state: dict[str, object]) -> None:
        self.filter.setText(str(state.get("filter") or ""))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow page the rules have a tab of their own, and the tiles are a line of words."""
        super().resizeEvent(event)
        narrow = self.width() < WIDE * self.fontMetrics().averageCharWidth()
        apart = self.tabs.indexOf(self._lists) >= 0
        if narrow and not apart:
            self.tabs.addTab(self._lists, "Rules")
        elif apart and not narrow:
            self._overview.addWidget(self._lists)
            self._lists.show()
        self.tiles.setVisible(not narrow)
        self.summary.setVisible(narrow)

    def _on_chosen(self, row_id: str) -> None:
        """Say all of one case; the button opens it."""
        known = self._cases is not None and row_id.isdecimal() and int(row_id) < len(self._cases.rows)
        self.open.setEnabled(known)
        if self._cases is None or not known:
            self.words.setText(HINT)
            return
        place = int(row_id)
        self.words.setText(f"Row {whole(int(self._cases.rows[place]))}: {outcome_words(self._cases, place)}. {HINT}")

    def _on_activated(self, row_id: str) -> None:
        if self._cases is None or not row_id.isdecimal():
            return
        try:
            request = request_of_case(self._cases, int(row_id))
        except InvalidRequest as error:
            self.words.setText(str(error))
            return
        self.case_wanted.emit(self.item_id, request)

    def _lay(self) -> None:
        self._lists = QWidget()
        lists = QVBoxLayout(self._lists)
        lists.setContentsMargins(6, 8, 10, 6)
        lists.addWidget(self.rules, 3)
        lists.addWidget(self.features, 2)
        self._overview = QSplitter(Qt.Orientation.Horizontal)
        self._overview.setChildrenCollapsible(False)
        self._overview.addWidget(self.distances)
        self._overview.addWidget(self._lists)
        self._overview.setSizes([480, 520])
        below = table_part(self.filter, self.open, self.copy, table=self.table, above=self.words)
        self.tabs = TabsWithTable(
            f"cases.tabs.{self.item_id}", self._overview, "Overview", below, "Rows", (300, 330), high=HIGH
        )
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(4)
        header = QHBoxLayout()
        header.setContentsMargins(10, 8, 10, 0)
        header.addWidget(self.tiles, 1)
        header.addWidget(self.summary, 1)
        header.addWidget(self.all, 0, Qt.AlignmentFlag.AlignVCenter)
        body.addLayout(header)
        body.addWidget(self.tabs, 1)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.empty)
        layout.addWidget(self._body)


def tiles_of(cases: Cases) -> list[tuple[str, str]]:
    """Numbers that one looks for first, with their words."""
    total = len(cases.rows)

    def counted(amount: int, words: str) -> tuple[str, str]:
        share = f"{int(100 * amount / total)} % " if total else ""
        return whole(amount), f"{share}{words}"

    tiles = [
        (whole(total), f"rejected of {whole(cases.looked_at)}"),
        counted(int(cases.corrected.sum()), "corrected"),
        counted(int((cases.proof == NONE_EXISTS).sum()), "none exists"),
        counted(int(np.isin(cases.proof, (OPEN, FAILED)).sum()), "open or failed"),
    ]
    if waiting := int((cases.proof == NOT_YET).sum()):
        tiles[3] = counted(waiting, "still to do")
    known = cases.distance[cases.corrected]
    tiles.append((number(float(np.median(known)), 3) if known.size else "—", "median distance"))
    if cases.request.rules:
        tiles.append(counted(int(cases.covered.sum()), "by the rules"))
    return tiles


def _rules_line(cases: Cases) -> str:
    if cases.status == "partial" and not len(cases.rule_box):
        return "Rules are looked for when all rows are done."
    words = rules_words(cases)
    return f"{words[0].upper()}{words[1:]}." if len(cases.rule_box) else f"Rules: {words}."
