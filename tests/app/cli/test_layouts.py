"""`corrie export --layout`: several networks of a session in one figure or table."""

import csv
from pathlib import Path

from core.session.files import save_document
from tests.app.cli.conftest import Corrie
from tests.sweeps import spectrum_of, sweep, with_result


def test_a_layout_is_written_and_says_what_holds_and_what_is_missing(corrie: Corrie, own_folder: Path) -> None:
    document = sweep(measured=False)
    for place in range(4):
        document = with_result(document, f"network-{place}", spectrum_of(1.0 + place))
    save_document(document, own_folder / "sweep.corrie.h5")
    outcome = corrie("export", "sweep.corrie.h5", "--layout", "figure3", "--to", "spectra.png")
    assert (outcome.status, outcome.out.strip()) == (0, "spectra.png")
    assert "Missing: no spectrum of MLP 4 (batch 4) yet." in outcome.err
    assert "too few to say" in outcome.err
    assert (own_folder / "spectra.png").read_bytes().startswith(b"\x89PNG")


def test_only_the_networks_that_are_named_take_part(corrie: Corrie, own_folder: Path) -> None:
    save_document(sweep(), own_folder / "sweep.corrie.h5")
    asked = ("export", "sweep.corrie.h5", "MLP 0, run-1", "--layout", "figure3", "--to", "spectra.csv", "--json")
    values = corrie(*asked).values
    assert values["networks"] == ["MLP 0 (batch 8)", "MLP 1 (batch 16)"]
    assert values["missing"] == []
    rows = list(csv.DictReader((own_folder / "spectra.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["network"] for row in rows} == {"MLP 0", "MLP 1"}


def test_what_cannot_be_laid_out_is_explained_in_one_sentence(corrie: Corrie, own_folder: Path) -> None:
    save_document(sweep((8, 16), measured=False), own_folder / "sweep.corrie.h5")
    asked = ("export", "sweep.corrie.h5")
    assert "no network or training" in corrie(*asked, "nobody", "--layout", "twins", "--to", "a.png").sentence
    assert "Choose two" in corrie(*asked, "MLP 0", "--layout", "twins", "--to", "a.png").sentence
    assert "no numbers" in corrie(*asked, "--layout", "figure4", "--to", "a.csv").sentence
    assert "endings" in corrie(*asked, "--layout", "figure3", "--to", "a.npz").sentence
    assert corrie(*asked, "--layout", "figure9", "--to", "a.png").status == 2
