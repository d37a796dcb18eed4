"""``corrie complexity`` against numpy, and its table."""

import json

import numpy as np
import pytest
from safetensors.torch import save_file

from core.session.files import open_document
from tests.app.cli.conftest import Corrie
from tests.app.cli.house import reader_weights


def measure(corrie: Corrie, house: object, *options: object, network: str = "reader.toml") -> dict[str, object]:
    ask = ("complexity", house / network, house / "digits.npz", "--draws", 3, "-o", "s.corrie.h5")  # type: ignore[operator]
    outcome = corrie(*ask, *options, "--json")
    assert outcome.status == 0, outcome.err
    return outcome.values


def test_norms_and_margins_are_those_of_the_weights(corrie: Corrie, house, own_folder) -> None:
    values = measure(corrie, house, "--samples", 30, "--test", house / "digits.npz")
    weights = {name: value.double().numpy() for name, value in reader_weights().items()}
    first, second = (np.linalg.norm(weights[name], 2) for name in ("1.weight", "3.weight"))
    assert [layer["spectral"] for layer in values["layers"]] == pytest.approx([first, second])
    assert values["measures"]["spectral_product"] == pytest.approx(np.log10(first * second))
    squared = {name: value**2 for name, value in weights.items()}
    hidden = squared["1.weight"] @ np.ones(64) + squared["1.bias"]
    assert values["path_norm"] == pytest.approx(np.sqrt((squared["3.weight"] @ hidden + squared["3.bias"]).sum()))
    with np.load(house / "digits.npz") as file:
        x, y = (file["x"][:30].astype(float) - 4.9) / 6.0, file["y"][:30]
    outputs = np.maximum(x.reshape(30, -1) @ weights["1.weight"].T + weights["1.bias"], 0) @ weights["3.weight"].T
    outputs += weights["3.bias"]
    others = np.where(np.eye(10, dtype=bool)[y], -np.inf, outputs).max(axis=1)
    assert values["margins"] == pytest.approx((outputs[np.arange(30), y] - others).tolist(), abs=1e-4)
    assert values["gap"] == 0
    assert len(values["rises"]) == 3
    item = open_document(own_folder / "s.corrie.h5").items[values["item"]]
    assert item.name == "Size and sharpness of Small reader"
    assert item.test_id
    json.dumps(values, allow_nan=False)


def test_without_a_test_set_there_is_no_gap_and_the_eigenvalue_can_be_left_out(corrie: Corrie, house) -> None:
    values = measure(corrie, house, "--samples", 20, "--no-eigenvalue")
    assert values["gap"] is None
    assert values["top_eigenvalue"] is None
    out = corrie("info", "s.corrie.h5").out
    assert "sharpness" in out
    assert "generalisation gap" not in out
    assert "top eigenvalue" not in out


def test_the_table_of_a_session_is_printed_for_people_and_for_machines(corrie: Corrie, house) -> None:
    other = house / "other.toml"
    other.write_text((house / "reader.toml").read_text().replace("reader.safetensors", "other.safetensors"))
    save_file({name: 2 * value for name, value in reader_weights().items()}, house / "other.safetensors")
    for network in ("reader.toml", "other.toml"):
        measure(corrie, house, "--samples", 20, "--test", house / "digits.npz", "--no-eigenvalue", network=network)
    out = corrie("complexity", "s.corrie.h5", "--table").out
    assert "Spearman" in out
    assert "2 networks with a gap: there is no order to compare" in out
    values = corrie("complexity", "s.corrie.h5", "--table", "--json").values
    assert len(values["networks"]) == 2
    assert values["correlations"]["sharpness"]["spearman"] is None
    assert corrie("export", "s.corrie.h5", "complexity", "--to", "table.csv").status == 0


def test_wrong_usage_is_explained(corrie: Corrie, house) -> None:
    assert corrie("complexity", house / "reader.toml").status == 2
    assert corrie("complexity", house / "reader.toml", house / "digits.npz", "--table").status == 2
    outcome = corrie("complexity", house / "reader.toml", house / "digits.npz", "--radius", 0)
    assert (outcome.status, "radius lies above 0" in outcome.err) == (1, True)
    outcome = corrie("complexity", house / "reader.toml", house / "digits.npz", "--test", "nowhere.npz")
    assert (outcome.status, "nowhere.npz" in outcome.err) == (1, True)


def test_a_resumed_measurement_is_the_one_that_was_stopped(corrie: Corrie, house) -> None:
    measure(corrie, house, "--samples", 20)
    ask = ("complexity", house / "reader.toml", house / "digits.npz", "--draws", 3, "--samples", 20)
    outcome = corrie(*ask, "--resume", "s.corrie.h5")
    assert outcome.status == 1
    assert "is complete" in outcome.err
