"""Axes through the networks of Li et al. 2018: ResNet-56 with and without shortcuts."""

from pathlib import Path

import numpy as np
import pytest

from core.companions import Companions
from core.data.dataset import Dataset
from core.data.loading import open_dataset
from core.errors import WeightsMismatch
from core.job import JobContext
from core.landscape.directions.finding import find_directions
from core.landscape.plane import EigenDirections, NetworkDirections
from core.networks.building import network_from_weights
from core.networks.card import InputCard, NetworkCard
from core.networks.network import Network
from core.networks.weights import read_weights
from core.spectrum.engine import compute_spectrum
from core.spectrum.spectrum import SpectrumRequest
from tests.core.landscape.directions.oracles import axis_vector, bits
from tests.realdata import realdata_path

pytestmark = pytest.mark.realdata


def published(variant: str) -> Network:
    path = realdata_path(f"lossland_resnet56/resnet56{variant}_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7")
    card = NetworkCard(
        name=f"ResNet-56{variant}",
        input=InputCard(shape=(3, 32, 32), mean=(125.3, 123.0, 113.9), std=(63.0, 62.1, 66.7)),
        architecture=f"resnet56{variant}",
    )
    return network_from_weights(card, read_weights(Path(path)), str(path))


def images(count: int) -> Dataset:
    return open_dataset(realdata_path("cifar10_lossless/cifar10_train_first4000.npz")).first(count)


@pytest.mark.slow
def test_the_top_eigenvectors_of_resnet56_are_those_of_its_verified_spectrum() -> None:
    network, data = published(""), images(8)
    before = bits(network)
    directions = find_directions(EigenDirections(), network, *network.prepare(data), Companions(), JobContext())
    spectrum = compute_spectrum(SpectrumRequest(top=2), network, data, JobContext())
    assert spectrum.eigenvectors is not None
    assert directions.eigenvalues == pytest.approx(tuple(spectrum.eigenvalues), rel=2e-3)
    for axis, vector in zip((directions.x, directions.y), spectrum.eigenvectors, strict=True):
        assert abs(axis_vector(axis, network) @ vector.astype(np.float64)) > 0.999
    assert bits(network) == before


def test_there_is_no_line_between_networks_with_and_without_shortcuts() -> None:
    network, other = published(""), published("_noshort")
    asked = NetworkDirections(first=other.sha256)
    companions = Companions(networks={other.sha256: other})
    with pytest.raises(WeightsMismatch, match=r'"ResNet-56_noshort" has another architecture.*missing: .*shortcut'):
        find_directions(asked, network, *network.prepare(images(1)), companions, JobContext())
