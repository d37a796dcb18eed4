"""How long it will take is said in words, once the pace is measured, and never holds anybody up."""

import threading
from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.actions.estimating import Paces
from app.jobs.foretelling import estimate_words
from core.job import JobContext
from core.landscape.effort import Effort, Work, effort_of
from core.landscape.pacing import Pace
from core.landscape.surface import SurfaceRequest
from core.networks.card import InputCard
from core.networks.pace import Pace as PlainPace
from core.session.document import DatasetItem, NetworkItem
from tests.documents import dataset_item, network_item


def pace(sample: float, setup: float = 0.0, point: float = 0.0) -> Pace:
    return Pace(setup=setup, point=point, sample=sample, plain=PlainPace(batch=0.0, sample=sample))


MILLISECOND = pace(1e-3)


def even(units: int, each: float) -> Effort:
    work = Work(samples=each)
    return Effort(units=units, unit="points", each=work, least=work.times(units), most=work.times(units))


def test_a_short_computation_takes_a_few_seconds() -> None:
    assert estimate_words(even(51, 10), MILLISECOND) == "A few seconds on this machine: 51 points at 10 ms each."


def test_minutes_are_told_with_the_points_and_the_time_of_one() -> None:
    assert estimate_words(even(600, 1000), MILLISECOND) == "About 10 min on this machine: 600 points at 1 s each."


def test_an_adaptive_surface_is_told_as_a_range() -> None:
    words = estimate_words(effort_of(SurfaceRequest(method="adaptive"), samples=256), pace(4e-4))
    assert words == (
        "10 s to 4 min on this machine: 2,601 points at 102 ms each if all are needed, fewer where the plane is smooth."
    )


def test_hours_are_warned_of_with_what_to_do() -> None:
    words = estimate_words(even(2601, 50_000), MILLISECOND)
    assert words.startswith("⚠ About 36 h on this machine")
    assert "Fewer samples or points" in words


def test_what_comes_before_the_first_point_is_no_part_of_a_point() -> None:
    words = estimate_words(effort_of(SurfaceRequest(columns=11, rows=11), samples=8), pace(1e-3, setup=60, point=0.002))
    assert words == "About 60 s on this machine: 121 points at 10 ms each."


def test_a_pace_is_measured_once_and_then_known(qtbot: QtBot) -> None:
    asked: list[str] = []

    def measure(network: NetworkItem, data: DatasetItem, curvature: bool, job: JobContext) -> Pace:  # noqa: FBT001
        asked.append(network.id + " and its curvature" * curvature)
        return MILLISECOND

    paces = Paces(measure)
    network, data = network_item(), dataset_item()
    with qtbot.waitSignal(paces.measured):
        paces.ask(network, data)
        assert paces.of(network, data) is None
    assert paces.of(network, data) == MILLISECOND
    paces.ask(network, data)
    qtbot.wait(600)
    assert asked == [network.id]
    with qtbot.waitSignal(paces.measured):
        paces.ask(network, data, curvature=True)
    assert asked == [network.id, f"{network.id} and its curvature"]
    paces.deleteLater()


def test_what_is_no_longer_shown_is_stopped(qtbot: QtBot) -> None:
    begun, stopped = threading.Event(), threading.Event()

    def measure(network: NetworkItem, data: DatasetItem, curvature: bool, job: JobContext) -> Pace:  # noqa: FBT001
        begun.set()
        try:
            while True:
                job.check()
                stopped.wait(0.005)
        finally:
            stopped.set()

    paces = Paces(measure)
    paces.ask(network_item(), dataset_item())
    qtbot.waitUntil(begun.is_set)
    paces.forget()
    assert stopped.wait(5)
    paces.deleteLater()


def test_data_that_the_network_does_not_take_leave_the_form_without_an_estimate(qtbot: QtBot) -> None:
    wrong = replace(network_item(), card=replace(network_item().card, input=InputCard(shape=(5,))))
    paces = Paces()
    with qtbot.waitSignal(paces.measured, timeout=30_000):
        paces.ask(wrong, dataset_item())
    assert paces.of(wrong, dataset_item()) is None
    paces.deleteLater()


def test_the_real_stopwatch_times_a_real_network(qtbot: QtBot) -> None:
    paces = Paces()
    with qtbot.waitSignal(paces.measured, timeout=30_000):
        paces.ask(network_item(), dataset_item())
    found = paces.of(network_item(), dataset_item())
    assert found is not None
    assert found.seconds(Work(points=1, samples=1)) > 0
    paces.deleteLater()
