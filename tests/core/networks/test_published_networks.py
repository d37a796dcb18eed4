"""The networks of Li et al. 2018 themselves, on the images they were trained on."""

from pathlib import Path

import numpy as np
import pytest
import torch

from core.data.loading import open_dataset
from core.job import JobContext
from core.networks.card import InputCard, NetworkCard, write_network_card
from core.networks.loading import open_network
from core.networks.verdicts import verdicts
from tests.realdata import realdata_path

pytestmark = [pytest.mark.realdata, pytest.mark.usefixtures("one_thread")]
FILE = "lossland_resnet56/{}_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7"
IMAGES = "cifar10_lossless/cifar10_train_first4000.npz"
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@pytest.mark.parametrize(("name", "at_least"), [("resnet56", 0.999), ("resnet56_noshort", 0.95)])
def test_bare_weights_classify_their_training_images(name: str, at_least: float) -> None:
    network = open_network(realdata_path(FILE.format(name)), name)
    data = open_dataset(realdata_path(IMAGES)).first(500)
    assert np.mean(verdicts(network, data, JobContext()) == data.y) >= at_least


@pytest.mark.slow
def test_all_four_thousand_images_are_classified_as_the_authors_did() -> None:
    network = open_network(realdata_path(FILE.format("resnet56")), "resnet56")
    data = open_dataset(realdata_path(IMAGES))
    assert int(np.sum(verdicts(network, data, JobContext()) == data.y)) == 4000


def test_a_card_gives_the_same_network_as_its_bare_weights(tmp_path: Path) -> None:
    path = realdata_path(FILE.format("resnet56"))
    shape = InputCard(shape=(3, 32, 32), mean=(125.3, 123.0, 113.9), std=(63.0, 62.1, 66.7))
    card = NetworkCard(name="ResNet-56", input=shape, architecture="resnet56", weights=str(path), classes=CLASSES)
    write_network_card(card, tmp_path / "card.toml")
    network, bare = open_network(tmp_path / "card.toml"), open_network(path, "resnet56")
    assert network.sha256 == bare.sha256
    images = open_dataset(realdata_path(IMAGES)).first(8)
    with torch.no_grad():
        assert torch.equal(network.module(network.prepare(images)[0]), bare.module(bare.prepare(images)[0]))
