"""Fresh initialisations: those a training begins with, before and after normalisation has seen the samples."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import Cancelled, InvalidRequest, UnsupportedNetwork
from core.job import JobContext
from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.landscape.initialisations import compute_initialisations
from core.networks.architectures.registry import build_architecture
from core.networks.mean_loss import mean_loss
from core.training.preparing import untrained_network
from core.training.recipe import TrainingRequest
from tests.core.landscape.directions.oracles import bits
from tests.core.landscape.small import small_data, small_network
from tests.core.landscape.stopping import StoppingJob

REQUEST = InitialisationRequest(count=4, seed=7)


def drawn(kind: str = "resnet", request: InitialisationRequest = REQUEST) -> Initialisations:
    network = small_network(kind)
    return compute_initialisations(request, network, small_data(network, 30), JobContext())


def built(kind: str, seed: int) -> torch.nn.Module:
    network = small_network(kind)
    torch.manual_seed(seed)
    return build_architecture(str(network.card.architecture), network.card.input.shape, 3).double()


@pytest.mark.parametrize("kind", ["mlp", "resnet", "noshort"])
def test_losses_are_those_of_fresh_networks_of_these_seeds(kind: str) -> None:
    found, network = drawn(kind), small_network(kind)
    data = small_data(network, 30)
    inputs, labels = network.prepare(data)
    assert found.status == "complete"
    assert found.seed.tolist() == [7, 8, 9, 10]
    assert found.centre_loss == pytest.approx(mean_loss(network.module, inputs, labels, JobContext())[0], rel=1e-6)
    for index, seed in enumerate(found.seed):
        module = built(kind, int(seed)).eval()
        with torch.no_grad():
            logits = module(inputs.double())
        loss = float(torch.nn.functional.cross_entropy(logits, labels))
        assert found.loss[index] == pytest.approx(loss, rel=1e-5)
        assert found.accuracy[index] == pytest.approx(float((logits.argmax(1) == labels).double().mean()))
        pairs = zip(module.parameters(), network.module.parameters(), strict=True)
        squares = sum(float((a.detach() - b.detach().double()).square().sum()) for a, b in pairs)
        assert found.distance[index] == pytest.approx(squares**0.5, rel=1e-9)


@pytest.mark.parametrize("kind", ["resnet", "noshort"])
def test_the_calibrated_loss_is_that_with_the_statistics_of_the_samples(kind: str) -> None:
    found, network = drawn(kind), small_network(kind)
    inputs, labels = network.prepare(small_data(network, 30))
    for index, seed in enumerate(found.seed):
        module = built(kind, int(seed)).train()
        for layer in module.modules():
            if isinstance(layer, torch.nn.BatchNorm2d):
                layer.momentum = 1.0  # what is left is the batch of all samples
        with torch.no_grad():
            module(inputs.double())
            logits = module.eval()(inputs.double())
        loss = float(torch.nn.functional.cross_entropy(logits, labels))
        assert found.calibrated_loss[index] == pytest.approx(loss, rel=1e-4)
        assert abs(found.calibrated_loss[index] - found.loss[index]) > 1e-6


def test_without_normalisation_both_losses_are_the_same() -> None:
    found = drawn("mlp")
    assert np.array_equal(found.calibrated_loss, found.loss)


def test_they_are_what_a_training_of_the_same_seed_begins_with() -> None:
    network = small_network("resnet")
    data = small_data(network, 30)
    recipe = TrainingRequest(
        name="fresh", architecture=str(network.card.architecture), input=network.card.input, seed=8, epochs=1
    )
    beginning = untrained_network(recipe, data).module.eval()
    loss, _ = mean_loss(beginning, *network.prepare(data), JobContext())
    assert drawn().loss[1] == pytest.approx(loss, rel=1e-6)


def test_nobody_else_s_random_numbers_depend_on_it_and_the_network_stays() -> None:
    network = small_network("resnet")
    data, before = small_data(network, 30), bits(network)
    state = torch.get_rng_state()
    compute_initialisations(REQUEST, network, data, JobContext())
    assert torch.equal(torch.get_rng_state(), state)
    assert bits(network) == before


def test_a_program_is_refused_because_its_initialisation_is_not_known() -> None:
    with pytest.raises(UnsupportedNetwork, match="is a program, which does not say how its weights were drawn"):
        drawn("program")


def test_stopped_anywhere_and_resumed_is_equal_to_the_last_bit() -> None:
    network = small_network("resnet")
    data = small_data(network, 30)
    counting = StoppingJob()
    whole = compute_initialisations(REQUEST, network, data, counting)
    for checks in range(counting.asked):
        job = StoppingJob(checks)
        with pytest.raises(Cancelled):
            compute_initialisations(REQUEST, network, data, job)
        part = job.snapshots[-1]
        assert isinstance(part, Initialisations)
        assert part.status == "partial"
        known = ~np.isnan(part.loss)
        assert (part.loss[known] == whole.loss[known]).all()
        rest = StoppingJob()
        resumed = compute_initialisations(REQUEST, network, data, rest, part)
        for name in ("seed", "loss", "calibrated_loss", "accuracy", "distance"):
            assert np.array_equal(getattr(resumed, name), getattr(whole, name)), name
        assert resumed.centre_loss == whole.centre_loss
        assert len(rest.told) == 4 - np.count_nonzero(known)


def test_a_partial_result_of_something_else_is_refused() -> None:
    network = small_network("resnet")
    part = replace(drawn(), status="partial")
    for request, other, samples in (
        (replace(REQUEST, seed=8), network, 30),
        (replace(REQUEST, count=5), network, 30),
        (REQUEST, small_network("resnet", 1), 30),
        (REQUEST, network, 29),
    ):
        with pytest.raises(InvalidRequest, match="belongs to another request, network or data set"):
            compute_initialisations(request, other, small_data(other, samples), JobContext(), part)


def test_one_sample_cannot_calibrate_normalisation_but_is_enough_without() -> None:
    one = replace(REQUEST, samples=1)
    with pytest.raises(InvalidRequest, match="at least two samples"):
        drawn("resnet", one)
    assert np.isfinite(drawn("mlp", one).loss).all()
