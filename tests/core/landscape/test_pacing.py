"""A pace is of what the computation will do; nothing here depends on how fast the machine is."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.errors import Cancelled
from core.job import ControlledJob, JobContext
from core.landscape import pacing
from core.landscape.effort import Work
from core.landscape.pacing import Pace, measure_pace
from core.networks.network import fingerprint
from core.networks.pace import BATCH
from core.networks.pace import Pace as PlainPace
from tests.core.landscape.small import small_data, small_network

PACE = Pace(
    setup=2.0, point=0.1, sample=0.01, plain=PlainPace(batch=BATCH, sample=1.0), graph=3.0, product=5.0, search=7.0
)


def test_the_time_of_a_work_is_that_of_all_its_kinds() -> None:
    assert PACE.seconds(Work(setups=1, points=10, samples=100)) == pytest.approx(2 + 1 + 1)
    assert PACE.seconds(Work(passes=6)) == pytest.approx(6 * (1 + 1))
    assert PACE.seconds(Work(graphs=2, products=10, searches=1, differentiated=2)) == pytest.approx(6 + 50 + 7)


def test_graphs_that_memory_has_no_room_for_are_formed_at_every_product() -> None:
    """A point of 100 samples with 20 products; a quarter of the graphs stays, the others are formed 20 times."""
    work = Work(graphs=100, products=2000, differentiated=100)
    assert replace(PACE, room=100).seconds(work) == pytest.approx(3 * 100 + 5 * 2000)
    assert replace(PACE, room=25).seconds(work) == pytest.approx(3 * (25 + 75 * 20) + 5 * 2000)


@pytest.mark.parametrize("kind", ["mlp", "resnet", "program"])
def test_every_kind_of_work_is_timed_and_the_network_stays_as_it_was(kind: str) -> None:
    network = small_network(kind)
    for part in network.module.modules():
        part.training = True  # the statistics of normalisation must not move all the same
    modes = [part.training for part in network.module.modules()]
    pace = measure_pace(network, small_data(network), JobContext(), curvature=True)
    assert min(pace.setup, pace.point, pace.sample, pace.product, pace.search) > 0
    assert pace.graph >= 0
    assert pace.room > 37
    assert fingerprint(network.module.state_dict()) == network.sha256
    assert [part.training for part in network.module.modules()] == modes
    assert all(parameter.grad is None for parameter in network.module.parameters())


def test_a_point_is_timed_the_way_it_will_be_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The estimate is no guess from another way: what a point is said to take is what the replica took."""
    seconds = iter(range(1, 1000))

    def told(_clock: object, work: Callable[[], object], _repeats: int = 1) -> float:
        work()
        return float(next(seconds))

    monkeypatch.setattr(pacing._Clock, "slowness", lambda _clock: 1.0)
    monkeypatch.setattr(pacing._Clock, "fastest", told)
    network = small_network("resnet")
    pace = measure_pace(network, small_data(network), JobContext())
    assert pace.point == 1.0  # the first thing timed: putting the weights in place
    assert pace.sample == pytest.approx(2.0 / 37)  # the second: all samples there


def test_a_machine_that_is_busy_with_others_is_told_as_slower(monkeypatch: pytest.MonkeyPatch) -> None:
    network, data = small_network("mlp"), small_data(small_network("mlp"))
    monkeypatch.setattr(pacing._Clock, "fastest", lambda *_: 1.0)
    monkeypatch.setattr(pacing._Clock, "slowness", lambda _clock: 4.0)
    pace = measure_pace(network, data, JobContext())
    assert pace.point == 4.0


def test_measuring_stops_when_it_is_told_to() -> None:
    network = small_network("mlp")
    job = ControlledJob()
    job.cancel()
    with pytest.raises(Cancelled):
        measure_pace(network, small_data(network), job)
