"""A correction in several features as words, rows, arrays, a figure and in the report."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from core.corrections.live.joint import box_around
from core.corrections.records.joint import FoundChange, JointBox
from core.exchange.export import export_result
from core.exchange.facts.joint import joint_facts
from core.exchange.figures.joint import joint_figure
from core.exchange.joint_words import Changed, bracket_words, change_words, joint_rule, joint_subtitle, tradeoff_words
from core.exchange.report.html import report_html
from core.exchange.subject import subject_of
from core.session.document import ResultItem
from tests import documents
from tests.joints import joint

ITEM: ResultItem = documents.result_item(joint(), "joint-0", "Correction of row 3 in three features")
DOCUMENT = documents.document().with_item(ITEM)
SUBJECT = subject_of(ITEM, DOCUMENT)


def plain(words: str) -> str:
    return words.replace("\u00a0", " ").replace("\u202f", "")


def found(distance: float | None, lower: float, *, closed: bool = True) -> FoundChange:
    point = None if distance is None else np.zeros(2)
    proof = "proved" if distance is not None else "none_exists" if closed else "unknown"
    levels = () if distance is None else (0,)
    return FoundChange(
        point=point,
        levels=levels,
        distance=distance,
        lower_bound=lower,
        proof=proof,
        closed=closed,  # type: ignore[arg-type]
    )


def test_a_change_is_said_feature_by_feature_in_the_users_units() -> None:
    result = joint()
    assert plain(change_words(result, result.nearest, SUBJECT)) == (
        "lower Duration 48 → 36 months, lower Amount 13500 → 9000 DM"
    )
    assert plain(change_words(result, result.others[0], SUBJECT)) == (
        'lower Amount 13500 → 12000 DM, Housing: "rent" → "own"'
    )
    assert change_words(result, found(None, np.inf), SUBJECT) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (found(0.317, 0.3168), "distance 0.317, proved minimal to 0.07 %"),
        (found(0.317, 0.317), "distance 0.317, proved minimal"),
        (found(0.317, 0.317 * (1 - 1e-7)), "distance 0.317, proved minimal to 0.001 %"),
        (found(0.317, 0.27, closed=False), "distance between 0.27 and 0.317"),
        (found(0.317, 0.2699, closed=False), "distance between 0.269 and 0.317"),
        (found(None, 0.0, closed=False), "none found yet"),
        (found(None, 0.12, closed=False), "none found yet; none is nearer than 0.12"),
        (found(None, np.inf), "proved: no stable correction exists within these ranges"),
    ],
)
def test_a_bracket_says_no_more_than_is_proved(change: FoundChange, words: str) -> None:
    assert bracket_words(change) == words


def test_the_rule_of_the_box_is_rounded_inwards_and_names_the_levels() -> None:
    box = JointBox(low=np.array([20.0, 4000.0006]), high=np.array([38.0, 9499.9996]), levels=(0,), proof="proved")
    rule = plain(joint_rule(replace(joint(), box=box), SUBJECT))
    assert (
        rule == 'lower Duration to 20–38 months and lower Amount to 4001–9499 DM with Housing "rent": accepted, proved'
    )
    assert joint_rule(replace(joint(), box=None), SUBJECT) == ""
    unknown = joint_rule(joint(), SUBJECT, replace(box, proof="unknown", levels=(1,)))
    assert "proved" not in unknown.replace("not proved", "")
    assert 'Housing "own"' in unknown


def test_of_a_few_of_many_only_what_changes_is_in_the_rule() -> None:
    few = replace(joint(), request=replace(joint().request, most_changed=1))
    box = JointBox(low=np.array([20.0, 13500.0]), high=np.array([38.0, 13500.0]), levels=(0,), proof="proved")
    assert plain(joint_rule(few, SUBJECT, box)) == "lower Duration to 20–38 months: accepted, proved"
    assert "at most 1 of them" in joint_subtitle(few, SUBJECT)


def test_the_cost_of_stability_is_told_with_its_end() -> None:
    words = tradeoff_words(joint())
    assert (
        words == "0.3 without stability, 0.38 to 0.404 as asked, none found at twice as much, none at 4 times as much"
    )


def test_the_rows_have_every_feature_of_every_correction(tmp_path: Path) -> None:
    export_result(ITEM, DOCUMENT, tmp_path / "joint.csv")
    with (tmp_path / "joint.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[2] for row in rows if row[:2] == ["number", "1"]] == ["Duration", "Amount"]
    (category,) = [row for row in rows if row[:2] == ["category", "2"]]
    assert (category[3], category[7]) == ("rent", "own")
    assert sum(row[0].startswith("course") for row in rows) == 4
    assert {len(row) for row in rows} == {10}


def test_arrays_load_without_pickles(tmp_path: Path) -> None:
    export_result(ITEM, DOCUMENT, tmp_path / "joint.npz")
    with np.load(tmp_path / "joint.npz", allow_pickle=False) as file:
        assert file["nearest/stable_centre"].tolist() == [36.0, 9000.0]
        assert file["others/0/levels"].tolist() == [1]
        assert file["tradeoff"].shape == (4, 3)
        assert file["along/1/half_width"].tolist() == [2.0, 500.0]
        assert "along/3/stable_centre" not in file


@pytest.mark.parametrize("status", ["complete", "partial"])
def test_the_figure_has_a_row_for_each_feature_and_its_panels(status: str) -> None:
    figure = joint_figure(joint(status), SUBJECT)  # type: ignore[arg-type]
    figure.canvas.draw()
    words = " ".join(text.get_text() for text in figure.axes[0].texts)
    for expected in ("Duration", "48 → 36 months", "Amount", "Housing", "stays"):
        assert expected in plain(words)
    assert [axes.get_xlabel() for axes in figure.axes[1:]] == [
        "seconds of search",
        "stability, in multiples of what is asked for",
    ]
    nothing = replace(joint(), nearest=found(None, np.inf), box=None, others=(), tradeoff=np.zeros((0, 3)))
    words = " ".join(text.get_text() for text in joint_figure(nothing, SUBJECT).axes[0].texts)
    assert "no stable correction exists" in words


def test_the_figure_leads_to_the_correction_that_the_box_was_moved_to_and_shows_its_level() -> None:
    plain_one = joint()
    moved = replace(plain_one, box=box_around(plain_one, plain_one.others[0]))
    figure = joint_figure(moved, SUBJECT)
    figure.canvas.draw()
    rows = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert "48 → 36" not in plain(rows)
    assert '→ "own"' in plain(rows)
    legend = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    assert "chosen stable correction" in legend
    notes = plain(" ".join(text.get_text() for text in figure.texts)).replace("\n", " ")
    assert "Drawn, as chosen: lower Amount 13500 → 12000 DM" in notes
    boxes = [one.get_bbox().x0 for one in figure.axes[0].patches if isinstance(one, Rectangle)]
    assert any(0.4 < left < 0.5 for left in boxes)  # the second of three levels stands at a half


def test_facts_and_report_tell_of_it() -> None:
    facts = dict(joint_facts(joint(), SUBJECT))
    assert facts["Finding"] == "distance between 0.38 and 0.404"
    assert plain(facts["Another way, 2"]).endswith("proved minimal to 0.05 %")
    html = report_html(DOCUMENT)
    assert "Correction of row 3 in three features" in html


def test_a_name_that_ends_in_a_number_is_told_apart_from_the_value_behind_it() -> None:
    changed = Changed(name="way to image 6", before="0", after="0.5", unit="", change="+0.5", verb="raise")
    assert changed.words == "raise way to image 6: 0 → 0.5"
    assert replace(changed, name="duration", unit="months").words == "raise duration 0 → 0.5\u00a0months"
