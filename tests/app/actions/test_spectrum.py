"""What follows from a spectrum with one click."""

from dataclasses import replace

import numpy as np
import pytest

from app.actions.spectrum import (
    curves_along,
    layer_alone,
    ranks_across,
    ranks_along,
    surface_across,
    with_everything,
)
from core.errors import InvalidRequest
from core.landscape.curve import CurveRequest
from core.landscape.plane import FileDirections
from core.landscape.surface import SurfaceRequest
from core.spectrum.spectrum import SpectrumRequest
from tests.documents import SHAPES, dataset_item, result_item, spectrum

ITEM = result_item(spectrum(), "spectrum-0", "Sharpest directions")


def test_without_a_choice_one_goes_along_the_first_eigenvectors() -> None:
    assert ranks_along((), spectrum()) == (1, 2, 3)
    assert ranks_along((4, 1), spectrum()) == (2, 5)
    assert ranks_along((), spectrum(2)) == (1, 2)
    assert ranks_along((0,), spectrum(vectors=False)) == ()


def test_a_plane_takes_the_chosen_eigenvectors_and_fills_up_with_the_first() -> None:
    assert ranks_across((), spectrum()) == (1, 2)
    assert ranks_across((3,), spectrum()) == (4, 1)
    assert ranks_across((0,), spectrum()) == (1, 2)
    assert ranks_across((5, 2, 1), spectrum()) == (6, 3)
    with pytest.raises(InvalidRequest, match="two eigenvectors"):
        ranks_across((), spectrum(1))


def test_curves_go_along_the_very_eigenvectors_on_both_sets() -> None:
    test = replace(dataset_item("dataset-1"), samples=1000)
    tasks = curves_along(ITEM, spectrum(), SHAPES, (1, 5), test)
    assert len(tasks) == 2
    for task, rank in zip(tasks, (1, 5), strict=True):
        request = task.request
        assert isinstance(request, CurveRequest)
        assert isinstance(request.directions, FileDirections)
        assert request.directions.eigenvector == rank
        assert (request.test, request.test_samples, task.test_id) == (True, 256, "dataset-1")
        assert (task.network_id, task.dataset_id) == (ITEM.network_id, ITEM.dataset_id)
        assert task.directions is not None
        flat = np.concatenate([task.directions.x[name].ravel() for name in SHAPES])
        vectors = spectrum().eigenvectors
        assert vectors is not None
        assert abs(float(flat @ vectors[rank - 1])) == pytest.approx(1.0, abs=1e-5)


def test_a_surface_has_two_eigenvectors_as_axes_and_says_which() -> None:
    task = surface_across(ITEM, spectrum(), SHAPES, (3, 1))
    request, axes = task.request, task.directions
    assert isinstance(request, SurfaceRequest)
    assert axes is not None
    assert isinstance(request.directions, FileDirections)
    assert request.directions.sha256 == axes.fingerprint
    assert request.directions.x_axis == "multiples of eigenvector 3 (unit length)"
    assert request.directions.origin == "“Sharpest directions”"
    assert axes.eigenvalues == (spectrum().eigenvalues[2], spectrum().eigenvalues[0])
    assert axes.cosine < 1e-5
    assert set(axes.y) == set(SHAPES)


def test_eigenvalues_of_another_matrix_are_not_called_those_of_the_hessian() -> None:
    other = replace(spectrum(), request=SpectrumRequest(top=8, matrix="fisher"))
    task = surface_across(ITEM, other, SHAPES, (1, 2))
    assert task.directions is not None
    assert task.directions.eigenvalues == ()


def test_a_layer_alone_is_asked_for_no_more_than_it_has() -> None:
    request = with_everything(SpectrumRequest(samples=40, matrix="gauss_newton"))
    assert request.density
    assert request.trace
    assert request.layer_table
    alone = layer_alone(request, "1", 4)
    assert (alone.layers, alone.top, alone.samples, alone.matrix) == (("1",), 4, 40, "gauss_newton")
    assert not alone.layer_table
