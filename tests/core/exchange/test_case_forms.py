"""Tables of cases in words, as rows, as figures, and several networks side by side."""

import csv
import io
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from matplotlib.figure import Figure

from core.corrections.engines.cases.engine import compute_cases
from core.corrections.records.cases import HOLDS, OPEN, PROVED, Cases
from core.data.storing import store_dataset
from core.errors import InvalidRequest
from core.exchange.case_words import found_words, rule_text, rule_worth, rules_words
from core.exchange.cases_table import compared_cases
from core.exchange.export import export_cases_table
from core.exchange.figures.cases_table import cases_table_figure
from core.exchange.forms import form_of, result_facts, result_figure
from core.exchange.report.html import report_html
from core.exchange.subject import Subject
from core.exchange.tables.cases_table import FIRST_HELD, network_columns
from core.exchange.tables.rows import write_rows
from core.job import JobContext
from core.networks.storing import store_network
from core.session.document import Document, ResultItem
from tests.core.corrections.case_examples import judge, question, table


@cache
def session() -> Document:
    """Two networks on the same rows, each tried on the other."""
    document = Document()
    data = store_dataset(table(), origin="cases", keep=True)
    for place, (mine, other) in enumerate(((judge(), judge(1)), (judge(1), judge()))):
        request = question("amount", "duration", "purpose", rules=1, samples=16, others=(other.sha256,))
        found = compute_cases(request, mine, table(), JobContext(), others={other.sha256: other})
        network = replace(store_network(mine), name=f"Judge {place}")
        item = ResultItem(
            id=f"cases-{place}",
            name=f"Cases {place}",
            created_utc="2026-01-01T00:00:00+00:00",
            network_id=network.id,
            dataset_id=data.id,
            result=found,
        )
        for each in (network, data, item):
            document = document.with_item(each)
    return document


def cases() -> Cases:
    found = session().results[0].result
    assert isinstance(found, Cases)
    return found


def subject() -> Subject:
    return Subject(title="Cases", dataset=session().datasets[0])


def words_of(figure: Figure) -> str:
    texts = [text for axes in figure.axes for text in axes.texts] + figure.texts
    return " ".join(text.get_text().replace("\n", " ") for text in texts)


def test_a_rule_is_rounded_inwards_and_names_its_units_and_levels() -> None:
    found = cases()
    low, high = found.rule_box[0]
    words = rule_text(found, 0, subject()).replace("\u202f", "").replace("−", "-")
    for column, (name, unit) in enumerate((("amount", "DM"), ("duration", "months"))):
        match = re.search(rf"{name} (at least |at most )?(-?[\d.]+)(?:(?:–| to )(-?[\d.]+))?\u00a0{unit}", words)
        if match is None:
            assert name not in words  # any value will do
            continue
        ends = [float(part) for part in match.groups()[1:] if part]
        assert all(low[column] - 1e-9 <= end <= high[column] + 1e-9 for end in ends), (words, low, high)
    if (level := int(found.rule_levels[0, 0])) >= 0:
        assert f"purpose “{('car', 'house', 'other')[level]}”" in words


def test_the_worth_of_a_rule_is_its_proved_cases_and_their_costs() -> None:
    found = cases()
    covers = found.rule_covers[0] == HOLDS
    words = rule_worth(found, 0)
    assert f"corrects {covers.sum()} of {len(covers)}" in words
    assert "proved" in words
    cut_short = replace(found, rules_finished=False)
    assert "cut short by the time" in rules_words(cut_short)
    assert "cut short" not in rules_words(found)


def test_what_is_open_is_never_told_as_corrected() -> None:
    found = replace(cases(), proof=np.full(len(cases().rows), OPEN, np.uint8))
    words = found_words(found)
    assert words.startswith("0 of ")
    assert "open" in words
    facts = dict(result_facts(found, subject()))
    assert "Distances" not in facts


def test_a_line_of_the_csv_is_one_case_in_the_users_units() -> None:
    found = cases()
    file = io.BytesIO()
    write_rows(form_of(found).rows(found), file)
    head, *lines = csv.reader(io.StringIO(file.getvalue().decode()))
    assert len(lines) == len(found.rows)
    for place, line in enumerate(lines):
        row = dict(zip(head, line, strict=True))
        assert int(row["row"]) == found.rows[place]
        assert float(row["amount"]) == found.start[place, 0]
        assert row["purpose"] == ("car", "house", "other")[found.present[place, 0]]
        if found.proof[place] == PROVED:
            assert float(row["amount corrected"]) == found.point[place, 0]
            assert float(row["amount box low"]) <= float(row["amount corrected"]) <= float(row["amount box high"])
            assert float(row["lower bound"]) <= float(row["distance"])
        assert (row["rules"] == "1") == (found.rule_covers[0, place] == HOLDS)


def test_the_figure_tells_the_outcomes_the_rule_and_what_was_asked() -> None:
    words = words_of(result_figure(cases(), subject()))
    assert f"{int(cases().corrected.sum())} corrected" in words
    assert rule_text(cases(), 0, subject())[:30] in words
    assert "amount ±" in words
    partial = replace(cases(), status="partial")
    assert "PARTIAL" in words_of(result_figure(partial, subject()))


def test_networks_on_the_same_rows_stand_in_one_table_with_what_holds_under_the_other() -> None:
    (compared,) = compared_cases(session())
    assert compared.table.names == ("Judge 0", "Judge 1")
    heads, rows = network_columns(compared.table)
    assert heads[FIRST_HELD : FIRST_HELD + 2] == ("Under Judge 0", "Under Judge 1")
    share = np.mean(cases().held[0][cases().corrected] == HOLDS)
    assert compared.table.held[0].tolist() == [1.0, share]
    assert rows[0][FIRST_HELD : FIRST_HELD + 2] == ("100 %", f"{int(100 * share)} %")
    median = np.median(cases().distance[cases().corrected])
    assert compared.table.distance[0, 1] == median


def test_other_questions_are_no_rows_of_the_same_table() -> None:
    other = compute_cases(question("amount", "age", samples=16, rules=0), judge(), table(), JobContext())
    item = replace(session().results[0], id="cases-9", result=other)
    compared = compared_cases(session().with_item(item))
    assert [len(one.items) for one in compared] == [2, 1]
    assert "amount, age" in compared[1].title


def test_the_comparison_is_in_the_report_and_in_files(tmp_path) -> None:
    page = report_html(session())
    assert "Rejected rows under several networks" in page
    assert "Under Judge 1" in page
    for ending in ("csv", "svg"):
        export_cases_table(session(), tmp_path / f"table.{ending}")
    assert "holds under Judge 1" in (tmp_path / "table.csv").read_text(encoding="utf-8")
    figure = cases_table_figure(compared_cases(session())[0])
    assert any("hold under a column" in axes.get_title(loc="left") for axes in figure.axes)
    with pytest.raises(InvalidRequest, match="no table of cases"):
        export_cases_table(Document(), tmp_path / "none.csv")
