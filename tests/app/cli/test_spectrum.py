"""``corrie spectrum`` with everything it can be asked."""

import signal
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional

from app.cli.workbook import INTERRUPTED
from core.curvature.hessian import MatrixProduct
from core.data.builtin import open_builtin
from core.session.files import open_document
from tests.app.cli.conftest import Corrie

SAMPLES = 24
LAYERS = {"1": slice(0, 1040), "3": slice(1040, 1210)}


@pytest.fixture(scope="module")
def hessian(house: Path) -> np.ndarray:
    """Of the small reader on the first samples, every second derivative in float64."""
    weights = load_file(house / "reader.safetensors")
    digits = open_builtin("digits")
    inputs = torch.from_numpy((digits.x[:SAMPLES].reshape(SAMPLES, 64).astype(np.float64) - 4.9) / 6.0)
    labels = torch.from_numpy(digits.y[:SAMPLES])
    names = ("1.weight", "1.bias", "3.weight", "3.bias")
    shapes = [weights[name].shape for name in names]

    def loss(flat: torch.Tensor) -> torch.Tensor:
        parts = flat.split([shape.numel() for shape in shapes])
        first, shift, second, bias = (part.reshape(shape) for part, shape in zip(parts, shapes, strict=True))
        hidden = torch.relu(inputs @ first.T + shift)
        return functional.cross_entropy(hidden @ second.T + bias, labels)

    flat = torch.cat([weights[name].double().reshape(-1) for name in names])
    return np.asarray(torch.autograd.functional.hessian(loss, flat, vectorize=True))


@pytest.fixture
def ask(house: Path) -> tuple[object, ...]:
    return ("spectrum", house / "reader.toml", house / "digits.npz", "--samples", SAMPLES, "--top", 3)


def near(value: float, truth: float, error: float) -> bool:
    return abs(value - truth) <= 4 * error + 1e-5 * abs(truth)


def test_density_trace_and_layers_are_those_of_the_dense_hessian(
    corrie: Corrie, ask: tuple[object, ...], hessian: np.ndarray
) -> None:
    values = corrie(*ask, "--density", "--trace", "--layers", "--probes", 6, "--density-steps", 12, "--json").values
    assert near(values["trace"]["value"], float(np.trace(hessian)), values["trace"]["standard_error"])
    density = values["density"]
    assert (density["probes"], density["steps"], density["deflated"]) == (6, 12, 3)
    assert sum(density["weights"]) == pytest.approx(1)
    for row in values["layer_table"]:
        block = hessian[LAYERS[row["layer"]], LAYERS[row["layer"]]]
        own = np.linalg.eigvalsh(block)
        assert row["parameters"] == len(block)
        assert row["top_eigenvalue"] == pytest.approx(float(own[np.abs(own).argmax()]), rel=1e-4)
        assert near(row["trace"]["value"], float(np.trace(block)), row["trace"]["standard_error"])
    assert sum(row["share"] for row in values["layer_table"]) == pytest.approx(1)
    document = open_document(Path(values["session"]))
    (item,) = document.results
    assert item.result.trace.value == values["trace"]["value"]
    assert [row.layer for row in item.result.layer_table] == list(LAYERS)


