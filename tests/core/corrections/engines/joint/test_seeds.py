"""Seeds for a search: the exact nearest stable centres of slices of two features."""

import itertools

import numpy as np
import pytest

from core.corrections.engines.joint.seeds import pair_seeds
from core.corrections.engines.slice import compute_correction
from core.corrections.records.correction import CorrectionRequest, FreeFeature
from core.corrections.records.goal import Goal
from core.corrections.records.subspace import Subspace
from core.corrections.search.nearest import nearest_stable
from core.corrections.search.question import Handle, Question
from core.job import ControlledJob, JobContext
from tests.core.corrections.examples import network_of, random_network


@pytest.mark.parametrize("seed", [1, 3])
def test_a_seed_is_the_nearest_stable_correction_of_its_slice_and_the_search_never_does_worse(seed: int) -> None:
    plain = random_network((4, 10, 10, 2), seed)
    network = network_of(plain)
    start = np.random.default_rng(seed).uniform(-0.3, 0.3, 4)
    target = 1 - int(plain.forward(start[None])[0].argmax())
    handles = tuple(Handle(low=-1.0, high=1.0, half_width=0.05, weight=0.5, name=str(n)) for n in range(3))
    space = Subspace.of_columns(start, (0, 1, 2))
    question = Question(subspace=space, start=start[:3], handles=handles, goal=Goal(classes=(target,)))
    seeds = list(pair_seeds(question, (0, 1, 2), plain, JobContext(), 30.0))
    exact = []
    for pair in itertools.combinations(range(3), 2):
        x, y = (FreeFeature(name=str(n), low=-1.0, high=1.0, half_width=0.05) for n in pair)
        request = CorrectionRequest(input=tuple(start.tolist()), free=(x, y), columns=pair, target=target)
        found = compute_correction(request, network, "", JobContext())
        if found.centre is not None:
            exact.append((pair, found.centre))
    assert len(seeds) == len(exact)
    for (point, levels), (pair, centre) in zip(seeds, exact, strict=True):
        np.testing.assert_allclose(point[list(pair)], centre, atol=1e-6)  # the network of torch is in float32
        assert levels == ()
    *_, last = nearest_stable(question, plain, ControlledJob(deadline=60), seeds=seeds)
    *_, plainly = nearest_stable(question, plain, ControlledJob(deadline=60))
    assert last.closed
    assert plainly.closed
    if last.distance is not None:
        assert last.distance == pytest.approx(plainly.distance, rel=2.1e-3)


def test_a_slice_that_takes_too_long_is_passed_over_and_a_stopped_job_is_not() -> None:
    plain = random_network((3, 40, 40, 40, 2), 0)
    start = np.zeros(3)
    target = 1 - int(plain.forward(start[None])[0].argmax())
    handles = tuple(Handle(low=-1.0, high=1.0, weight=0.5, name=str(n)) for n in range(3))
    space = Subspace.of_columns(start, (0, 1, 2))
    question = Question(subspace=space, start=start, handles=handles, goal=Goal(classes=(target,)))
    assert list(pair_seeds(question, (0, 1, 2), plain, JobContext(), 1e-6)) == []
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Exception, match="stopped"):
        next(pair_seeds(question, (0, 1, 2), plain, job, 30.0))
