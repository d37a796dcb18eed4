"""A network goes into the document and comes out the same."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from core.data.dataset import Dataset
from core.job import ControlledJob, JobContext
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard, NetworkCard, write_network_card
from core.networks.loading import open_network
from core.networks.network import Network, fingerprint
from core.networks.program import export_program
from core.networks.storing import restore_network, store_network
from core.networks.verdicts import verdicts
from core.networks.weights import write_weights


def from_weights(folder: Path) -> Network:
    torch.manual_seed(0)
    module = build_architecture("resnet8_w2", (3, 8, 8), 3)
    module(torch.randn(9, 3, 8, 8))
    write_weights(module, folder / "w.safetensors")
    shape = InputCard(shape=(3, 8, 8), mean=(1.0, 2.0, 3.0), std=(2.0,))
    card = NetworkCard(
        name="net", input=shape, architecture="resnet8_w2", weights="w.safetensors", classes=("a", "b", "c")
    )
    write_network_card(card, folder / "net.toml")
    return open_network(folder / "net.toml")


def from_program(folder: Path) -> Network:
    torch.manual_seed(0)
    content = export_program(build_architecture("resnet8_w2", (3, 8, 8), 3).eval(), (3, 8, 8))
    (folder / "net.pt2").write_bytes(content)
    return open_network(folder / "net.pt2")


def from_deep_mlp(folder: Path) -> Network:
    module = build_architecture("mlp:192-5x9-3", (3, 8, 8), 3)
    write_weights(module, folder / "w.safetensors")
    shape = InputCard(shape=(3, 8, 8))
    write_network_card(
        NetworkCard(name="deep", input=shape, architecture="mlp:192-5x9-3", weights="w.safetensors"), folder / "n.toml"
    )
    return open_network(folder / "n.toml")


@pytest.mark.parametrize("make", [from_weights, from_program, from_deep_mlp])
def test_what_is_stored_is_restored_bit_for_bit(tmp_path: Path, make: Callable[[Path], Network]) -> None:
    network = make(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()  # a session is computed further without the files
    item = store_network(network)
    restored = restore_network(item)
    assert (restored.card, restored.sha256, restored.origin) == (network.card, network.sha256, network.origin)
    assert (restored.program is None) == (network.program is None)
    before, after = network.module.state_dict(), restored.module.state_dict()
    assert list(before) == list(after)
    assert all(torch.equal(before[name], after[name]) for name in before)
    samples = torch.randn(4, 3, 8, 8)
    assert torch.equal(network.module(samples), restored.module(samples))
    assert item.sha256 == network.sha256


def test_weights_in_any_order_are_restored_the_same(tmp_path: Path) -> None:
    """HDF5 gives names in alphabetical order, where 11.weight comes before 3.weight."""
    network = from_deep_mlp(tmp_path)
    item = store_network(network)
    shuffled = {name: item.weights[name] for name in sorted(item.weights)}
    restored = restore_network(type(item)(**{**vars(item), "weights": shuffled}))
    assert restored.sha256 == network.sha256


def test_stored_weights_do_not_change_with_the_network(tmp_path: Path) -> None:
    network = from_weights(tmp_path)
    item = store_network(network)
    with torch.no_grad():
        network.module.conv1.weight.zero_()
    assert np.abs(item.weights["conv1.weight"]).sum() > 0


def test_the_fingerprint_tells_values_names_and_shapes_apart() -> None:
    weights = {"a": torch.zeros(2, 3), "b": torch.ones(3)}
    known = {fingerprint(weights)}
    for other in (
        {"a": torch.zeros(3, 2), "b": torch.ones(3)},
        {"c": torch.zeros(2, 3), "b": torch.ones(3)},
        {"a": torch.zeros(2, 3), "b": torch.tensor([1.0, 1.0, torch.finfo(torch.float32).eps + 1])},
        {"a": torch.zeros(2, 3), "b": torch.ones(3, dtype=torch.float64)},
        {"a": torch.zeros(2, 3)},
        {"a": -torch.zeros(2, 3), "b": torch.ones(3)},
    ):
        assert fingerprint(other) not in known
        known.add(fingerprint(other))
    assert fingerprint(dict(reversed(weights.items()))) in known


def test_verdicts_are_the_largest_outputs_of_every_sample_in_order() -> None:
    module = nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        module.weight.copy_(torch.eye(2))
    card = NetworkCard(name="n", input=InputCard(shape=(2,)), file="p.pt2")
    x = np.random.default_rng(0).normal(size=(600, 2))
    data = Dataset(name="d", x=x, y=np.zeros(600, dtype=np.int64))
    said = verdicts(Network(card=card, module=module, sha256="0"), data, JobContext())
    assert (said == (x[:, 1] > x[:, 0])).all()


def test_progress_of_verdicts_never_exceeds_the_samples() -> None:
    card = NetworkCard(name="n", input=InputCard(shape=(2,)), file="p.pt2")
    data = Dataset(name="d", x=np.zeros((300, 2)), y=np.zeros(300, dtype=np.int64))
    told: list[tuple[int, int]] = []
    job = ControlledJob(on_progress=lambda done, total, _: told.append((done, total)))
    verdicts(Network(card=card, module=nn.Linear(2, 2), sha256="0"), data, job)
    assert told[-1] == (300, 300)
    assert all(done <= total for done, total in told)
