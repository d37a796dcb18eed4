"""All pairs of features as rows, arrays, words, figures and in the report."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.corrections.records.suggestion import Suggestion
from core.exchange.export import export_result
from core.exchange.facts.pairs import pairs_facts, useless
from core.exchange.figures.pairs import pairs_figure
from core.exchange.pair_words import (
    answer_words,
    best_words,
    cell_words,
    looked_words,
    pair_change_words,
    pair_name,
    suggestion_words,
)
from core.exchange.report.html import report_html
from core.exchange.shown_names import readable
from core.exchange.subject import subject_of
from core.session.document import ResultItem
from tests import documents
from tests.pairs import pairs_request, pairs_result

ITEM: ResultItem = documents.result_item(pairs_result(), "pairs-0", "All pairs of row 3")
DOCUMENT = documents.document().with_item(ITEM)
SUBJECT = subject_of(ITEM, DOCUMENT)


def test_an_answer_says_what_changes_in_the_users_units_and_how_sure_it_is() -> None:
    pairs = pairs_result()
    both = pair_change_words(pairs, SUBJECT, 0, 1).replace("\u00a0", " ").replace("\u202f", "")
    assert both == "Duration 48 → 30 months, Amount 13500 → 12363 DM"
    assert pair_change_words(pairs, SUBJECT, 2, 2) == 'Housing "rent" → "own"'
    assert pair_change_words(pairs, SUBJECT, 0, 2).startswith("Duration 48")
    assert "Housing" not in pair_change_words(pairs, SUBJECT, 0, 2)
    assert answer_words(pairs, 0, 1) == "0.35, proved"
    assert answer_words(pairs, 1, 1) == "provably no stable correction"
    assert answer_words(pairs, 1, 2) == "none found; none is nearer than 0.8"
    assert answer_words(pairs_result("partial"), 1, 2) == "not looked at yet"
    assert best_words(pairs, SUBJECT).endswith(": 0.35, proved")


def test_a_bound_is_never_said_to_be_larger_than_it_was_proved() -> None:
    known = pairs_result()
    bound = np.where(known.lower_bound == 0.8, 0.8999, np.where(known.lower_bound == 0.35, 0.3429, known.lower_bound))
    pairs = replace(known, lower_bound=bound)
    assert answer_words(pairs, 1, 2) == "none found; none is nearer than 0.899"
    assert answer_words(pairs, 0, 1) == "between 0.342 and 0.35, proved"


def test_names_are_readable_and_cells_short() -> None:
    pairs = pairs_result()
    assert readable("duration_in_month") == "duration in month"
    assert pair_name(pairs_request(), 0, 2) == "Duration × Housing"
    assert pair_name(pairs_request(), 0, 0) == "Duration alone"
    assert [cell_words(pairs, *cell) for cell in ((0, 0), (1, 1), (1, 2))] == ["0.412", "∅", "?"]
    assert cell_words(pairs_result("partial"), 1, 2) == ""


def test_pairs_that_are_no_nearer_than_one_feature_alone_are_counted_and_not_listed() -> None:
    pairs = pairs_result()
    assert useless(pairs) == 1
    assert not pairs.needs_both(0, 2)
    assert pairs.needs_both(0, 1)
    names = [name for name, _ in pairs_facts(pairs, SUBJECT)]
    assert [name for name in names if name[0].isdigit()] == [
        "1. Duration × Amount",
        "2. Duration alone",
        "3. Housing alone",
    ]
    words = "4 of 6 have a stable correction, 1 provably have none, of 1 it is not known"
    assert looked_words(pairs) == words


def test_the_rows_have_every_pair_lane_and_level(tmp_path: Path) -> None:
    export_result(ITEM, DOCUMENT, tmp_path / "pairs.csv")
    with (tmp_path / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row and not row[0].startswith("#")]
    parts = [row[0] for row in rows[1:]]
    assert parts.count("alone") == 3
    assert parts.count("pair") == 3
    assert parts.count("accepted interval") == 2 + 2 + 1
    assert parts.count("levels") == 3
    nearest = rows[1]
    assert nearest[1:3] == ["Duration", "Amount"]
    assert float(nearest[3]) == 0.35


def test_arrays_load_without_pickles(tmp_path: Path) -> None:
    export_result(ITEM, DOCUMENT, tmp_path / "pairs.npz")
    with np.load(tmp_path / "pairs.npz", allow_pickle=False) as file:
        np.testing.assert_array_equal(file["distance"], pairs_result().distance)
        assert file["lanes/0/2/1"].tolist() == [[4.0, 72.0]]


@pytest.mark.parametrize("status", ["complete", "partial"])
def test_the_figure_has_a_cell_for_each_pair_and_outlines_the_nearest(status: str) -> None:
    figure = pairs_figure(pairs_result(status), SUBJECT)  # type: ignore[arg-type]
    figure.canvas.draw()
    matrix = figure.axes[0]
    outlined = [patch for patch in matrix.patches if not patch.get_fill()]
    assert len(matrix.patches) == 6 + 1
    assert len(outlined) == 1
    words = [text.get_text() for text in matrix.texts]
    assert "0.35" in words
    assert "∅" in words


def test_the_report_shows_them() -> None:
    html = report_html(DOCUMENT)
    assert "All pairs of row 3" in html
    assert "provably have none" in html


def test_a_suggestion_says_by_what_it_was_ranked() -> None:
    enough = Suggestion(name="a_b", gradient=0.5, gain=2.0, reached=0.3, estimate=0.41)
    little = Suggestion(name="c", gradient=0.0, gain=0.5, reached=-0.3, estimate=2.0)
    nothing = Suggestion(name="d", gradient=0.0, gain=0.0, reached=-0.3, estimate=np.inf)
    assert suggestion_words(enough, 1) == "1. a b: enough alone, at a cost of about 0.41"
    assert suggestion_words(little, 2) == "2. c: not enough alone, helps at an estimated cost of 2"
    assert suggestion_words(nothing, 3) == "3. d: does nothing for the goal alone"
