"""What the analyses compute and print, against truth obtained apart from them."""

import re

import numpy as np
import pytest
import torch
from torch.nn import functional

from core.session.files import open_document
from tests.app.cli.conftest import Corrie
from tests.app.cli.house import reader_weights


def reader_loss(samples: int, house: object) -> float:
    """The loss of the small reader by plain torch in float64."""
    with np.load(house / "digits.npz") as file:  # type: ignore[operator]
        x, y = torch.from_numpy(file["x"][:samples]).double(), torch.from_numpy(file["y"][:samples])
    weights = {name: value.double() for name, value in reader_weights().items()}
    hidden = torch.relu(((x - 4.9) / 6.0).flatten(1) @ weights["1.weight"].T + weights["1.bias"])
    return float(functional.cross_entropy(hidden @ weights["3.weight"].T + weights["3.bias"], y))


def hessian_eigenvalues(samples: int, house: object) -> np.ndarray:
    """All of them, from the dense Hessian of torch.func in float64."""
    with np.load(house / "digits.npz") as file:  # type: ignore[operator]
        x, y = torch.from_numpy(file["x"][:samples]).double(), torch.from_numpy(file["y"][:samples])
    inputs, start = ((x - 4.9) / 6.0).flatten(1), reader_weights()
    sizes = [value.numel() for value in start.values()]

    def loss(flat: torch.Tensor) -> torch.Tensor:
        pieces = [p.reshape(v.shape) for p, v in zip(flat.split(sizes), start.values(), strict=True)]
        hidden = torch.relu(inputs @ pieces[0].T + pieces[1])
        return functional.cross_entropy(hidden @ pieces[2].T + pieces[3], y)

    flat = torch.cat([value.double().flatten() for value in start.values()])
    return np.linalg.eigvalsh(torch.autograd.functional.hessian(loss, flat).numpy())


def test_a_landscape_says_in_json_what_the_network_loses(corrie: Corrie, house, own_folder) -> None:
    outcome = corrie("landscape", house / "reader.toml", house / "digits.npz", "--grid", 5, "--samples", 20, "--json")
    assert (outcome.status, outcome.err) == (0, "")
    values = outcome.values
    assert values["centre_loss"] == pytest.approx(reader_loss(20, house), rel=1e-5)
    assert (values["status"], values["points"], values["evaluated"], values["holes"]) == ("complete", 25, 25, 0)
    assert (values["kind"], values["samples"], values["columns"], values["rows"]) == ("surface", 20, 5, 5)
    surface = open_document(own_folder / values["session"]).items[values["item"]].result
    assert values["lowest_loss"] == surface.loss.min()
    assert values["highest_loss"] == surface.loss.max()
    row, column = np.unravel_index(surface.loss.argmin(), surface.loss.shape)
    assert values["lowest_at"] == [surface.x[column], surface.y[row]]
    assert surface.loss[2, 2] == pytest.approx(values["centre_loss"], rel=1e-6)


def test_the_ranges_and_directions_are_those_asked_for(corrie: Corrie, house, own_folder) -> None:
    ask = ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 3, "--samples", 8, "-o", "s.corrie.h5")
    options = ("--range", -0.5, 0.25, "--norm", "layer", "--ignore", "none", "--seed", 9, "--limit", 4)
    assert corrie(*ask, *options).status == 0
    request = open_document(own_folder / "s.corrie.h5").results[0].result.request
    assert (request.x_range, request.y_range, request.display_limit) == ((-0.5, 0.25), (-0.5, 0.25), 4)
    assert (request.directions.norm, request.directions.ignore, request.directions.seed) == ("layer", "none", 9)


def test_a_landscape_is_summed_up_in_lines_that_say_what_and_where(corrie: Corrie, house) -> None:
    out = corrie("landscape", house / "reader.toml", house / "digits.npz", "--grid", 3, "--samples", 8).out
    facts = dict(re.split(r" {2,}", line, maxsplit=1) for line in out.splitlines())
    assert facts["result"] == "Surface of Small reader"
    assert facts["data"] == "digits, first 8 samples"
    assert facts["points"] == "9 of 9 evaluated (3 × 3)"
    number, unit = facts["loss"].split()[:2]
    assert float(number) == pytest.approx(reader_loss(8, house), rel=1e-5)
    assert unit == "nats"
    assert facts["session"] == "Small-reader.corrie.h5"
    assert facts["item"].startswith("surface-")


def test_a_spectrum_holds_the_eigenvalues_of_the_dense_hessian(corrie: Corrie, house) -> None:
    ask = ("spectrum", house / "reader.toml", house / "digits.npz", "--top", 3, "--samples", 16)
    values = corrie(*ask, "--json").values
    truth = hessian_eigenvalues(16, house)
    largest = truth[np.argsort(-np.abs(truth))[:3]]
    assert values["eigenvalues"] == pytest.approx(list(largest), rel=1e-4)
    assert values["verified"] == [True, True, True]
    assert values["missed"] == 0
    assert all(0 <= error <= 0.01 * abs(value) for error, value in zip(values["residuals"], largest, strict=True))


