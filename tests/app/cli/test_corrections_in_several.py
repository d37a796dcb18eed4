"""``corrie corrections`` in several features, of a rejected applicant of the built-in data."""

from pathlib import Path

import pytest

from core.corrections.records.joint import JointCorrection
from core.data.builtin import examples_folder
from core.session.files import open_document
from tests.app.cli.conftest import Corrie

JUDGE = examples_folder() / "german_credit.toml"
ASK = ("corrections", JUDGE, "german-credit", "--row", 1)
THREE = "duration_in_month,credit_amount,savings_account_and_bonds"


def test_numbers_and_a_category_are_corrected_together_and_the_session_holds_all_of_it(
    corrie: Corrie, own_folder: Path
) -> None:
    ask = (*ASK, "--free", THREE, "--different", 2, "--seconds", 2, "-o", own_folder / "s.corrie.h5")
    values = corrie(*ask, "--json").values
    assert (values["kind"], values["status"], values["proof"], values["closed"]) == (
        "joint",
        "complete",
        "proved",
        True,
    )
    assert values["lower_bound"] <= values["distance"] <= values["lower_bound"] * 1.0011
    duration, _, savings = values["free"]
    assert (duration["unit"], duration["step"]) == ("months", 1.0)
    assert float(duration["correction"]).is_integer()
    assert savings["kind"] == "category"
    assert values["box"]["low"][0] <= duration["correction"] - 2
    assert values["rule"].endswith(": accepted, proved")
    ways = [values["change"], *(other["change"] for other in values["others"])]
    assert len(set(ways)) == 3
    costs = [values["distance"], *(other["distance"] for other in values["others"])]
    assert costs == sorted(costs)
    assert [scale for scale, _, _ in values["tradeoff"]] == [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0]
    for (_, lower, distance), one in zip(values["tradeoff"], values["along"], strict=True):
        assert (one["lower_bound"], one["distance"]) == (lower, distance)
    held = {one["name"]: one["holds_for"] for one in values["free"] if one["kind"] == "number"}
    assert values["along"][4]["holds_for"] == held
    (item,) = open_document(own_folder / "s.corrie.h5").results
    assert isinstance(item.result, JointCorrection)
    for ending in ("csv", "svg", "npz"):
        assert corrie("export", own_folder / "s.corrie.h5", item.id, "--to", own_folder / f"j.{ending}").status == 0
    shown = corrie("info", own_folder / "s.corrie.h5").out
    assert "duration_in_month" in shown


def test_the_best_two_of_many_features_are_chosen_and_proved_over_all_ways_to_choose(corrie: Corrie) -> None:
    free = "duration_in_month,credit_amount,savings_account_and_bonds,purpose,housing"
    values = corrie(*ASK, "--free", free, "--choose", 2, "--seconds", 5, "--json").values
    assert (values["closed"], values["most_changed"]) == (True, 2)
    changed = [one for one in values["free"] if one["correction"] != one["value"]]
    assert 1 <= len(changed) <= 2
    alone = [one for one in values["free"] if one["kind"] == "number" and one["correction"] == one["value"]]
    assert all(one["holds_for"] == 0 for one in alone)  # exactly known
    pairs = corrie(*ASK, "--free", free, "--pairs", "--json").values["pairs"]
    nearest = min(pair["distance"] for pair in pairs if pair["distance"] is not None)
    assert values["distance"] == pytest.approx(nearest, rel=2e-3)


def test_ranges_and_levels_hold(corrie: Corrie) -> None:
    ask = (*ASK, "--free", "duration_in_month,purpose", "--seconds", 3)
    values = corrie(*ask, "--range", "duration_in_month=30:72", "--levels", "purpose=car (used)", "--json").values
    assert values["free"][1]["correction"] == "car (used)"
    assert 32 <= values["free"][0]["correction"] <= 70
    none = corrie(*ask, "--range", "duration_in_month=60:72", "--levels", "purpose=radio/television", "--json").values
    assert (none["proof"], none["correction"]) == ("none_exists", None)
    words = corrie(*ask, "--range", "duration_in_month=60:72", "--levels", "purpose=radio/television").out
    assert "no stable correction exists within these ranges" in words


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--free", THREE, "--range", "credit_amount=5:0"), "nothing to choose"),
        (("--free", THREE, "--stability", "credit_amount=90000"), "does not fit into its range"),
        (("--free", THREE, "--stability", "savings_account_and_bonds=1"), "is a category and has none"),
        (("--free", THREE, "--levels", "savings_account_and_bonds=gold"), "is no level"),
        (("--free", THREE, "--levels", "purpose=business"), "no free category"),
        (("--free", f"{THREE},shoe_size"), "shoe_size"),
        (("--free", f"{THREE},age_in_years"), "marked as fixed"),
        (("--free", THREE, "--input", "purpose=holidays"), "is no level"),
        (("--free", THREE, "--choose", "4"), "cannot be changed"),
        (("--free", THREE, "--target", "bad"), "already judged"),
    ],
)
def test_what_cannot_be_meant_gets_a_sentence(corrie: Corrie, options: tuple[str, ...], words: str) -> None:
    assert words in corrie(*ASK, *options).sentence


def test_a_range_that_is_none_is_a_wrong_option(corrie: Corrie) -> None:
    outcome = corrie(*ASK, "--free", THREE, "--range", "credit_amount=5")
    assert outcome.status == 2
    assert "5:0" not in outcome.err
    assert "credit_amount=0:5" in outcome.err
