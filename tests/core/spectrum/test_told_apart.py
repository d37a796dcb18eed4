"""Two pairs that lie close together are told apart where only their mixture kept them from being verified."""

import itertools
import math

import numpy as np
import torch

from core.job import JobContext
from core.spectrum.certainty import error_bounds
from core.spectrum.found import Found
from core.spectrum.search import Search
from core.spectrum.spectrum import SpectrumRequest
from core.spectrum.subject import open_subject
from tests.core.spectrum import dense

TOP, OUTSIDE, ANGLE = 8, 0.01, 0.2


def spoilt_pairs(vectors: torch.Tensor, first: int) -> torch.Tensor:
    """The first rows, of which two are mixed with each other, and each with a vector that is not among them."""
    spoilt = vectors[:TOP].clone()
    one = spoilt[first] + OUTSIDE * vectors[TOP + 2]
    two = spoilt[first + 1] + OUTSIDE * vectors[TOP + 3]
    spoilt[first] = math.cos(ANGLE) * one + math.sin(ANGLE) * two
    spoilt[first + 1] = math.cos(ANGLE) * two - math.sin(ANGLE) * one
    return torch.nn.functional.normalize(spoilt, dim=1)


def errors(found: Found, *, mixed: bool) -> torch.Tensor:
    return error_bounds(found.values, found.lengths, -torch.inf, "magnitude", found.between if mixed else None)


def test_what_is_only_mixed_is_turned_and_judged_anew() -> None:
    network, data = dense.network("tanh"), dense.data(70)
    values, columns = np.linalg.eigh(dense.hessian(network, data))
    order = np.argsort(-np.abs(values))
    outermost, vectors = values[order], torch.from_numpy(columns.T[order].copy()).float()
    gaps = [abs(one - other) / abs(one) for one, other in itertools.pairwise(outermost[:TOP])]
    first = int(np.argmin(gaps))

    request = SpectrumRequest(top=TOP)
    subject = open_subject(request, network, data, JobContext())
    with subject.product(JobContext()) as product:
        judge = Search(subject, product, JobContext(), lambda: None)
        found, _ = judge._judged(torch.zeros(TOP), spoilt_pairs(vectors, first), vectors[:0])
        close = [first, first + 1]
        with_mixture, without = (errors(found, mixed=mixed)[close].max() for mixed in (True, False))
        assert without < with_mixture / 2
        size = float(found.values[close].abs().min())
        tolerance = float(torch.sqrt(with_mixture * without)) / size

        asked = SpectrumRequest(top=TOP, tolerance=tolerance)
        search = Search(open_subject(asked, network, data, JobContext()), product, JobContext(), lambda: None)
        before = product.products
        turned = search._told_apart(found)
    assert 0 < product.products - before < TOP  # the others are not judged again
    assert bool((errors(turned, mixed=True) <= tolerance * turned.values.abs())[close].all())
    assert torch.allclose(turned.values, torch.from_numpy(outermost[:TOP]), rtol=1e-3)
    assert turned.between is not None
    assert torch.allclose(turned.between, turned.between.T, atol=1e-5)
