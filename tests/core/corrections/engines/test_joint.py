"""Corrections in several features, from the request to the answer."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from torch import nn

from core.corrections.correction import FreeFeature
from core.corrections.engines.joint import compute_joint
from core.corrections.freedom import FreeCategory, Freedom, Move
from core.corrections.goal import Goal
from core.corrections.joint import JointCorrection, JointRequest
from core.corrections.network.piecewise import PiecewiseLinear
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.networks.card import InputCard
from core.networks.network import Network
from tests.core.corrections.examples import as_module, as_network, corner_network
from tests.sameness import differences


def network_of(plain: PiecewiseLinear, classes: Sequence[str] = ("no", "yes")) -> Network:
    return as_network(as_module(plain), InputCard(shape=(plain.inputs,)), tuple(classes))


def corner_request(**changed: object) -> JointRequest:
    """Class 1 where max(0, x) + max(0, y) > 1, from (−1, −1); x is half as dear as y."""
    x, y = (
        FreeFeature(name=name, low=-2.0, high=2.0, half_width=half, price=price)
        for name, half, price in (("x", 0.4, 1.0), ("y", 0.5, 2.0))
    )
    asked: dict[str, object] = {
        "input": (-1.0, -1.0, 5.0),
        "freedom": Freedom(numbers=(x, y), moves=(Move(columns=(0,)), Move(columns=(1,)))),
        "goal": Goal(classes=(1,)),
        "seconds": 5.0,
    }
    return JointRequest(**{**asked, **changed})  # type: ignore[arg-type]


def test_the_nearest_stable_correction_is_found_and_proved() -> None:
    found = compute_joint(corner_request(), network_of(corner_network()), "", JobContext())
    assert found.status == "complete"
    assert found.nearest.closed
    assert found.nearest.proof == "proved"
    # With y left alone x − 0.4 must exceed 1: 2.4 away, and any other way is dearer.
    assert found.nearest.point is not None
    np.testing.assert_allclose(found.nearest.point, [1.4, -1.0], atol=0.01)
    assert found.nearest.lower_bound <= 2.4 <= found.nearest.distance + 1e-9
    assert found.box is not None
    assert (found.box.low <= found.nearest.point - [0.4, 0.5] + 1e-12).all()
    assert found.course[-1, 1:].tolist() == [found.nearest.lower_bound, found.nearest.distance]
