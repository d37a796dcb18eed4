"""``corrie cases`` on the built-in applicants."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from core.data.builtin import examples_folder
from tests.app.cli.conftest import Corrie

JUDGE = examples_folder() / "german_credit.toml"
ASK = ("german-credit", "--free", "duration_in_month,credit_amount", "--samples", 40)


@pytest.fixture
def milder(tmp_path: Path) -> Path:
    """The built-in judge, a little fonder of applicants."""
    weights = load_file(examples_folder() / "german_credit.safetensors")
    last = max(name for name in weights if name.endswith("bias"))
    weights[last] = weights[last] + np.array([0.0, 0.8], weights[last].dtype)
    save_file(weights, tmp_path / "milder.safetensors")
    text = JUDGE.read_text(encoding="utf-8")
    text = text.replace("german_credit.safetensors", "milder.safetensors").replace("Judge of credit", "Milder judge of")
    (tmp_path / "milder.toml").write_text(text, encoding="utf-8")
    return tmp_path / "milder.toml"


def test_all_rejected_applicants_are_corrected_in_their_own_units(corrie: Corrie, own_folder: Path) -> None:
    values = corrie("cases", JUDGE, *ASK, "-o", "s.corrie.h5", "--json").values
    assert values["looked_at"] == 40
    assert values["rejected"] == len(values["cases"]) == 40 - values["accepted"]
    assert values["outcomes"]["proved"] == values["corrected"] > 0
    assert [one["unit"] for one in values["free"]] == ["months", "DM"]
    for case in values["cases"]:
        assert case["verdict"] == "bad"
        if case["outcome"] == "proved":
            assert case["distance"] >= case["lower_bound"]
            assert case["box_low"][0] <= case["correction"]["duration_in_month"] <= case["box_high"][0]
    covered = {row for rule in values["rules"] for row in rule["rows"]}
    assert covered <= {case["row"] for case in values["cases"] if case["outcome"] == "proved"}
    assert covered
    out = corrie("info", own_folder / "s.corrie.h5").out
    assert "corrected, proved" in out
    assert "rule 1" in out


def test_several_networks_are_tried_on_one_another_and_stand_in_one_table(
    corrie: Corrie, milder: Path, own_folder: Path
) -> None:
    ask = ("cases", JUDGE, *ASK, "--rules", 0, "--also", milder)
    values = corrie(*ask, "-o", "s.corrie.h5", "--json").values
    (also,) = values["also"]
    assert list(values["held_under"]) == [also["network_sha256"]]
    assert values["held_under"][also["network_sha256"]]["boxes"] == values["corrected"]  # a milder judge accepts more
    assert also["held_under"][values["network_sha256"]]["boxes"] < also["corrected"]
    out = corrie("cases", "s.corrie.h5", "--table").out
    assert "Milder judge of" in out
    assert "100 %" in out
    (table,) = corrie("cases", "s.corrie.h5", "--table", "--json").values["tables"]
    assert [one["rejected"] for one in table["networks"]] == [values["rejected"], also["rejected"]]
    assert corrie("export", "s.corrie.h5", "cases", "--to", "t.csv").status == 0
    assert (own_folder / "t.csv").read_text(encoding="utf-8").count("\n") == 3
    again = corrie(*ask, "--resume", "s.corrie.h5")
    assert again.status == 1
    assert "complete" in again.err


def test_what_cannot_be_asked_is_told_in_a_sentence(corrie: Corrie) -> None:
    for options, words in (
        ((), "--free"),
        (("--free", "wealth"), "no feature"),
        (("--free", "age_in_years"), "fixed"),
        (("--free", "credit_amount", "--stability", "wealth=1"), "not free"),
        (("--free", "credit_amount", "--rows", "a"), "no list of rows"),
        (("--free", "credit_amount", "--rows", "5000"), "no row 5000"),
        (("--free", "credit_amount", "--at-least", "3"), "class, not a number"),
        (("--free", "credit_amount", "--also", JUDGE), "the same"),
    ):
        outcome = corrie("cases", JUDGE, "german-credit", *options)
        assert outcome.status in (1, 2)
        assert words in outcome.err
    assert "no table of cases" in corrie("cases", _plain_session(corrie), "--table").err


def _plain_session(corrie: Corrie) -> str:
    corrie(
        "corrections",
        JUDGE,
        "german-credit",
        "--row",
        18,
        "--free",
        "duration_in_month,credit_amount",
        "-o",
        "p.corrie.h5",
    )
    return "p.corrie.h5"
