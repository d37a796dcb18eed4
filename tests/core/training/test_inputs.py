"""The normalisation of a new network: the data's own mean and deviation, channels first."""

import numpy as np
import pytest

from core.data.builtin import open_builtin
from core.data.dataset import Dataset
from core.job import JobContext
from core.networks.preprocessing import statistics_of
from core.training.inputs import input_shape, output_count, standardised


def test_images_of_one_channel_become_one_plane_with_mean_zero_and_deviation_one() -> None:
    digits = open_builtin("digits")
    card = standardised(digits, JobContext())
    assert card.shape == (1, 8, 8)
    assert card.mean[0] == pytest.approx(digits.x.mean())
    assert card.std[0] == pytest.approx(digits.x.std(), rel=1e-5)
    assert output_count(digits) == 10


def test_colours_are_normalised_each_by_its_own_numbers() -> None:
    x = np.random.default_rng(0).integers(0, 255, (20, 4, 4, 3)).astype(np.uint8)
    card = standardised(Dataset(name="colours", x=x, y=np.zeros(20, np.int64)), JobContext())
    assert card.shape == (3, 4, 4)
    np.testing.assert_allclose(card.mean, x.reshape(-1, 3).mean(axis=0), rtol=1e-6)


def test_a_column_that_never_varies_is_not_divided_by_zero() -> None:
    x = np.stack([np.arange(5.0), np.full(5, 7.0)], axis=1)
    card = standardised(Dataset(name="table", x=x, y=np.array([0, 1, 2, 0, 1])), JobContext())
    assert card.std[1] == 1.0
    assert card.mean[1] == 7.0
    assert output_count(Dataset(name="table", x=x, y=np.array([0, 1, 2, 0, 1]))) == 3


def test_a_column_far_from_zero_has_a_mean_exact_enough_for_its_deviation() -> None:
    x = np.random.default_rng(0).normal(1.7e9, 100, (500, 2))
    card = standardised(Dataset(name="times", x=x, y=np.arange(500) % 2), JobContext())
    np.testing.assert_allclose((card.mean - x.mean(axis=0)) / x.std(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(card.std, x.std(axis=0), rtol=1e-6)


@pytest.mark.parametrize("value", [0.1, 1 / 3, -5e-9, 1e9 + 0.3, 123456.789])
def test_what_never_varies_becomes_exactly_zero(value: float) -> None:
    x = np.stack([np.full(1000, value), np.arange(1000.0)], axis=1)
    card = standardised(Dataset(name="table", x=x, y=np.arange(1000) % 2), JobContext())
    assert (card.mean[0], card.std[0]) == (value, 1.0)
    assert statistics_of(x) == ((value, 499.5), (1.0, 288.675))


def test_numbers_to_be_predicted_have_an_output_each() -> None:
    data = Dataset(name="table", x=np.zeros((4, 2)), y=np.ones((4, 3)))
    assert output_count(data) == 3


@pytest.mark.parametrize(
    ("shape", "expected"), [((8, 8), (1, 8, 8)), ((32, 32, 3), (3, 32, 32)), ((3, 32, 32), (3, 32, 32)), ((51,), (51,))]
)
def test_channels_come_first_and_are_added_where_there_are_none(
    shape: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert input_shape(shape) == expected
