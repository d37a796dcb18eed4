"""Filter-normalised sharpness: its directions, and that it does not change when weights are rescaled."""

import numpy as np
import pytest
import torch

from core.generalisation.complexity import Complexity, ComplexityRequest
from core.generalisation.measures import normalised_margins, spectral_product
from core.generalisation.measuring import compute_complexity
from core.generalisation.sharpness import filter_direction, move_filters
from core.job import JobContext
from tests.core.generalisation.small import convolutional, images, network_of, rescaled

JOB = JobContext()


def measured(module: torch.nn.Sequential, **asked: object) -> Complexity:
    request = ComplexityRequest(**{"radius": 0.3, "draws": 6, "seed": 5, **asked})  # type: ignore[arg-type]
    return compute_complexity(request, network_of(module), images(), JOB)


def test_every_filter_of_a_direction_is_as_long_as_that_of_the_weight() -> None:
    weight = torch.randn(4, 3, 3, 3) * torch.tensor([1.0, 10.0, 1e-22, 0.0])[:, None, None, None]
    direction = filter_direction(weight, torch.Generator().manual_seed(0))
    own, its = (values.double().flatten(1).norm(dim=1) for values in (weight, direction))
    assert torch.allclose(own, its, rtol=1e-6, atol=0)
    assert torch.equal(direction[3], torch.zeros(3, 3, 3))


def test_weights_move_by_the_radius_and_offsets_and_normalisation_stay() -> None:
    module = convolutional(normalised=True)
    kept = [parameter.detach().clone() for parameter in module.parameters()]
    move_filters(module, kept, 0.25, seed=1, draw=0, job=JOB)
    for before, after in zip(kept, module.parameters(), strict=True):
        moved = (after.detach() - before).flatten(1).norm(dim=1) if before.ndim > 1 else (after.detach() - before)
        wanted = 0.25 * before.flatten(1).norm(dim=1) if before.ndim > 1 else torch.zeros_like(before)
        assert torch.allclose(moved, wanted, rtol=1e-4, atol=0)


def test_a_draw_is_the_same_whichever_were_drawn_before_and_another_seed_gives_another() -> None:
    module = convolutional(normalised=False)
    kept = [parameter.detach().clone() for parameter in module.parameters()]

    def moved(seed: int, draw: int) -> torch.Tensor:
        move_filters(module, kept, 0.1, seed, draw, JOB)
        return module[0].weight.detach().clone()

    third = moved(0, 2)
    moved(0, 0)
    assert torch.equal(moved(0, 2), third)
    assert not torch.equal(moved(1, 1), third)
    assert not torch.equal(moved(2, 0), third)


@pytest.mark.parametrize("normalised", [False, True], ids=["plain", "batch normalisation"])
@pytest.mark.parametrize("factor", [0.25, 16.0])
def test_sharpness_does_not_change_when_layers_are_rescaled(*, normalised: bool, factor: float) -> None:
    module = convolutional(normalised=normalised)
    plain, scaled = measured(module), measured(rescaled(module, factor))
    assert np.abs(plain.rises).max() > 5e-3
    np.testing.assert_allclose(scaled.rises, plain.rises, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(scaled.margins, plain.margins, rtol=1e-4, atol=1e-5)
    assert scaled.path_norm == pytest.approx(plain.path_norm, rel=1e-5)


@pytest.mark.parametrize("normalised", [False, True], ids=["plain", "batch normalisation"])
def test_products_of_norms_and_normalised_margins_do_not_change_either_but_the_top_eigenvalue_does(
    *, normalised: bool
) -> None:
    module = convolutional(normalised=normalised)
    plain, scaled = measured(module), measured(rescaled(module, 8.0))
    assert spectral_product(scaled) == pytest.approx(spectral_product(plain), abs=1e-5)
    np.testing.assert_allclose(normalised_margins(scaled), normalised_margins(plain), rtol=1e-3)
    assert scaled.top_eigenvalue > 2 * plain.top_eigenvalue


def test_the_numbers_shown_are_those_of_the_draws() -> None:
    found = measured(convolutional(normalised=False), draws=9, eigenvalue=False)
    assert len(found.rises) == 9
    assert found.sharpness == pytest.approx(found.rises.mean())
    assert found.sharpness_error == pytest.approx(found.rises.std(ddof=1) / 3)
    assert found.worst_rise == found.rises.max()


def test_the_mean_rise_grows_with_the_square_of_a_small_radius() -> None:
    module = convolutional(normalised=False)
    small, large = (measured(module, radius=r, draws=200, eigenvalue=False) for r in (0.05, 0.1))
    doubt = 4 * np.hypot(4 * small.sharpness_error, large.sharpness_error)
    assert abs(large.sharpness - 4 * small.sharpness) < doubt
    assert large.rises.std() == pytest.approx(2 * small.rises.std(), rel=0.2)
