"""The curvature of every layer against blocks of dense matrices."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from core.spectrum.engine import compute_spectrum
from core.spectrum.layers import layer_groups, layer_shares
from core.spectrum.spectrum import LayerCurvature, Spectrum, SpectrumRequest
from tests.core.spectrum import dense

ASKED = SpectrumRequest(top=3, layer_table=True, audit_products=0)
BLOCKS = {"relu": {"0": slice(0, 63), "2": slice(63, 93)}}
BLOCKS["tanh"] = BLOCKS["relu"]
BLOCKS["batchnorm"] = {"0": slice(0, 63), "1": slice(63, 81), "3": slice(81, 111)}


def assert_block(row: LayerCurvature, block: np.ndarray) -> None:
    values = np.linalg.eigvalsh(block)
    assert row.parameters == len(block)
    largest = dense.outermost(values, 1)[0]
    assert np.isclose(row.top_eigenvalue, largest, rtol=1e-5)
    assert np.abs(values - row.top_eigenvalue).min() <= row.residual + 1e-12 * abs(largest)
    assert row.residual <= 2e-3 * abs(largest)
    trace = float(np.trace(block))
    assert abs(row.trace.value - trace) <= 4 * row.trace.standard_error + 1e-5 * abs(largest)


@pytest.mark.parametrize("kind", ["relu", "tanh", "batchnorm"])
@pytest.mark.parametrize("matrix", ["hessian", "gauss_newton", "fisher"])
def test_every_layer_has_the_block_of_the_dense_matrix(matrix: str, kind: str) -> None:
    network, data = dense.network(kind), dense.data(90)
    found = compute_spectrum(replace(ASKED, matrix=matrix), network, data, JobContext())  # type: ignore[arg-type]
    whole = dense.DENSE[matrix](network, data)
    assert [row.layer for row in found.layer_table] == list(BLOCKS[kind])
    for row in found.layer_table:
        place = BLOCKS[kind][row.layer]
        assert_block(row, whole[place, place])


def test_shares_are_those_of_the_first_eigenvector() -> None:
    network, data = dense.network("batchnorm"), dense.data(90)
    found = compute_spectrum(ASKED, network, data, JobContext())
    vector = np.linalg.eigh(dense.hessian(network, data))[1][:, -1]
    for row in found.layer_table:
        assert np.isclose(row.share, float((vector[BLOCKS["batchnorm"][row.layer]] ** 2).sum()), atol=1e-4)
    assert np.isclose(sum(row.share for row in found.layer_table), 1)


def test_a_layer_of_few_parameters_has_an_exact_trace() -> None:
    network, data = dense.network("batchnorm"), dense.data(90)
    found = compute_spectrum(replace(ASKED, probes=40), network, data, JobContext())
    block = dense.hessian(network, data)[63:81, 63:81]
    row = next(row for row in found.layer_table if row.layer == "1")
    assert row.trace.standard_error == 0
    assert np.isclose(row.trace.value, np.trace(block), rtol=1e-5)


def test_more_probes_make_the_standard_error_of_a_trace_smaller() -> None:
    network, data = dense.network("relu"), dense.data(90)
    errors = [
        compute_spectrum(replace(ASKED, probes=probes), network, data, JobContext()).layer_table[0].trace.standard_error
        for probes in (1, 16)
    ]
    assert 0 < errors[1] < 0.7 * errors[0]


def test_a_layer_alone_gives_the_same_as_among_others() -> None:
    network, data = dense.network("relu"), dense.data(90)
    among = compute_spectrum(ASKED, network, data, JobContext()).layer_table[1]
    (alone,) = compute_spectrum(replace(ASKED, layers=("2",)), network, data, JobContext()).layer_table
    assert np.isclose(alone.top_eigenvalue, among.top_eigenvalue, rtol=1e-6)
    assert np.isclose(alone.trace.value, among.trace.value, rtol=1e-5)  # with the very same random vectors
    assert np.isclose(alone.trace.standard_error, among.trace.standard_error, rtol=1e-4)
    assert np.isclose(alone.share, 1)


def test_weights_alone_have_no_biases_in_their_layers() -> None:
    network, data = dense.network("batchnorm"), dense.data(90)
    found = compute_spectrum(replace(ASKED, weights_only=True), network, data, JobContext())
    assert [(row.layer, row.parameters) for row in found.layer_table] == [("0", 54), ("3", 27)]
    whole = dense.hessian(network, data)
    assert_block(found.layer_table[0], whole[:54, :54])
    assert_block(found.layer_table[1], whole[81:108, 81:108])


def test_parameters_of_one_module_belong_together_and_to_no_other() -> None:
    names = ["scale", "a.weight", "a.bias", "a.b.weight", "ab.weight"]
    assert layer_groups(names) == {"": [0], "a": [1, 2], "a.b": [3], "ab": [4]}
    shares = layer_shares(names, [1, 1, 1, 1, 1], torch.tensor([1.0, 2, 2, 4, 0]))
    assert np.allclose([shares[layer] for layer in ("", "a", "a.b", "ab")], np.array([1, 8, 16, 0]) / 25)
    assert all(np.isnan(share) for share in layer_shares(names, [1] * 5, None).values())


def test_a_layer_that_nothing_depends_on_is_flat() -> None:
    class Idle(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.idle = nn.Linear(6, 3), nn.Linear(40, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.used(x)

    found = compute_spectrum(ASKED, dense.named(Idle()), dense.data(30), JobContext())
    idle = found.layer_table[1]
    assert (idle.top_eigenvalue, idle.residual, idle.trace.value, idle.trace.standard_error) == (0, 0, 0, 0)
    assert abs(idle.share) < 1e-9


def test_layers_that_were_finished_stay_when_the_job_is_stopped_and_the_network_is_as_before() -> None:
    network, data = dense.network("batchnorm"), dense.data(60)
    network.module[0].weight.requires_grad_(False)
    before = [value.clone() for value in network.module.state_dict().values()]
    snapshots: list[Spectrum] = []
    seen = 0

    def stop(_done: int, _total: int, text: str) -> None:
        nonlocal seen
        seen += text.startswith("layer 2")
        if seen == 3:
            job.cancel()

    job = ControlledJob(on_partial=snapshots.append, on_progress=stop)  # type: ignore[arg-type]
    with pytest.raises(Cancelled):
        compute_spectrum(ASKED, network, data, job)
    assert [row.layer for row in snapshots[-1].layer_table] == ["0"]
    assert snapshots[-1].status == "partial"
    after = network.module.state_dict().values()
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))
    flags = [parameter.requires_grad for parameter in network.module.parameters()]
    assert flags == [False, True, True, True, True, True]
    assert all(parameter.grad is None for parameter in network.module.parameters())