def test_a_spectrum_is_printed_as_a_table_with_errors(corrie: Corrie, house) -> None:
    out = corrie("spectrum", house / "reader.toml", house / "digits.npz", "--top", 2, "--samples", 16).out
    header, first, second = out.partition("eigenvalues")[2].splitlines()[:3]
    assert header.split("  ")[-1] == "verified"
    values = sorted((float(line.split()[1]) for line in (first, second)), key=abs, reverse=True)
    assert values[0] == float(first.split()[1])
    assert first.split()[0] == "1"
    assert first.split()[-1] == "yes"
    assert "2 of 2" in out


def test_a_correction_is_the_one_that_geometry_gives(corrie: Corrie, house) -> None:
    ask = ("corrections", house / "judge.toml", house / "corners.csv", "--row", 0, "--free", "width,height")
    values = corrie(*ask, "--stability", "width=.4,height=.5", "--weights", "width=1,height=2", "--json").values
    # Of the square of side 4, "no" is a square of 4, two strips of 2, and a triangle of 1/2.
    assert values["accepted_share"] == pytest.approx(7.5 / 16, abs=1e-6)
    assert [feature["correction"] for feature in values["free"]] == pytest.approx([1.4, -1], abs=1e-4)
    assert values["distance"] == pytest.approx(2.4, abs=1e-4)
    assert values["lower_bound"] == pytest.approx(2.4, abs=1e-4)
    assert (values["verdict"], values["target"], values["proof"]) == ("no", "yes", "proved")
    assert values["free"][0] | {"correction": None} == {
        "name": "width",
        "unit": "mm",
        "low": -2.0,
        "high": 2.0,
        "half_width": 0.4,
        "weight": 1.0,
        "value": -1.0,
        "correction": None,
    }
    assert values["row"] == 0
    curve = values["tradeoff"]
    assert (curve["unit"], curve["asked"]) == ([0.4, 0.5], True)
    assert curve["distance"][curve["stability"].index(1.0)] == pytest.approx(2.4, abs=1e-4)
    assert curve["stability"][-1] == pytest.approx(5 / 3, abs=1e-3)
    assert curve["none_beyond"] == pytest.approx(5 / 3, abs=1e-3)


def test_a_correction_is_printed_with_units_and_its_proof(corrie: Corrie, house) -> None:
    ask = ("corrections", house / "judge.toml", house / "corners.features.toml", "--free", "width,height")
    out = corrie(*ask, "--stability", "width=.4", "--weights", "width=1,height=2").out
    row = out.partition("correction     feature")[2].splitlines()[1]
    name, now, then, sign, stable, change, unit = row.split()
    assert (name, float(now), sign, float(stable), unit) == ("width", -1, "±", 0.4, "mm")
    assert float(then) == pytest.approx(1.4, abs=1e-3)
    assert float(change) == pytest.approx(2.4, abs=1e-3)
    assert 'verdict        "no"; wanted is "yes"' in out
    assert "proved: every point of the box is accepted" in out
    assert "stability      at most ±\u00a01.999\u00a0mm (4.999 times what was asked for)" in out
    assert "{" not in out


def test_the_point_of_departure_may_be_typed_in(corrie: Corrie, house, own_folder) -> None:
    ask = ("corrections", house / "judge.toml", house / "corners.csv", "--free", "width,height", "-o", "s.corrie.h5")
    assert corrie(*ask, "--input", "width=0.25,count=7,colour=green, dark").status == 0
    item = open_document(own_folder / "s.corrie.h5").results[0]
    assert item.result.request.input == (0.25, -1.0, 7.0, 0.0, 0.0, 1.0)
    assert item.result.request.row is None
    assert item.result.centre[0] == pytest.approx(1.0, abs=1e-4)
    # The data in the session are those of the file, not of the changed row.
    changed, plain = open_document(own_folder / "s.corrie.h5").datasets[0], corrie("info", "s.corrie.h5", "--json")
    assert corrie(*ask).status == 0
    assert [item.sha256 for item in open_document(own_folder / "s.corrie.h5").datasets] == [changed.sha256]
    assert plain.values["items"][2]["row"] is None


def test_a_typed_category_changes_the_verdict_as_it_should(corrie: Corrie, house) -> None:
    ask = ("corrections", house / "judge.toml", house / "corners.csv", "--free", "width,height")
    assert 'already judged "yes"' in corrie(*ask, "--input", "colour=blue").sentence


def test_no_stable_correction_is_said_to_be_proved(corrie: Corrie, house) -> None:
    ask = ("corrections", house / "judge.toml", house / "corners.csv", "--free", "width,height")
    outcome = corrie(*ask, "--stability", "width=2,height=2")
    assert outcome.status == 0
    assert "provably none in this slice" in outcome.out
    values = corrie(*ask, "--stability", "width=2,height=2", "--json").values
    assert (values["proof"], values["distance"]) == ("none_exists", None)
    assert [feature["correction"] for feature in values["free"]] == [None, None]


def test_holes_are_counted_and_explained_and_are_no_nan_in_json(corrie: Corrie, house) -> None:
    ask = ("landscape", house / "reader.toml", house / "digits.npz", "--grid", 3, "--samples", 8, "-o", "s.corrie.h5")
    outcome = corrie(*ask, "--range", -1e30, 1e30)
    assert outcome.status == 0
    assert "8 points without a finite loss: the network overflows there" in outcome.out
    values = corrie(*ask, "--range", -1e30, 1e30, "--json").values
    assert values["holes"] == 8
    assert values["lowest_loss"] == values["highest_loss"] == pytest.approx(reader_loss(8, house), rel=1e-5)
