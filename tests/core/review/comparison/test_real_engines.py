"""What real engines compute twice is found to be the same; what they compute otherwise, to agree or to differ."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.analysis import compute
from core.data.storing import store_dataset
from core.job import JobContext
from core.landscape.plane import RandomDirections
from core.landscape.surface import SurfaceRequest
from core.naming import Request, kind_of
from core.networks.network import Network
from core.networks.storing import store_network
from core.review.comparison.comparing import compare_sessions
from core.review.comparison.record import Comparison, Pair
from core.session.document import Document, ResultItem
from core.session.files import open_document, save_document
from core.spectrum.spectrum import SpectrumRequest
from tests.core.landscape.small import small_data, small_network
from tests.core.review.comparison.pairs_of_sessions import row

pytestmark = pytest.mark.usefixtures("one_thread")
SPECTRUM = SpectrumRequest(top=3, max_products=60, trace=True, density=True)
SURFACE = SurfaceRequest(columns=15, rows=15, x_range=(-0.6, 0.6), y_range=(-0.6, 0.6))


def session(network: Network, *requests: Request, saved: Path) -> Document:
    """The results of these requests, as they come out of a file."""
    data = small_data(network, 30)
    network_item, data_item = store_network(network), store_dataset(data, origin="noise", keep=True)
    document = Document().with_item(network_item).with_item(data_item)
    for number, request in enumerate(requests):
        item = ResultItem(
            id=f"{kind_of(request)}-{number}-{saved.stem}",
            name=f"Result {number}",
            created_utc="2026-01-01T00:00:00+00:00",
            network_id=network_item.id,
            dataset_id=data_item.id,
            result=compute(request, network, data, JobContext()),
        )
        document = document.with_item(item)
    save_document(document, saved)
    return open_document(saved)


def result(comparison: Comparison) -> Pair:
    """The only result of both."""
    pairs = [pair for pair in comparison.pairs if pair.kind not in ("network", "data")]
    assert len(pairs) == 1
    return pairs[0]


def test_what_is_computed_twice_is_the_same_bit_for_bit_whatever_it_is_called(tmp_path: Path) -> None:
    network = small_network("mlp")
    once = session(network, SURFACE, SPECTRUM, saved=tmp_path / "last-year.corrie.h5")
    twice = session(network, SURFACE, SPECTRUM, saved=tmp_path / "today.corrie.h5")
    comparison = compare_sessions(once, twice)
    assert comparison.identical, [line for pair in comparison.pairs for line in pair.differing]
    assert {pair.matched_by for pair in comparison.pairs} == {
        "the same fingerprint",
        "the same request, network and data",
    }


def test_an_adaptive_surface_agrees_with_the_full_one_within_its_certificate(tmp_path: Path) -> None:
    network = small_network("mlp")
    full = session(network, SURFACE, saved=tmp_path / "full.corrie.h5")
    asked = replace(SURFACE, method="adaptive", tolerance=0.05)
    adaptive = session(network, asked, saved=tmp_path / "adaptive.corrie.h5")
    pair = result(compare_sessions(full, adaptive))
    assert pair.matched_by == "the same name"
    assert row(pair, "Axes").finding == "same"
    assert next(line for line in pair.rows if line.what.startswith("Height")).finding in ("same", "agree")
    assert (row(pair, "Method").a, row(pair, "Method").b) == ("grid", "adaptive")
    assert pair.verdict == "differ"  # something else was asked


def test_another_seed_is_another_plane(tmp_path: Path) -> None:
    network = small_network("mlp")
    one = session(network, SURFACE, saved=tmp_path / "one.corrie.h5")
    seed = RandomDirections(seed=7)
    other = session(network, replace(SURFACE, directions=seed), saved=tmp_path / "other.corrie.h5")
    pair = result(compare_sessions(one, other))
    assert (pair.verdict, pair.reason) == ("not comparable", "they lie in different planes")
    assert row(pair, "Loss of the network itself").finding in ("same", "agree")
    assert (row(pair, "Seed").a, row(pair, "Seed").b) == ("123", "7")


def test_a_search_from_another_start_finds_eigenvalues_within_the_bars(tmp_path: Path) -> None:
    network = small_network("mlp")
    one = session(network, SPECTRUM, saved=tmp_path / "one.corrie.h5")
    other = session(network, replace(SPECTRUM, seed=5), saved=tmp_path / "other.corrie.h5")
    pair = result(compare_sessions(one, other))
    assert row(pair, "Eigenvalues").finding in ("same", "agree")
    assert all(line.finding in ("same", "agree") for line in pair.rows if line.what.startswith("λ"))
    assert next(line for line in pair.rows if line.what == "Eigenvectors").finding in ("same", "agree")


def test_a_network_that_was_trained_anew_is_another_one_and_so_are_its_eigenvalues(tmp_path: Path) -> None:
    one = session(small_network("mlp"), SPECTRUM, saved=tmp_path / "one.corrie.h5")
    other = session(small_network("mlp", seed=3), SPECTRUM, saved=tmp_path / "other.corrie.h5")
    comparison = compare_sessions(one, other)
    network = next(pair for pair in comparison.pairs if pair.kind == "network")
    assert network.matched_by == "the same name"
    assert network.verdict == "differ"
    assert "changed; ‖B − A‖₂ is" in row(network, "Weights, ‖w‖₂").difference
    spectrum = result(comparison)
    assert spectrum.matched_by.startswith("the same request, of a network")
    assert row(spectrum, "Network sha256").finding == "differ"
    assert row(spectrum, "Eigenvalues").finding == "differ"
