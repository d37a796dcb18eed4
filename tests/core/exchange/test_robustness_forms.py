"""Robustness as figure, pictures of samples, table, arrays, facts and report: what was found, and how sure it is."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data.tables.features import Feature, FeatureCard
from core.errors import InvalidRequest
from core.exchange.export import export_result
from core.exchange.export_options import ExportOptions
from core.exchange.facts.robustness import robustness_facts
from core.exchange.figures.attacked_examples import attacked_examples_figure, shown_column
from core.exchange.figures.robustness import robustness_figure
from core.exchange.report.html import report_html
from core.exchange.subject import Subject
from core.exchange.tables.arrays import write_named
from core.exchange.tables.robustness import robustness_arrays, robustness_rows
from core.exchange.tables.rows import write_rows
from core.robustness.robustness import Robustness
from core.session.document import Document
from tests import documents
from tests.core.exchange.figures.test_figures import texts

SUBJECT = Subject(title="Under attack")
FOUND = documents.robustness()


def regression() -> Robustness:
    """Numbers are predicted: there are no verdicts."""
    assert FOUND.examples is not None
    cells, count = FOUND.accuracy.shape, len(FOUND.examples.row)
    examples = replace(
        FOUND.examples,
        target=np.ones((count, 1)),
        clean_prediction=np.full((count, 1), 1.25),
        prediction=np.full((*cells, count, 1), 2.5),
    )
    nothing = np.full(cells, np.nan)
    return replace(
        FOUND, accuracy=nothing, clean_accuracy=np.nan, right=None, clean_right=None, loss_unit="K²", examples=examples
    )


def pictures(*shape: int) -> Robustness:
    """Examples that are pictures of this shape."""
    assert FOUND.examples is not None
    numbers, cells = np.random.default_rng(0), FOUND.accuracy.shape
    original = numbers.uniform(0, 255, (4, *shape)).astype(np.float32)
    attacked = np.clip(original + numbers.normal(0, 20, (*cells, 4, *shape)), 0, 255).astype(np.float32)
    examples = replace(FOUND.examples, original=original, attacked=attacked)
    return replace(FOUND, examples=examples, range_low=np.zeros(1), range_high=np.full(1, 255.0))


def table_of(found: Robustness) -> tuple[list[str], list[list[str]]]:
    file = io.BytesIO()
    write_rows(robustness_rows(found), file)
    heads, *rows = csv.reader(io.StringIO(file.getvalue().decode("utf-8")))
    return heads, rows


def test_the_table_brings_back_every_number_with_its_unit_and_interval() -> None:
    heads, rows = table_of(FOUND)
    assert heads[:4] == ["attack", "measured by", "strength (range of the data)", "epsilon (range of the data)"]
    assert heads[4:] == [
        *("accuracy (0 to 1)", "accuracy low (95 %)", "accuracy high (95 %)", "loss (nats)"),
        "change (L2; range of the data)",
    ]
    assert rows[0][:5] == ["none", "", "0.0", "0.0", "1.0"]
    low, high = FOUND.interval
    for index, values in enumerate((FOUND.strength, None, FOUND.accuracy, low, high, FOUND.loss, FOUND.changed)):
        if values is not None:
            column = [float(row[2 + index]) for row in rows[1:]]
            np.testing.assert_array_equal(column, values.ravel())
    assert [row[0] for row in rows[1::3]] == ["FGSM", "L2GRAD", "FHSM"]
    assert [row[1] for row in rows[1::3]] == ["largest change", "L2 length", "largest change"]


def test_arrays_hold_verdicts_and_examples_too() -> None:
    file = io.BytesIO()
    write_named(robustness_arrays(FOUND), file)
    file.seek(0)
    with np.load(file, allow_pickle=False) as loaded:
        arrays = dict(loaded)
    assert FOUND.examples is not None
    np.testing.assert_array_equal(arrays["right"], FOUND.right)
    np.testing.assert_array_equal(arrays["examples/attacked"], FOUND.examples.attacked)
    np.testing.assert_array_equal(arrays["input_eigenvalues"], FOUND.input_eigenvalues)
    assert arrays["attacks"].tolist() == ["fgsm", "l2grad", "fhsm"]


def test_facts_say_how_sure_in_what_units_and_what_the_hessian_is_like() -> None:
    facts = dict(robustness_facts(FOUND, SUBJECT))
    assert facts["Samples as they are"].startswith("100 % right (98.1 % to 100 %), loss 0.12 nats")
    assert facts["FGSM"].count(" to ") == 3
    assert "at L2 0.0245" in facts["L2GRAD"]
    assert "right under every attack up to ε 0.2" in facts["Under all of them"]
    assert "the range of each of the 6 columns" in facts["Strengths"]
    assert "ε·√6" in facts["Strengths"]
    assert facts["Damping"] == "0.01 times each sample's largest eigenvalue"
    assert "no saddle points; exact, because the network is piecewise linear" in facts["Hessian in the input"]


def test_facts_do_not_say_exact_or_saddle_free_where_it_is_not_so() -> None:
    bent = replace(FOUND, piecewise_linear=False, smallest_input_eigenvalue=-1.0)
    words = dict(robustness_facts(bent, SUBJECT))["Hessian in the input"]
    assert "Gauss–Newton matrix" in words
    assert "saddle" not in words
    assert "exact" not in words


def test_the_figure_names_attacks_scales_and_intervals() -> None:
    said = texts(robustness_figure(FOUND, SUBJECT))
    for words in ("FGSM", "L2GRAD", "FHSM", "ε: largest change of one number", "L2 length of a change", "Wilson"):
        assert words in said
    only_signs = documents.robustness(("fgsm", "pgd"))
    assert "L2 length" not in texts(robustness_figure(only_signs, SUBJECT))


def test_a_partial_result_and_another_network_are_said() -> None:
    said = texts(robustness_figure(documents.robustness(status="partial"), SUBJECT))
    assert "PARTIAL" in said
    assert "are not computed yet" in said
    assert "made on Twin" in texts(robustness_figure(replace(FOUND, made_on="Twin"), SUBJECT))


def test_where_numbers_are_predicted_the_loss_is_drawn() -> None:
    said = texts(robustness_figure(regression(), SUBJECT))
    assert "mean loss (K²)" in said
    assert "accuracy (%)" not in said
    assert "numbers have no verdict to be turned" in said
    assert "loss" in dict(robustness_facts(regression(), SUBJECT))["FGSM"]


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 1), (8, 8, 3), (1, 8, 8), (3, 8, 8), (5, 6, 7)], ids=str)
def test_pictures_of_any_layout_are_drawn_with_their_verdicts(shape: tuple[int, ...]) -> None:
    said = texts(attacked_examples_figure(pictures(*shape), SUBJECT))
    for words in ("as they are", "added", "attacked", "FGSM", "class 1", "97 %"):
        assert words in said


@pytest.mark.parametrize("found", [FOUND, regression(), documents.robustness(status="partial")], ids=str)
def test_rows_of_a_table_are_drawn_as_changes(found: Robustness) -> None:
    said = texts(attacked_examples_figure(found, SUBJECT))
    assert "row 0" in said
    assert "column 5" in said
    assert "→" in said


def test_without_examples_the_figure_says_so() -> None:
    assert "No examples are kept" in texts(attacked_examples_figure(replace(FOUND, examples=None), SUBJECT))


def test_each_attack_is_shown_where_it_first_turns_half() -> None:
    accuracy = np.array([[0.9, 0.4, 0.1], [0.9, 0.8, 0.7], [np.nan] * 3])
    changed = np.where(np.isfinite(accuracy), 0.1, np.nan)
    found = replace(FOUND, accuracy=accuracy, changed=changed)
    assert [shown_column(found, row) for row in range(3)] == [1, 2, None]


@pytest.mark.parametrize("count", [1, 2, 40])
def test_any_number_of_strengths_is_drawn(count: int) -> None:
    strengths = np.geomspace(1e-3, 1, count)
    request = replace(FOUND.request, attacks=("fgsm",), epsilon=tuple(strengths.tolist()))
    cells = np.linspace(0.9, 0.1, count)[None]
    found = replace(
        FOUND, request=request, epsilon=strengths, length=2 * strengths, accuracy=cells, loss=cells, changed=cells,
        right=np.ones((1, count, 200), dtype=np.uint8), examples=None,
    )  # fmt: skip
    assert "FGSM" in texts(robustness_figure(found, SUBJECT))


def test_examples_are_exported_as_a_picture_and_asked_of_nothing_else(tmp_path: Path) -> None:
    document = documents.landscape_document()
    attacks, surface = document.items["robustness-0"], document.items["surface-0"]
    export_result(attacks, document, tmp_path / "e.png", ExportOptions(examples=True, dots_per_inch=50))  # type: ignore[arg-type]
    assert (tmp_path / "e.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InvalidRequest, match="holds no examples, only attacks do"):
        export_result(surface, document, tmp_path / "s.png", ExportOptions(examples=True))  # type: ignore[arg-type]
    with pytest.raises(InvalidRequest, match=r"A set of attacks cannot be written"):
        export_result(attacks, document, tmp_path / "a.vtk")  # type: ignore[arg-type]


def test_a_report_has_both_pictures() -> None:
    document = Document().with_item(documents.result_item(FOUND, "robustness-0", "Under attack"))
    page = report_html(document)
    assert "Figure of Under attack" in page
    assert "Examples of Under attack" in page
    bare = Document().with_item(documents.result_item(replace(FOUND, examples=None), "robustness-0", "Under attack"))
    assert "Examples of Under attack" not in report_html(bare)


def test_a_squared_error_is_told_in_the_unit_of_the_target_too() -> None:
    found = replace(regression(), clean_loss=6.25)
    assert "loss 6.25 K² (its root: 2.5 K)" in dict(robustness_facts(found, SUBJECT))["Samples as they are"]
    bare = replace(found, loss_unit="squared error")
    assert "root" not in dict(robustness_facts(bare, SUBJECT))["Samples as they are"]
    mixed = replace(found, loss_unit="(kg/m)²")
    assert "(its root: 2.5 kg/m)" in dict(robustness_facts(mixed, SUBJECT))["Samples as they are"]


def test_of_a_single_number_the_newton_direction_is_that_of_the_gradient() -> None:
    assert FOUND.input_eigenvalues is not None
    one = replace(regression(), input_eigenvalues=FOUND.input_eigenvalues[:, :1])
    assert "that of the gradient, whatever the damping" in dict(robustness_facts(one, SUBJECT))["Damping"]
    assert "gradient" not in dict(robustness_facts(FOUND, SUBJECT))["Damping"]


def test_columns_that_are_no_plain_numbers_are_said_and_named() -> None:
    card = FeatureCard(
        features=(
            Feature(name="age", kind="integer"),
            Feature(name="home", kind="category", levels=("own", "rent", "free")),
            Feature(name="income"),
            Feature(name="debt"),
        ),
        target="amount",
        classes=(),
    )
    dataset = replace(documents.dataset_item("data-0"), features=card)
    subject = Subject(title="Under attack", dataset=dataset)
    said = dict(robustness_facts(regression(), subject))["Columns"]
    assert "whole numbers are changed by fractions and every level of a category" in said
    assert "Columns" not in dict(robustness_facts(regression(), SUBJECT))
    drawn = texts(attacked_examples_figure(regression(), subject))
    for words in ("age", "home: own", "home: free", "debt", "at its strongest strength", "says of it, in K, as it is"):
        assert words in drawn
    assert "verdict" not in drawn


def test_large_losses_are_drawn_in_thousands_or_millions() -> None:
    large = replace(regression(), loss=regression().loss * 1e6, clean_loss=2e5)
    assert "mean loss (10⁶ K²)" in texts(robustness_figure(large, SUBJECT))
    assert "mean loss (K²)" in texts(robustness_figure(regression(), SUBJECT))
