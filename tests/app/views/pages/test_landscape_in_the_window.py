"""From a training to its way through a plane, with the surface under it and its convexity: all of it computed here."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.actions.training import TrainingTask
from core.landscape.convexity import Convexity, ConvexityRequest
from core.landscape.curve import Curve, CurveRequest
from core.landscape.initialisation import InitialisationRequest
from core.landscape.plane import NetworkDirections
from core.landscape.surface import Surface
from core.landscape.trajectory import TrajectoryRequest
from core.session.document import RunItem
from tests.app.views.conftest import Driver
from tests.app.views.tiny_training import tiny_tasks


def trained(driver: Driver, seeds: tuple[int, ...] = (0,)) -> list[RunItem]:
    """Runs of a tiny network on the digits, with a checkpoint of every epoch."""
    driver.trigger("open.digits")
    driver.wait(lambda: len(driver.document.datasets) == 1)
    (task, *_) = tiny_tasks(Random(1), driver.document.datasets)
    for seed in seeds:
        name = f"Tiny {seed}"
        request = replace(task.request, epochs=4, learning_rate=0.05, seed=seed, name=name, checkpoint_every=1)
        driver.window.desk.trainings.submit(TrainingTask(request=request, data=task.data))
    driver.wait_for_jobs()
    return list(driver.document.runs)


def compute(driver: Driver, request, run: RunItem, **more: str) -> str:
    item_id = driver.window.desk.computations.submit(request, run.network_id, run.dataset_id, **more)
    driver.wait_for_jobs()
    assert driver.window.banner.text == ""
    return item_id


@pytest.mark.slow
def test_a_trajectory_gets_the_surface_of_its_plane_by_its_own_button(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.views.pages.plane_requests.POINTS", 5)
    monkeypatch.setattr("app.views.pages.plane_requests.CURVATURE_POINTS", 3)
    (run,) = trained(driver)
    way_id = compute(driver, TrajectoryRequest(samples=32), run, run_id=run.id)
    driver.window.pages.open_page(way_id)
    page = driver.window.area.page(way_id)
    assert np.isfinite(page.way.trajectory.loss).all()
    assert page.offer.isVisible()
    driver.qtbot.mouseClick(page.findChild(QPushButton, f"trajectory.offer.{way_id}.button"), Qt.MouseButton.LeftButton)
    driver.wait_for_jobs()
    assert driver.window.banner.text == ""
    (surface,) = [item for item in driver.results() if isinstance(item.result, Surface)]
    assert surface.result.directions.fingerprint == page.way.trajectory.directions.fingerprint
    assert page.way.surface is surface.result
    assert not page.offer.isVisible()
    # The last checkpoint is the network: there, and only there, the plane is certain to have the checkpoint's loss.
    own = page.way.trajectory.loss[-1]
    assert surface.result.centre_loss == pytest.approx(own, rel=1e-5)
    driver.window.pages.open_page(surface.id)
    under = driver.window.area.page(surface.id)
    assert under.overlays.trajectory is page.way.trajectory
    under.header.layers.compute_convexity.trigger()
    driver.wait_for_jobs()
    assert driver.window.banner.text == ""
    (convexity,) = [item for item in driver.results() if isinstance(item.result, Convexity)]
    assert under.overlays.convexity is convexity.result
    assert under.header.field.findData("convexity") >= 0


@pytest.mark.slow
def test_curves_between_two_networks_initialisations_and_convexity_are_drawn_as_they_come(driver: Driver) -> None:
    one, other = trained(driver, (0, 1))
    networks = {item.id: item for item in driver.document.networks}
    asked = NetworkDirections(first=networks[other.network_id].sha256)
    curve_id = compute(driver, CurveRequest(points=5, x_range=None, directions=asked, samples=32), one)
    driver.window.pages.open_page(curve_id)
    page = driver.window.area.page(curve_id)
    curve = page.lines.curves[0].curve
    assert isinstance(curve, Curve)
    assert (curve.x[0], curve.x[-1]) == (-0.5, 1.5)
    marked = [name for _, name in page.lines.panels["loss"]._places.places]
    assert marked == ["this network", curve.directions.anchors[0].name]
    for request in (InitialisationRequest(count=3, samples=32), ConvexityRequest(columns=3, rows=3, samples=32)):
        item_id = compute(driver, request, one)
        driver.window.pages.open_page(item_id)
        assert not driver.window.area.page(item_id).image().isNull()
