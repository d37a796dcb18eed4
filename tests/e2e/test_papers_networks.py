"""The loss-landscape paper's own networks from the command line: surfaces and a spectrum, against plain torch."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from core.landscape.surface import Surface
from core.networks.card import InputCard, NetworkCard, write_network_card
from core.networks.weights import read_weights
from core.session.document import Document
from core.session.files import open_document
from core.spectrum.spectrum import Spectrum
from tests.app.cli.children import CORRIE, run_command
from tests.plain_networks import State, resnet56_logits
from tests.realdata import realdata_path

pytestmark = pytest.mark.realdata
NETWORKS = {"resnet56": True, "resnet56_noshort": False}  # with shortcuts?
WEIGHTS = "lossland_resnet56/{}_sgd_lr=0.1_bs=128_wd=0.0005_model_300.t7"
IMAGES = "cifar10_lossless/cifar10_train_first4000.npz"
MEAN, STD = (125.3, 123.0, 113.9), (63.0, 62.1, 66.7)
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
SURFACE_SAMPLES, SPECTRUM_SAMPLES = 64, 32


def images(samples: int) -> tuple[Tensor, Tensor]:
    """Normalised images (n, 3, 32, 32) and labels, in float64."""
    with np.load(realdata_path(IMAGES)) as file:
        x, y = file["x"][:samples].astype(np.float64), file["y"][:samples].astype(np.int64)
    return torch.from_numpy(((x - MEAN) / STD).transpose(0, 3, 1, 2).copy()), torch.from_numpy(y)


def state_of(name: str) -> dict[str, Tensor]:
    """The authors' weights, in float64."""
    return {key: value.double() for key, value in read_weights(realdata_path(WEIGHTS.format(name))).items()}


