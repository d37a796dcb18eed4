"""A network with a GELU: no exact slice, and the search in several features says the way; what that finds is proved."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.corrections.engines.joint.engine import compute_joint
from core.corrections.engines.slice import compute_correction
from core.corrections.engines.suggesting import suggest_features
from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.joint import JointRequest
from core.corrections.records.suggestion import SuggestionRequest
from core.errors import UnsupportedNetwork
from core.job import JobContext
from core.networks.card import InputCard
from core.networks.network import Network
from tests.core.corrections.examples import as_network, corner_question
from tests.core.corrections.modules import lively

pytestmark = pytest.mark.usefixtures("one_thread")


def network_of(seed: int = 2) -> Network:
    module = lively(nn.Sequential(nn.Linear(3, 10), nn.GELU(), nn.Linear(10, 10), nn.SiLU(), nn.Linear(10, 2)), seed)
    with torch.no_grad():
        for layer in module:
            if isinstance(layer, nn.Linear):
                layer.weight *= 2.5
    return as_network(module, InputCard(shape=(3,)), ("no", "yes"))


def request_of(network: Network, names: str = "xy") -> JointRequest:
    point = torch.tensor([[0.1, -0.2, 0.3]])
    with torch.inference_mode():
        goal = Goal(classes=(int(network.module(point)[0].argmin()),))
    free = tuple(FreeFeature(name=name, low=-2.0, high=2.0, half_width=0.1, price=1.0) for name in names)
    freedom = Freedom(numbers=free, moves=tuple(Move(columns=("xyz".index(name),)) for name in names))
    return JointRequest(input=tuple(point[0].tolist()), freedom=freedom, goal=goal, seconds=10.0, tolerance=0.01)


def leads(network: Network, request: JointRequest, points: np.ndarray) -> np.ndarray:
    module = copy.deepcopy(network.module).double()
    inputs = request.freedom.subspace(np.array(request.input)).inputs(points)
    with torch.inference_mode():
        said = module(torch.from_numpy(inputs)).numpy()
    found: np.ndarray = request.goal.leads(said)
    return found


@pytest.mark.parametrize("names", ["xy", "xyz"])
def test_what_a_search_finds_in_a_network_with_a_gelu_is_proved_and_holds_at_every_point(names: str) -> None:
    network = network_of()
    request = request_of(network, names)
    found = compute_joint(request, network, "", JobContext())
    assert (found.status, found.nearest.proof, found.nearest.closed) == ("complete", "proved", True)
    assert found.nearest.point is not None
    assert found.box is not None
    generator = np.random.default_rng(0)
    shifts = generator.uniform(-0.1, 0.1, (20_000, len(names)))
    assert leads(network, request, found.nearest.point + shifts).min() > 0
    points = found.box.low + generator.random((20_000, len(names))) * (found.box.high - found.box.low)
    assert found.box.proof == "proved"
    assert leads(network, request, points).min() > 0
    assert (found.box.high - found.box.low).min() > 0.2


def test_that_nothing_exists_is_proved_as_well() -> None:
    network = network_of(4)
    request = request_of(network)
    found = compute_joint(request, network, "", JobContext())
    assert (found.nearest.proof, found.nearest.closed, found.box) == ("none_exists", True, None)
    axis = np.linspace(-2, 2, 201)
    assert leads(network, request, np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)).max() < 0


def test_a_slice_of_it_is_refused_by_the_name_of_the_layer_and_with_what_can_be_done() -> None:
    network = network_of()
    question = replace(corner_question(), target=request_of(network).goal.classes[0])
    with pytest.raises(UnsupportedNetwork, match=r'Layer "1" \(GELU\).* bends everywhere.* several features'):
        compute_correction(question, network, "", JobContext())


def test_its_features_are_suggested_by_their_slopes() -> None:
    network = network_of()
    asked = request_of(network, "xyz")
    ranked = suggest_features(
        SuggestionRequest(input=asked.input, freedom=asked.freedom, goal=asked.goal), network, JobContext()
    )
    assert {one.name for one in ranked} == set("xyz")
    assert ranked[0].gradient > 0
