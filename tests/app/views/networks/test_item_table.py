"""A table of items: sorted, filtered, copied, and quick however many rows there are."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from app.views.networks.item_table import Column, ItemTable


@dataclass(frozen=True)
class Loan:
    id: str
    name: str
    amount: float


LOANS = [
    Loan("a", "Miller", 30.0),
    Loan("b", "adams", float("nan")),
    Loan("c", "Baker", 200.0),
    Loan("d", "Cook", 30.0),
]
ASCENDING, DESCENDING = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def table(qtbot, asked: list[str]) -> ItemTable[Loan]:
    def amount(loan: Loan) -> float:
        asked.append(loan.id)
        return loan.amount

    columns = [
        Column[Loan](title="Name", text=lambda loan: loan.name),
        Column[Loan](title="Amount", text=lambda loan: f"{loan.amount:g} DM", key=amount),
    ]
    made: ItemTable[Loan] = ItemTable("loans", "Loans", columns)
    qtbot.addWidget(made)
    made.set_rows(LOANS)
    return made


def seen(table: ItemTable[Loan]) -> str:
    return "".join(row.id for row in table.seen_rows())


def test_rows_are_as_in_the_document_until_a_heading_is_pressed(table: ItemTable[Loan]) -> None:
    assert seen(table) == "abcd"
    table.sortByColumn(0, ASCENDING)
    assert seen(table) == "bcda"  # whatever the case
    table.sortByColumn(-1, ASCENDING)
    assert seen(table) == "abcd"


def test_numbers_sort_by_value_equals_keep_their_order_and_what_is_no_number_is_last(table: ItemTable[Loan]) -> None:
    table.sortByColumn(1, ASCENDING)
    assert seen(table) == "adcb"
    table.sortByColumn(1, DESCENDING)
    assert seen(table) == "bcad"


def test_each_row_is_asked_once_for_what_it_is_sorted_by(table: ItemTable[Loan], asked: list[str]) -> None:
    many = [Loan(str(place), "x", float(place * 7919 % 2003)) for place in range(2000)]
    table.set_rows(many)
    asked.clear()
    table.sortByColumn(1, ASCENDING)
    assert len(asked) == len(many)
    assert [row.amount for row in table.seen_rows()] == sorted(row.amount for row in many)


def test_only_rows_with_the_text_are_seen_and_copied(table: ItemTable[Loan]) -> None:
    table.set_filter("30 dm")
    assert seen(table) == "ad"
    table.sortByColumn(0, ASCENDING)
    table.copy_csv()
    assert QGuiApplication.clipboard().text() == "Name,Amount\nCook,30 DM\nMiller,30 DM\n"
    table.set_filter("")
    assert seen(table) == "bcda"


def test_the_selected_row_stays_selected_wherever_it_goes(table: ItemTable[Loan]) -> None:
    told: list[str] = []
    table.chosen.connect(told.append)
    table.select_id("c")
    table.sortByColumn(0, ASCENDING)
    assert (table.current_id, table.currentIndex().row()) == ("c", 1)
    table.set_rows([LOANS[2], *LOANS[:2]])
    assert (table.current_id, table.currentIndex().row()) == ("c", 1)
    table.set_rows([Loan("c", "Young", 1.0), *LOANS[:2]])  # in its own order, another name sorts elsewhere
    assert (table.current_id, table.currentIndex().row()) == ("c", 2)
    table.set_filter("miller")
    assert table.current_id is None
    assert told == []


def test_a_filtered_table_that_grows_asks_for_the_texts_of_its_new_rows(qtbot) -> None:
    told: list[str] = []

    def name(loan: Loan) -> str:
        told.append(loan.id)
        return loan.name

    made: ItemTable[Loan] = ItemTable("loans", "Loans", [Column[Loan](title="Name", text=name)])
    qtbot.addWidget(made)
    made.set_rows(LOANS)
    made.set_filter("k")
    assert seen(made) == "cd"
    told.clear()
    fresh = Loan("e", "Kent", 5.0), Loan("a", "Makepeace", 30.0)  # and one that changed
    made.set_rows([fresh[1], *(Loan(one.id, one.name, one.amount) for one in LOANS[2:]), fresh[0]])
    assert sorted(set(told)) == ["a", "e"]
    assert seen(made) == "acde"