def plain_loss(name: str, state: State, samples: int) -> Tensor:
    """Mean cross-entropy over the first images, by the network written down a second time."""
    x, y = images(samples)
    x = x.to(state["linear.weight"].dtype)
    return functional.cross_entropy(resnet56_logits(state, x, shortcuts=NETWORKS[name]), y)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with a card for each network, and one session with all that the commands computed."""
    work = tmp_path_factory.mktemp("papers") / "work"
    work.mkdir()
    for name in NETWORKS:
        shape = InputCard(shape=(3, 32, 32), mean=MEAN, std=STD)
        weights = str(realdata_path(WEIGHTS.format(name)))
        card = NetworkCard(name=name, input=shape, architecture=name, weights=weights, classes=CLASSES)
        write_network_card(card, work / f"{name}.toml")
        command = ("landscape", f"{name}.toml", realdata_path(IMAGES), "--grid", 5, "--samples", SURFACE_SAMPLES)
        done = run_command([*CORRIE, *command, "-o", "papers.corrie.h5", "--json"], work)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["samples"] == SURFACE_SAMPLES
    return work


@pytest.fixture(scope="module")
def document(folder: Path) -> Document:
    return open_document(folder / "papers.corrie.h5")


def surface_of(document: Document, name: str) -> Surface:
    return document.find(f"Surface of {name}").result  # type: ignore[union-attr]


def moved(state: State, surface: Surface, a: float, b: float) -> dict[str, Tensor]:
    """The weights at a point of the plane, in float64."""

    def step(directions: Mapping[str, np.ndarray], name: str) -> Tensor | float:
        return torch.from_numpy(np.array(directions[name])).double() if name in directions else 0.0

    axes = surface.directions
    return {name: value + a * step(axes.x, name) + b * step(axes.y, name) for name, value in state.items()}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_loss_at_the_centre_is_that_of_a_plain_loop(document: Document, name: str) -> None:
    surface, truth = surface_of(document, name), float(plain_loss(name, state_of(name), SURFACE_SAMPLES))
    assert surface.centre_loss == pytest.approx(truth, rel=1e-4)
    assert surface.loss[2, 2] == pytest.approx(truth, rel=1e-4)


@pytest.mark.parametrize("name", NETWORKS)
def test_losses_over_the_plane_are_those_of_a_plain_evaluation(document: Document, name: str) -> None:
    surface, state = surface_of(document, name), state_of(name)
    for row, column in ((0, 0), (2, 3), (3, 1)):
        weights = moved(state, surface, surface.x[column], surface.y[row])
        truth = float(plain_loss(name, weights, SURFACE_SAMPLES))
        assert surface.loss[row, column] == pytest.approx(truth, rel=1e-4)


def test_directions_have_the_norm_of_every_filter_and_leave_normalisation_alone(document: Document) -> None:
    state, axes = state_of("resnet56"), surface_of(document, "resnet56").directions
    for direction in (axes.x, axes.y):
        for name, step in direction.items():
            if state[name].ndim > 1:
                lengths = [torch.linalg.vector_norm(w.flatten(1), dim=1) for w in (state[name], torch.tensor(step))]
                assert torch.allclose(lengths[0], lengths[1].double(), rtol=1e-5)
            else:
                assert not np.any(step)


def test_without_shortcuts_the_surface_is_steeper_and_rougher(document: Document) -> None:
    short, without = (surface_of(document, name).loss for name in NETWORKS)
    # The paper's claim in numbers: the loss rises higher, and by more from one point to the next.
    assert without.max() > 5 * short.max()
    assert (without[[0, 0, -1, -1], [0, -1, 0, -1]] > short[[0, 0, -1, -1], [0, -1, 0, -1]]).all()

    def roughness(loss: np.ndarray) -> float:
        return float(np.abs(np.diff(np.log(loss + 0.1), axis=0)).mean() + np.abs(np.diff(loss, axis=1)).mean())

    assert roughness(without) > 2 * roughness(short)


@pytest.mark.parametrize(("name", "kind"), [("resnet56", "png"), ("resnet56_noshort", "svg")])
def test_both_surfaces_lie_in_one_session_and_are_exported(
    folder: Path, document: Document, name: str, kind: str
) -> None:
    assert [item.name for item in document.results] == [f"Surface of {name}" for name in NETWORKS]
    target = f"{name}.{kind}"
    done = run_command([*CORRIE, "export", "papers.corrie.h5", f"Surface of {name}", "--to", target], folder)
    assert (done.returncode, done.stdout.strip()) == (0, target), done.stderr
    content = (folder / target).read_bytes()
    assert len(content) > 10_000
    assert content.startswith(b"\x89PNG") if kind == "png" else f"Surface of {name}".encode() in content


Product = Callable[[Tensor], Tensor]


def hessian_product(name: str, state: State, names: tuple[str, ...]) -> Product:
    """``v ↦ H v`` by differentiating the plain loss twice; in float32, for float64 takes six times as long."""
    single = {key: value.float() for key, value in state.items()}
    parameters = {key: single[key].clone().requires_grad_() for key in names}
    loss = plain_loss(name, {**single, **parameters}, SPECTRUM_SAMPLES)
    gradient = torch.cat([g.flatten() for g in torch.autograd.grad(loss, list(parameters.values()), create_graph=True)])

    def product(vector: Tensor) -> Tensor:
        image = torch.autograd.grad(gradient, list(parameters.values()), vector.float(), retain_graph=True)
        return torch.cat([piece.flatten() for piece in image]).double()

    return product


def test_the_top_of_the_spectrum_is_that_of_plain_torch(folder: Path) -> None:
    command = ("spectrum", "resnet56.toml", realdata_path(IMAGES), "--top", 2, "--samples", SPECTRUM_SAMPLES)
    done = run_command([*CORRIE, *command, "-o", "spectrum.corrie.h5", "--json"], folder)
    assert done.returncode == 0, done.stderr
    (item,) = open_document(folder / "spectrum.corrie.h5").results
    spectrum = item.result
    assert isinstance(spectrum, Spectrum)
    assert json.loads(done.stdout)["verified"] == [True, True]
    product = hessian_product("resnet56", state_of("resnet56"), spectrum.parameters)
    for value, error, vector in zip(spectrum.eigenvalues, spectrum.residuals, spectrum.eigenvectors, strict=True):
        unit = torch.from_numpy(vector).double()
        residual = float(torch.linalg.vector_norm(product(unit) - value * unit))
        assert residual <= error + 1e-4 * abs(value)  # rounding of float32, theirs and ours
    largest = power_iteration(product, spectrum.eigenvectors.shape[1], steps=9)
    assert spectrum.eigenvalues[0] == pytest.approx(largest, rel=1e-4)


def power_iteration(product: Product, size: int, steps: int) -> float:
    """The eigenvalue of largest magnitude, from a random start that knows nothing of the program's answer."""
    vector = torch.randn(size, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    value = 0.0
    for _ in range(steps):
        vector = vector / torch.linalg.vector_norm(vector)
        image = product(vector)
        value, vector = float(vector @ image), image
    return value
