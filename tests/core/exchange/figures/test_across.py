"""Layouts across networks in files: figures that hold their words, tables with every number."""

import csv
from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidRequest
from core.exchange.export import export_layout
from core.exchange.layouts.laying_out import lay_out
from core.exchange.layouts.picture import ordered_colours
from tests import documents
from tests.sweeps import attacks_of, curve_of, spectrum_of, sweep, with_result


def test_a_layout_is_drawn_with_its_names_verdict_and_what_is_missing(tmp_path: Path) -> None:
    document = sweep(measured=False)
    for place, top in enumerate((3.0, 1.0, 2.0)):
        document = with_result(document, f"network-{place}", spectrum_of(top))
    export_layout(lay_out("figure3", document), tmp_path / "layout.svg")
    words = (tmp_path / "layout.svg").read_text(encoding="utf-8")
    for expected in (
        "MLP 0 (batch 8)",
        "Spearman",
        "Missing: no spectrum of MLP 4 (batch 4) yet",
        "batch size (samples)",
    ):
        assert expected in words


@pytest.mark.parametrize("kind", ["figure3", "figure4", "figure5", "twins"])
def test_every_layout_is_drawn_whether_or_not_anything_is_computed(kind: str, tmp_path: Path) -> None:
    bare = sweep((8, 16), measured=False)
    full = bare
    for place in (0, 1):
        for result in (spectrum_of(4.0), curve_of(4.0), attacks_of(0.5), documents.surface()):
            full = with_result(full, f"network-{place}", result)
    sizes = []
    for name, document in (("bare", bare), ("full", full)):
        export_layout(lay_out(kind, document), tmp_path / f"{name}.png")
        sizes.append((tmp_path / f"{name}.png").stat().st_size)
    assert sizes[1] > sizes[0] or kind == "figure5"


def test_the_table_of_spectra_has_one_row_for_each_eigenvalue(tmp_path: Path) -> None:
    export_layout(lay_out("figure3", sweep((8, 16))), tmp_path / "layout.csv")
    rows = list(csv.DictReader((tmp_path / "layout.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 16
    assert float(rows[0]["eigenvalue"]) == pytest.approx(8.0)
    assert {row["batch_size"] for row in rows} == {"8.0", "16.0"}


def test_nothing_to_write_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="no numbers to write yet: no spectrum"):
        export_layout(lay_out("figure3", sweep((8, 16), measured=False)), tmp_path / "layout.csv")
    with pytest.raises(InvalidRequest, match="Train or open"):
        export_layout(lay_out("figure5", documents.document()), tmp_path / "layout.png")
    with pytest.raises(InvalidRequest, match="endings"):
        export_layout(lay_out("figure3", sweep((8, 16))), tmp_path / "layout.npz")
    assert list(tmp_path.iterdir()) == []


def test_colours_grow_lighter_in_order_and_stand_out_from_paper() -> None:
    for count in (0, 1, 2, 5, 9):
        lights = [_luminance(colour) for colour in ordered_colours(count)]
        assert len(set(ordered_colours(count))) == count
        assert lights == sorted(lights)
        assert max(lights, default=0.0) <= 1.05 / 3.0 - 0.05 + 0.002  # WCAG 2.1: a contrast of 3 with white


def _luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
