"""The corrections paper's own proof network as a program from the command line, against plain torch in float64."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import torch

from core.corrections.records.correction import Correction
from core.session.files import open_document
from tests import polaris
from tests.app.cli.children import CORRIE, run_command
from tests.plain_networks import relu_logits
from tests.realdata import realdata_path

pytestmark = pytest.mark.realdata
QUESTIONS = [(0, "static_1,static_12"), (2000, "static_10,static_12"), (5000, "static_2,static_10")]
NEAR = 1e-6  # of the logits: closer to the border than this, float32 weights and float64 may disagree


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("proof") / "work"
    work.mkdir()
    polaris.write_network(work)
    polaris.write_table(work)
    return work


def leads(rows: np.ndarray) -> np.ndarray:
    """By how much "provable" leads for rows of 51 features, from the published weights alone."""
    weights = {name: torch.from_numpy(value) for name, value in polaris.published_weights().items()}
    logits = relu_logits(weights, (torch.from_numpy(rows) - weights["mean"]) / weights["std"]).numpy()
    return logits[:, 0] - logits[:, 1]


def corrected(folder: Path, row: int, free: str, *options: object) -> tuple[dict[str, Any], Correction]:
    command = ("corrections", "proof.toml", "theorems.features.toml", "--row", row, "--free", free)
    done = run_command([*CORRIE, *command, *options, "-o", f"{row}.corrie.h5", "--json"], folder)
    assert done.returncode == 0, done.stderr
    values = json.loads(done.stdout)
    found = open_document(folder / f"{row}.corrie.h5").items[values["item"]].result  # type: ignore[union-attr]
    assert isinstance(found, Correction)
    return values, found


def rejected_row(near: int) -> int:
    features, _ = polaris.theorems()
    rejected = np.flatnonzero(leads(features) < -0.1)
    return int(rejected[rejected >= near][0])


def on_slice(row: int, free: str, points: np.ndarray) -> np.ndarray:
    """Leads at points (n, 2) of the slice through a row."""
    features, _ = polaris.theorems()
    rows = np.repeat(features[row : row + 1], len(points), axis=0)
    columns = [polaris.feature_names().index(name) for name in free.split(",")]
    rows[:, columns] = points
    return leads(rows)


def test_the_table_is_the_one_the_authors_trained_on() -> None:
    features, labels = polaris.theorems()
    train = np.loadtxt(realdata_path("ml-prove/train.csv"), delimiter=",")
    weights = polaris.published_weights()
    normalised = (features[: len(train)] - weights["mean"]) / weights["std"]
    assert np.abs(normalised - train[:, :51]).max() < 1e-3  # they were printed with five digits
    assert np.array_equal(np.array(labels[: len(train)]) == polaris.CLASSES[1], train[:, 56] == 1)
    right = (leads(features) > 0) == (np.array(labels) == polaris.CLASSES[0])
    assert right.mean() > 0.75


@pytest.mark.parametrize(("near", "free"), QUESTIONS)
def test_accepted_regions_and_boxes_agree_with_dense_evaluation(folder: Path, near: int, free: str) -> None:
    row = rejected_row(near)
    values, found = corrected(folder, row, free)
    assert (values["verdict"], values["target"]) == ("not provable", "provable")
    assert [feature["value"] for feature in values["free"]] == list(found.request.point)
    generator = np.random.default_rng(near)
    low, high = ([getattr(feature, side) for feature in found.request.free] for side in ("low", "high"))
    points = generator.uniform(low, high, size=(20_000, 2))
    lead = on_slice(row, free, points)
    region = shapely.union_all([shapely.Polygon(part.exterior, part.holes) for part in found.accepted])
    inside = shapely.contains_xy(region, points)
    clear = np.abs(lead) > NEAR + 10 * found.margin
    assert clear.mean() > 0.99
    assert np.array_equal(inside[clear], lead[clear] > 0)
    assert found.accepted_share == pytest.approx((lead > 0).mean(), abs=0.015)
    assert found.proof in ("proved", "none_exists")
    if found.box is not None:
        left, bottom, right, top = found.box.bounds
        sampled = generator.uniform((left, bottom), (right, top), size=(10_000, 2))
        corners = np.array([(x, y) for x in (left, right) for y in (bottom, top)])
        assert (on_slice(row, free, np.vstack([sampled, corners])) > 0).all()
        assert found.box.half_width == tuple(polaris.FREE[name][2] for name in free.split(","))


def test_no_change_nearer_than_the_correction_is_stable(folder: Path) -> None:
    near, free = QUESTIONS[1]
    row = rejected_row(near)
    values, found = corrected(folder, row, free, "--stability", "static_10=0.2,static_12=0.3")
    assert values["proof"] == "proved"
    assert found.centre is not None
    assert found.distance is not None
    assert found.box.half_width == (0.2, 0.3)
    # Centres that are nearer by a thousandth or more: the box around each must hold a rejected point.
    weights = np.array([feature.weight for feature in found.request.free])
    start = np.array(found.request.point)
    low, high = (np.array([getattr(feature, side) for feature in found.request.free]) for side in ("low", "high"))
    reach = found.distance / weights
    centres = np.random.default_rng(0).uniform(start - reach, start + reach, size=(4_000, 2))
    distances = (np.abs(centres - start) * weights).sum(axis=1)
    halves = np.array([0.2, 0.3])
    inside = ((centres - halves >= low) & (centres + halves <= high)).all(axis=1)
    centres = centres[(distances < 0.999 * found.distance) & inside][:150]
    assert len(centres) > 20
    steps = np.stack(np.meshgrid(*[np.linspace(-1, 1, 31)] * 2), axis=-1).reshape(-1, 2)
    boxes = (centres[:, None] + steps * halves).reshape(-1, 2)
    worst = on_slice(row, free, boxes).reshape(len(centres), -1).min(axis=1)
    assert (worst < 1e-3).all()
    assert (worst < 0).mean() > 0.95