@pytest.mark.parametrize(
    ("options", "place", "order"),
    [
        (("--only-layer", "3"), LAYERS["3"], lambda v: v[np.argsort(-np.abs(v))]),
        (("--only-layer", "1", "--only-layer", "3"), slice(0, 1210), lambda v: v[np.argsort(-np.abs(v))]),
        (("--weights-only", "--only-layer", "3"), slice(1040, 1200), lambda v: v[np.argsort(-np.abs(v))]),
        (("--end", "largest"), slice(0, 1210), lambda v: v[::-1]),
        (("--end", "smallest"), slice(0, 1210), lambda v: v),
        (("--end", "largest", "--only-layer", "1"), LAYERS["1"], lambda v: v[::-1]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_end_and_a_block_can_be_asked_for(
    corrie: Corrie, ask: tuple[object, ...], hessian: np.ndarray, options: tuple[str, ...], place: slice, order
) -> None:
    values = corrie(*ask, *options, "--json").values
    truth = order(np.linalg.eigvalsh(hessian[place, place]))[:3]
    assert values["eigenvalues"] == pytest.approx(list(truth), rel=1e-4)


def test_where_the_smallest_eigenvalues_are_zero_a_thousand_times_none_is_called_verified(
    corrie: Corrie, ask: tuple[object, ...], hessian: np.ndarray
) -> None:
    values = corrie(*ask, "--end", "smallest", "--only-layer", "1", "--json").values
    truth = np.linalg.eigvalsh(hessian[LAYERS["1"], LAYERS["1"]])
    assert np.abs(truth[:3]).max() < 1e-12
    assert np.abs(values["eigenvalues"]).max() < 1e-4 * truth[-1]
    assert not any(values["verified"])


@pytest.mark.parametrize("matrix", ["gauss-newton", "fisher"])
def test_other_matrices_are_named_as_such_and_have_no_negative_eigenvalues(
    corrie: Corrie, ask: tuple[object, ...], matrix: str
) -> None:
    values: Mapping[str, list[float]] = corrie(*ask, "--matrix", matrix, "--json").values
    assert values["matrix"] == matrix.replace("-", "_")
    assert min(values["eigenvalues"]) > 0
    out = corrie(*ask, "--matrix", matrix).out
    assert {"gauss-newton": "Gauss–Newton matrix", "fisher": "empirical Fisher matrix"}[matrix] in out


def test_the_summary_has_both_errors_and_a_line_for_every_layer(corrie: Corrie, ask: tuple[object, ...]) -> None:
    out = corrie(*ask, "--trace", "--layers", "--population", 1).out
    heads = next(line for line in out.splitlines() if line.startswith("eigenvalues"))
    for head in ("error ‖Hv − λv‖", "sampling ±", "over all 64", "verified"):
        assert head in heads
    assert "at least" in out
    rows = [line.split() for line in out.splitlines() if line.split()[:2] in (["1", "1040"], ["3", "170"])]
    assert [row[0] for row in rows] == ["1", "3"]
    assert float(rows[0][2]) > 0


def test_a_layer_that_does_not_exist_is_refused_with_those_that_do(corrie: Corrie, ask: tuple[object, ...]) -> None:
    assert "1, 3" in corrie(*ask, "--only-layer", "conv1").sentence


@pytest.mark.parametrize(
    "options", [("--probes", "0"), ("--density-steps", "1001"), ("--end", "middle"), ("--matrix", "kfac")], ids=str
)
def test_options_without_a_meaning_are_wrong_usage(
    corrie: Corrie, ask: tuple[object, ...], options: tuple[str, ...]
) -> None:
    outcome = corrie(*ask, *options)
    assert (outcome.status, outcome.out) == (2, "")
    assert options[0] in outcome.err


def test_what_a_session_lacks_is_added_to_the_eigenvectors_that_it_holds(
    corrie: Corrie, ask: tuple[object, ...], hessian: np.ndarray
) -> None:
    plain = corrie(*ask, "--json", "-o", "s.corrie.h5").values
    more = ("--density", "--layers", "--density-steps", 12, "--resume", "s.corrie.h5")
    added = corrie(*ask, *more, "--json").values
    assert (added["eigenvalues"], added["residuals"]) == (plain["eigenvalues"], plain["residuals"])
    assert added["verified"] == [True] * 3
    assert added["density"]["probes"] == 4
    assert [row["layer"] for row in added["layer_table"]] == list(LAYERS)
    assert "3 eigenpairs with their residuals and their audit were taken" in added["taken_over"]
    assert "known before" in corrie(*ask, *more, "--probes", 5).out
    assert "is complete" in corrie(*ask, *more).sentence
    wider = corrie(*ask, "--top", 5, "--resume", "s.corrie.h5", "--json").values
    truth = np.linalg.eigvalsh(hessian)
    assert wider["eigenvalues"] == pytest.approx(list(truth[np.argsort(-np.abs(truth))][:5]), rel=1e-4)
    assert len(open_document(Path("s.corrie.h5")).results) == 4


def stopped_after(products: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Ctrl-C come with that product."""
    plain = MatrixProduct.__call__

    def counted(self: MatrixProduct, vector: torch.Tensor) -> torch.Tensor:
        if self.products == products:
            signal.raise_signal(signal.SIGINT)
        return plain(self, vector)

    monkeypatch.setattr(MatrixProduct, "__call__", counted)


def test_a_search_that_ctrl_c_ends_is_gone_on_with_where_it_was(
    corrie: Corrie, ask: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = corrie(*ask, "--top", 6, "--json").values
    with monkeypatch.context() as change:
        stopped_after(12, change)
        outcome = corrie(*ask, "--top", 6, "-o", "s.corrie.h5")
    assert outcome.status == INTERRUPTED
    (item,) = open_document(Path("s.corrie.h5")).results
    assert item.result.status == "partial"
    assert item.result.begun.products == 12
    resumed = corrie(*ask, "--top", 6, "--resume", "s.corrie.h5", "--json").values
    assert resumed["item"] == item.id
    assert resumed["products"] == straight["products"] + 1
    assert resumed["eigenvalues"] == straight["eigenvalues"]
    assert all(resumed["verified"])
    assert "after 12 products" in resumed["taken_over"]
    (item,) = open_document(Path("s.corrie.h5")).results
    assert item.result.begun is None


def test_another_seed_is_another_search_and_has_nothing_to_resume(corrie: Corrie, ask: tuple[object, ...]) -> None:
    corrie(*ask, "-o", "s.corrie.h5")
    assert "holds no partial spectrum" in corrie(*ask, "--seed", 1, "--trace", "--resume", "s.corrie.h5").sentence
