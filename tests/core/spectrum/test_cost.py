"""What a spectrum takes is foretold by one count, which real computations are held against."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from core.job import ControlledJob, JobContext
from core.spectrum.cost import FORMING, Cost, Done, done_by, pairs_over_all, spectrum_cost
from core.spectrum.engine import compute_spectrum
from core.spectrum.progress import Portions
from core.spectrum.spectrum import SpectrumRequest
from tests import documents
from tests.core.spectrum import dense

REQUEST = SpectrumRequest(top=6)


def test_a_real_spectrum_takes_what_was_foretold() -> None:
    request = replace(REQUEST, density=True, density_steps=10, probes=3)
    cost = spectrum_cost(request, 2, 0.0)
    torch.manual_seed(0)
    network = dense.named(nn.Sequential(nn.Linear(6, 9), nn.Tanh(), nn.Linear(9, 9), nn.ReLU(), nn.Linear(9, 3)))
    found = compute_spectrum(request, network, dense.data(), JobContext())
    searched = found.products - 3 * 10 - request.top - request.audit_products
    assert spectrum_cost(request, 2, 0.0, least=True).search <= searched <= cost.search
    assert cost.density == 3 * 10
    assert cost.audit == request.audit_products


def test_the_parts_of_the_bar_are_as_large_as_what_they_take() -> None:
    reached: list[int] = []
    cost = Cost(search=10, judging=20, audit=10, density=40, table=15, population=5)
    portions = Portions(cost, ControlledJob(on_progress=lambda done, *_: reached.append(done)))
    for part in (portions.pairs, portions.density, portions.table, portions.population):
        part.progress(1, 1, "a part")
    assert reached == [40, 80, 95, 99]  # the last comes with the result


def test_what_is_known_is_done() -> None:
    known = documents.whole_spectrum(8)
    assert done_by(None, REQUEST) == Done()
    assert done_by(known, known.request) == Done(
        pairs=8, audited=True, probes=3, traced=True, layers=len(known.layer_table)
    )
    more = done_by(known, replace(known.request, top=12))
    assert (more.pairs, more.audited, more.probes, more.traced) == (8, False, 0, False)
    cost = spectrum_cost(replace(known.request, top=12), 10, 0.0, more)
    assert cost.search < spectrum_cost(replace(known.request, top=12), 10, 0.0).search
    assert cost.audit == known.request.audit_products


@pytest.mark.parametrize(
    ("asked", "beyond", "spent", "count"),
    [(None, 7.0, 100.0, 3), (None, 40.0, 100.0, 0), (None, 25.0, 100.0, 2), (5, 1000.0, 0.0, 5), (9, 1.0, 1.0, 6)],
)
def test_as_many_pairs_are_taken_over_all_samples_as_take_no_more_than_all_before(
    asked: int | None, beyond: float, spent: float, count: int
) -> None:
    request = replace(REQUEST, population_pairs=asked)
    assert pairs_over_all(request, 6, beyond, spent) == count
    if asked is None and count:
        assert (count + FORMING) * beyond <= spent


def test_no_samples_beyond_are_no_work() -> None:
    assert spectrum_cost(REQUEST, 1, 0.0).population == 0
    assert spectrum_cost(replace(REQUEST, population_pairs=2), 1, 0.0).population == 0
