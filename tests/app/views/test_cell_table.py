"""A table to read and to copy."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.views.cell_table import NARROWEST, SHARE, Cells, CellTable

CELLS = Cells(
    heads=("Layer", "Norm"),
    rows=[("first, of two", "3.142"), ("second", "…")],
    copied=(("layer", "norm"), ("first, of two", 3.141592653589793), ("second", float("nan"))),
    words=1,
    shares={(0, 1): 1.0},
)


def show(qtbot: QtBot) -> CellTable:
    table = CellTable("table", "Norms")
    qtbot.addWidget(table)
    table.set_cells(CELLS)
    return table


def test_the_clipboard_has_heads_and_every_digit(qtbot: QtBot) -> None:
    table = show(qtbot)
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == 'layer,norm\n"first, of two",3.141592653589793\nsecond,nan\n'


def test_numbers_stand_to_the_right_and_bars_behind_them(qtbot: QtBot) -> None:
    table = show(qtbot)
    words, number = table.item(0, 0), table.item(0, 1)
    assert words is not None
    assert number is not None
    assert words.textAlignment() & Qt.AlignmentFlag.AlignLeft
    assert number.textAlignment() & Qt.AlignmentFlag.AlignRight
    assert number.data(SHARE) == 1.0
    assert not table.grab().isNull()


def test_the_current_cell_stays_when_newer_cells_come(qtbot: QtBot) -> None:
    table = show(qtbot)
    table.setCurrentCell(1, 1)
    told: list[tuple[int, ...]] = []
    table.currentCellChanged.connect(lambda *places: told.append(places))
    table.set_cells(CELLS)
    assert (table.currentRow(), table.currentColumn()) == (1, 1)
    assert told == []


def test_columns_grow_with_their_numbers_and_never_shrink(qtbot: QtBot) -> None:
    table = show(qtbot)
    before = table.columnWidth(1)
    longer = [("first, of two", "−1.234567×10⁻¹⁰⁰"), ("second", "…")]
    table.set_cells(replace(CELLS, rows=longer))
    grown = table.columnWidth(1)
    assert grown > before
    assert grown >= table.fontMetrics().horizontalAdvance(longer[0][1])
    table.set_cells(CELLS)
    assert table.columnWidth(1) == grown


def test_an_empty_table_copies_nothing(qtbot: QtBot) -> None:
    table = show(qtbot)
    table.set_cells(None)
    assert table.rowCount() == 0
    assert table.as_csv() == ""


def test_words_give_way_to_the_numbers_beside_them_until_somebody_draws_the_column(qtbot: QtBot) -> None:
    table = show(qtbot)
    table.set_cells(replace(CELLS, rows=[("a layer with a name that is much longer than others", "3.142")]))
    table.resize(800, 200)
    with qtbot.waitExposed(table):
        table.show()
    assert table.columnWidth(0) > 300
    table.resize(table.columnWidth(1) + 180, 200)
    assert NARROWEST < table.columnWidth(0) < 180
    assert table.columnWidth(0) + table.columnWidth(1) == table.viewport().width()
    table.horizontalHeader().resizeSection(0, 250)
    table.resize(800, 200)
    assert table.columnWidth(0) == 250
