"""Random directions: normalised filter by filter to the weights, by arithmetic that is not the engine's."""

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import nn

from core.landscape.directions.random import normalise, random_directions
from core.landscape.plane import Directions, Norm, RandomDirections
from tests.core.landscape.small import small_network

FloatArray = npt.NDArray[np.float64]


def both(directions: Directions) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    return tuple(  # type: ignore[return-value]
        {name: np.asarray(value, dtype=np.float64) for name, value in axis.items()}
        for axis in (directions.x, directions.y)
    )


def weights_of(module: nn.Module) -> dict[str, FloatArray]:
    return {name: value.detach().numpy().astype(np.float64) for name, value in module.named_parameters()}


def filter_norms(array: FloatArray) -> FloatArray:
    return np.array([np.sqrt((part**2).sum()) for part in array])


def drawn(kind: str = "resnet", **options: object) -> tuple[dict[str, FloatArray], list[dict[str, FloatArray]], float]:
    module = small_network(kind).module
    directions = random_directions(module, RandomDirections(**options))  # type: ignore[arg-type]
    return weights_of(module), list(both(directions)), directions.cosine


@pytest.mark.parametrize("kind", ["mlp", "resnet", "noshort", "program"])
def test_every_filter_has_the_norm_of_its_weights(kind: str) -> None:
    """Li et al. 2018, §4: one output channel of a convolution, one row of a linear layer."""
    weights, axes, _ = drawn(kind)
    for axis in axes:
        assert list(axis) == list(weights)
        for name, weight in weights.items():
            assert axis[name].shape == weight.shape
            if weight.ndim > 1:
                assert np.allclose(filter_norms(axis[name]), filter_norms(weight), rtol=1e-5), name


def test_layer_normalisation_is_something_else() -> None:
    """The defect of a tool that normalised layers and called them filters: ratios from 0.68 to 1.27."""
    weights, axes, _ = drawn(norm="layer")
    for name, weight in weights.items():
        if weight.ndim > 1:
            assert np.linalg.norm(axes[0][name]) == pytest.approx(np.linalg.norm(weight), rel=1e-5)
    ratios = filter_norms(axes[0]["layer3.0.conv2.weight"]) / filter_norms(weights["layer3.0.conv2.weight"])
    assert ratios.min() < 0.95
    assert ratios.max() > 1.05


def raw(axis: int, name: str) -> FloatArray:
    _, axes, _ = drawn(norm="none")
    return axes[axis][name]


@pytest.mark.parametrize("norm", ["weight", "dfilter", "dlayer", "layer", "filter"])
def test_normalised_directions_are_the_raw_ones_rescaled(norm: Norm) -> None:
    weights, axes, _ = drawn(norm=norm)
    for name, weight in weights.items():
        if weight.ndim == 1:
            continue
        plain, shape = raw(0, name), (-1,) + (1,) * (weight.ndim - 1)
        expected = {
            "weight": plain * weight,
            "dfilter": plain / filter_norms(plain).reshape(shape),
            "dlayer": plain / np.linalg.norm(plain),
            "layer": plain * np.linalg.norm(weight) / np.linalg.norm(plain),
            "filter": plain * (filter_norms(weight) / filter_norms(plain)).reshape(shape),
        }[norm]
        assert np.allclose(axes[0][name], expected, rtol=1e-5, atol=1e-7), name


def test_raw_directions_are_standard_gaussian() -> None:
    """The defect of a tool whose directions were uniform in [0, 1]: mean 0.5, standard deviation 0.29."""
    _, axes, _ = drawn(norm="none")
    for axis in axes:
        entries = np.concatenate([value.ravel() for value in axis.values() if value.ndim > 1])
        assert abs(entries.mean()) < 4 / np.sqrt(len(entries))
        assert abs(entries.std() - 1) < 4 / np.sqrt(2 * len(entries))
        assert 0.45 < (entries < 0).mean() < 0.55
        assert (abs(entries) > 2).mean() == pytest.approx(0.0455, abs=0.02)


@pytest.mark.parametrize("norm", ["filter", "layer", "weight", "dfilter", "dlayer", "none"])
def test_biases_and_normalisation_layers_stand_still_or_move_along_themselves(norm: Norm) -> None:
    for ignore in ("biasbn", "none"):
        weights, axes, _ = drawn(norm=norm, ignore=ignore)
        vectors = [name for name, weight in weights.items() if weight.ndim == 1]
        assert len(vectors) > 5
        for axis in axes:
            for name in vectors:
                assert (axis[name] == (0 if ignore == "biasbn" else weights[name])).all()


def test_no_buffer_gets_a_direction() -> None:
    """The defect of a tool that added noise to running variances: 24 of 25 points NaN."""
    module = small_network("resnet").module
    directions = random_directions(module, RandomDirections(ignore="none"))
    buffers = {name for name, _ in module.named_buffers()}
    assert buffers
    assert not buffers & (set(directions.x) | set(directions.y))


def test_the_two_directions_are_independent() -> None:
    """The defect of a tool whose 'orthogonal' directions were opposite: cosine −1, its plane a line."""
    _, (x, y), cosine = drawn()
    one, other = (np.concatenate([value.ravel() for value in axis.values()]) for axis in (x, y))
    exact = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    assert cosine == pytest.approx(exact, abs=1e-6)
    assert abs(cosine) < 0.2
    assert cosine != 0  # drawn, not made orthogonal
    assert np.linalg.matrix_rank(np.stack([one, other])) == 2


def test_one_seed_gives_one_plane_and_two_seeds_give_two() -> None:
    _, (x, y), _ = drawn(seed=7)
    _, (again_x, again_y), _ = drawn(seed=7)
    _, (other_x, _), _ = drawn(seed=8)
    name = "layer2.0.conv1.weight"
    assert (x[name] == again_x[name]).all()
    assert (y[name] == again_y[name]).all()
    assert not np.allclose(x[name], other_x[name])
    assert not np.allclose(x[name], y[name])


def test_directions_depend_on_their_seed_alone() -> None:
    torch.manual_seed(1)
    module = small_network("mlp").module
    first = random_directions(module, RandomDirections())
    torch.rand(9)
    state = torch.get_rng_state()
    second = random_directions(module, RandomDirections())
    assert (first.x["1.weight"] == second.x["1.weight"]).all()
    assert torch.equal(torch.get_rng_state(), state)  # nobody else's random numbers are used up


@pytest.mark.parametrize("norm", ["filter", "layer", "weight"])
def test_a_filter_of_zeros_does_not_move(norm: Norm) -> None:
    weight = torch.randn(4, 3, 2, 2, generator=torch.Generator().manual_seed(0))
    weight[1] = 0
    if norm == "layer":
        weight.zero_()
    direction = normalise(torch.randn(4, 3, 2, 2), weight, norm)
    assert torch.isfinite(direction).all()
    assert (direction[1] == 0).all()
    assert norm == "layer" or bool((direction[0] != 0).all())


def test_a_direction_of_zeros_stays_zero() -> None:
    weight = torch.randn(2, 3, generator=torch.Generator().manual_seed(0))
    for norm in ("filter", "layer", "weight", "dfilter", "dlayer", "none"):
        assert (normalise(torch.zeros(2, 3), weight, norm) == 0).all()  # type: ignore[arg-type]
