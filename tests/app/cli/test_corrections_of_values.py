"""``corrie corrections`` of a network that predicts a number: a station whose pressure falls short at five o'clock."""

from pathlib import Path

import numpy as np
import pytest

from core.session.files import open_document
from tests.app.cli.conftest import Corrie
from tests.pumping import build_station, simulated


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build_station(tmp_path_factory.mktemp("station"))


@pytest.fixture(scope="module")
def short_row() -> int:
    """The row of the afternoon peak with the least pressure."""
    x, y = simulated()
    afternoon = np.flatnonzero(np.abs(x[:, 3] - 17) <= 1)
    return int(afternoon[y[afternoon].argmin()])


def test_pressure_that_falls_short_is_corrected_by_the_least_stable_change_of_settings(
    corrie: Corrie, station: tuple[Path, Path], short_row: int
) -> None:
    ask = ("corrections", *station, "--row", short_row, "--free", "speed,valve", "--at-least", 3.5)
    values = corrie(*ask, "--json").values
    assert values["verdict"] < 3.5
    assert (values["wanted"], values["at_least"], values["at_most"]) == ("at least 3.5 bar", 3.5, None)
    assert (values["target"], values["proof"]) == (None, "proved")
    speed, valve = (feature["correction"] for feature in values["free"])
    assert speed - 15 >= 1100 - 1e-6
    assert valve + 2 <= 100 + 1e-6
    (item,) = open_document(Path(values["session"])).results
    assert item.result.value == pytest.approx(values["verdict"])
    assert item.result.request.wanted.at_least == 3.5
    out = corrie(*ask).out
    assert "wanted is at least 3.5 bar" in out
    assert "proved: every point of the box is accepted" in out


def test_a_band_of_pressures_can_be_asked_for_and_exported(
    corrie: Corrie, station: tuple[Path, Path], short_row: int, own_folder: Path
) -> None:
    ask = ("corrections", *station, "--row", short_row, "--free", "speed,demand", "--at-least", 3.5, "--at-most", 4)
    values = corrie(*ask, "-o", own_folder / "s.corrie.h5", "--json").values
    assert values["wanted"] == "between 3.5 and 4 bar"
    for ending in ("csv", "svg"):
        target = own_folder / f"correction.{ending}"
        assert corrie("export", own_folder / "s.corrie.h5", values["item"], "--to", target).status == 0
        text = target.read_text(encoding="utf-8")
        assert "wanted at least,,,,,,3.5" in text if ending == "csv" else "between 3.5 and 4" in text


def test_the_norm_of_the_change_can_be_chosen_and_the_answer_has_a_rule(
    corrie: Corrie, station: tuple[Path, Path], short_row: int
) -> None:
    ask = ("corrections", *station, "--row", short_row, "--free", "speed,valve", "--at-least", 3.5, "--norm")
    found = {norm: corrie(*ask, norm, "--json").values for norm in ("L1", "l2", "Linf")}
    assert [values["norm"] for values in found.values()] == ["L1", "L2", "Linf"]
    far = [values["distance"] for values in found.values()]
    assert far == sorted(far, reverse=True)  # the sum is never less than the length, nor that than the largest part
    for values in found.values():
        assert values["rule"].endswith(": accepted, proved")
        assert values["largest_box"]["proof"] == "proved"
        assert 0 < values["triangle"]["share"] <= 1
    out = corrie(*ask, "L2").out
    assert "weighted L2" in out
    assert "rule" in out


def test_limits_that_cannot_be_meant_get_a_sentence(corrie: Corrie, station: tuple[Path, Path]) -> None:
    ask = ("corrections", *station, "--row", 0, "--free", "speed,valve")
    assert "at least or at most" in corrie(*ask).sentence
    assert "has no classes" in corrie(*ask, "--target", "good").sentence
    assert "already judged" in corrie(*ask, "--at-least", -50).sentence
    assert "smaller one first" in corrie(*ask, "--at-least", 4, "--at-most", 3).sentence
