"""``corrie corrections --pairs`` of a rejected applicant of the built-in data."""

from pathlib import Path

import pytest

from core.corrections.records.pairs import Pairs
from core.data.builtin import examples_folder
from core.session.files import open_document
from tests.app.cli.conftest import Corrie

JUDGE = examples_folder() / "german_credit.toml"
ASK = ("corrections", JUDGE, "german-credit", "--row", 1, "--pairs")
FREE = "credit_amount,duration_in_month,purpose,housing"


def test_all_pairs_of_some_features_are_ranked_for_people_and_machines(corrie: Corrie) -> None:
    values = corrie(*ASK, "--free", FREE, "--json").values
    assert (values["kind"], values["status"], values["verdict"]) == ("pairs", "complete", "bad")
    assert values["features"] == ["credit_amount", "duration_in_month", "purpose", "housing"]
    assert len(values["pairs"]) == 10
    known = [pair["distance"] for pair in values["pairs"] if pair["distance"] is not None]
    assert known == sorted(known)
    assert {pair["proof"] for pair in values["pairs"]} == {"proved", "none_exists"}
    best = values["pairs"][0]
    assert best["features"] == ["duration_in_month"]
    assert (best["value"], best["correction"]) == ([48.0], [8.0])
    (item,) = open_document(Path(values["session"])).results
    assert isinstance(item.result, Pairs)
    out = corrie(*ASK, "--free", FREE).out
    assert "duration in month alone" in out
    assert "48 → 8 months" in out.replace("\u00a0", " ")


def test_what_is_to_be_free_must_be_said_unless_all_pairs_are_asked_for(corrie: Corrie) -> None:
    outcome = corrie("corrections", JUDGE, "german-credit", "--row", 1)
    assert outcome.status == 2
    assert "--pairs" in outcome.err


@pytest.mark.parametrize(
    ("free", "words"), [("purpose", "Fewer than two features"), ("purpose,age_in_years", "marked as fixed")]
)
def test_features_that_make_no_pair_are_refused_in_a_sentence(corrie: Corrie, free: str, words: str) -> None:
    assert words in corrie(*ASK, "--free", free).sentence


@pytest.mark.parametrize("option", [("--choose", 2), ("--different", 1), ("--levels", "housing=own")])
def test_what_says_nothing_of_pairs_is_refused_beside_them(corrie: Corrie, option: tuple[str, object]) -> None:
    outcome = corrie(*ASK, "--pairs", *option)
    assert outcome.status == 2
    assert "leave out --choose" in outcome.err


def test_the_seconds_that_are_given_are_for_each_pair(corrie: Corrie) -> None:
    values = corrie(*ASK, "--free", "housing,duration_in_month", "--seconds", 7.5, "--json").values
    (item,) = open_document(Path(values["session"])).results
    assert isinstance(item.result, Pairs)
    assert item.result.request.seconds == 7.5
