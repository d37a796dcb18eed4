"""A search that was stopped, wherever that was, is gone on with and comes to what it would have come to."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from core.curvature.hessian import MatrixProduct
from core.data.dataset import Dataset
from core.errors import Cancelled, InvalidRequest
from core.job import ControlledJob, JobContext
from core.networks.network import Network
from core.spectrum import search
from core.spectrum.engine import compute_spectrum
from core.spectrum.known import FOREIGN
from core.spectrum.spectrum import BegunSearch, Spectrum, SpectrumRequest
from tests.core.spectrum import dense

TOP, SEARCH = 6, SpectrumRequest(top=6)


def network(seed: int = 0) -> Network:
    """P = 183: a search takes some twenty products."""
    torch.manual_seed(seed)
    return dense.named(nn.Sequential(nn.Linear(6, 9), nn.Tanh(), nn.Linear(9, 9), nn.ReLU(), nn.Linear(9, 3)))


def searched(
    request: SpectrumRequest = SEARCH,
    known: Spectrum | None = None,
    job: JobContext | None = None,
    of: Network | None = None,
    data: Dataset | None = None,
) -> Spectrum:
    return compute_spectrum(request, of or network(), data or dense.data(), job or JobContext(), known)


def stopped(
    when: Callable[[str, int], bool], request: SpectrumRequest = SEARCH, known: Spectrum | None = None
) -> Spectrum:
    """What a search leaves that is stopped when something is told of it: the stage, and its products so far."""
    left: list[Spectrum] = []

    def watch(done: int, total: int, text: str) -> None:
        stage, _, count = text.partition(", ")
        if count.endswith(" products") and when(stage, int(count.split()[0])):
            job.cancel()

    job = ControlledJob(on_progress=watch, on_partial=left.append)
    with pytest.raises(Cancelled):
        searched(request, known, job)
    assert left[-1].status == "partial"
    return left[-1]


def after(products: int) -> Callable[[str, int], bool]:
    return lambda stage, count: stage == "searching" and count >= products


def products_of_search(request: SpectrumRequest = SEARCH) -> int:
    return searched(replace(request, audit_products=0)).products - request.top


@pytest.fixture(scope="module")
def whole() -> Spectrum:
    return searched()


def test_a_search_that_is_stopped_anywhere_is_the_same_afterwards(whole: Spectrum) -> None:
    needed = products_of_search()
    assert needed > 3 * TOP - 6
    for products in (5, 8, 11, 14, needed - 1):
        left = stopped(after(products))
        assert left.eigenvectors is None
        assert left.begun is not None
        assert (left.begun.products, left.begun.settled) == (products, False)
        found = searched(known=left)
        assert found.products == whole.products + 1  # the look at what was taken up
        assert found.provenance.seconds > left.provenance.seconds
        for name in ("eigenvalues", "residuals", "eigenvectors", "verified"):
            assert np.array_equal(getattr(found, name), getattr(whole, name)), (products, name)
        assert found.verified.all()
        assert found.begun is None
        assert f"after {products} products" in found.taken_over


def test_a_search_may_be_stopped_again_and_again(whole: Spectrum) -> None:
    left = None
    for products in (5, 9, 10, 16):
        left = stopped(after(products), known=left)
    found = searched(known=left)
    assert np.array_equal(found.eigenvalues, whole.eigenvalues)
    # A look each time, and a product that was under way.
    assert whole.products + 4 <= found.products <= whole.products + 8


def test_what_was_found_is_shown_at_once_when_a_search_goes_on() -> None:
    left, told = stopped(after(12)), []
    searched(known=left, job=ControlledJob(on_partial=told.append))
    first = told[0]
    assert isinstance(first, Spectrum)
    assert np.array_equal(first.eigenvalues, left.eigenvalues)
    assert first.residuals == pytest.approx(left.residuals)
    assert first.products == left.products + 1


def test_pairs_that_were_found_and_not_judged_are_not_searched_again(whole: Spectrum) -> None:
    left = stopped(lambda stage, _: stage == "checking residuals")
    assert left.begun is not None
    assert left.begun.settled
    assert left.begun.directions.shape == (TOP, 183)
    assert left.eigenvectors is None
    assert not left.verified.any()
    found = searched(known=left)
    assert found.products == whole.products
    assert np.array_equal(found.eigenvalues, whole.eigenvalues)
    assert found.verified.all()
    again = stopped(lambda stage, _: stage == "checking residuals", known=left)
    assert again.begun is not None
    assert np.array_equal(searched(known=again).eigenvalues, whole.eigenvalues)


@pytest.mark.parametrize("end", ["largest", "smallest"])
def test_signed_ends_go_on_as_well(end: str) -> None:
    request = replace(SEARCH, end=end, top=3)  # type: ignore[arg-type]
    straight = searched(request)
    found = searched(request, stopped(after(9), request))
    assert np.array_equal(found.eigenvalues, straight.eigenvalues)
    assert np.array_equal(found.verified, straight.verified)


@pytest.mark.parametrize("settled", [False, True])
def test_what_is_left_behind_is_no_view_of_what_goes_on(*, settled: bool) -> None:
    snapshots: list[tuple[Spectrum, np.ndarray]] = []

    def note(snapshot: object) -> None:
        if isinstance(snapshot, Spectrum) and snapshot.begun is not None and snapshot.begun.settled is settled:
            snapshots.append((snapshot, snapshot.begun.directions.copy()))

    searched(job=ControlledJob(on_partial=note))
    assert snapshots
    for snapshot, directions in snapshots:
        assert snapshot.begun is not None
        assert np.array_equal(snapshot.begun.directions, directions)
    assert searched(known=snapshots[0][0]).verified.all()  # as after a kill: what was told while it went on


def test_directions_that_take_too_much_are_reduced_to_ritz_vectors(
    monkeypatch: pytest.MonkeyPatch, whole: Spectrum
) -> None:
    monkeypatch.setattr(search, "COPIED_BYTES", 0)
    monkeypatch.setattr(search, "LEFT_BYTES", 0)
    left = stopped(after(17))
    assert left.begun is not None
    assert left.begun.directions.shape == (TOP * 3 // 2 + 2, 183)
    found = searched(known=left)
    assert found.verified.all()
    assert found.eigenvalues == pytest.approx(whole.eigenvalues, rel=1e-5)
    # 17 were done; a thick restart goes on from them, and does not begin anew
    assert found.products - 17 < whole.products - 8


def test_no_copy_is_made_while_a_search_goes_on_that_will_outgrow_what_copies_may_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "COPIED_BYTES", 4 * 183 * 100)  # more than are used, less than may be
    told: list[Spectrum] = []
    searched(job=ControlledJob(on_partial=told.append))
    held = [one.begun for one in told if one.begun is not None]
    assert [one.settled for one in held] == [True]  # the eigenvectors, which are there anyway
    left = stopped(after(12))
    assert left.begun is not None
    assert left.begun.products == 12


@pytest.mark.parametrize(
    "other",
    [{"top": 5}, {"seed": 3}, {"matrix": "fisher"}, {"end": "largest"}, {"weights_only": True}, {"tolerance": 1e-3}],
    ids=str,
)
def test_another_question_begins_anew(other: dict[str, object]) -> None:
    left, asked = stopped(after(10)), replace(SEARCH, **other)  # type: ignore[arg-type]
    found = searched(asked, left)
    assert found.taken_over in ("", FOREIGN)
    assert np.array_equal(found.eigenvalues, searched(asked).eigenvalues)
    assert found.products == searched(asked).products


def test_what_comes_besides_the_pairs_may_be_asked_for_meanwhile(whole: Spectrum) -> None:
    found = searched(replace(SEARCH, trace=True), stopped(after(10)))
    assert np.array_equal(found.eigenvalues, whole.eigenvalues)
    assert found.trace is not None


def test_another_network_or_other_samples_begin_anew(whole: Spectrum) -> None:
    left = stopped(after(10))
    for of, data in ((network(1), None), (None, dense.data(69))):
        found = searched(SEARCH, left, of=of, data=data)
        assert found.taken_over == FOREIGN
        assert found.verified.all()
        assert found.products == searched(SEARCH, of=of, data=data).products


def spoilt(begun: BegunSearch, name: str) -> BegunSearch:
    changes: dict[str, object] = {
        "a number in T": {"projected": begun.projected + 0.1 * np.eye(len(begun.projected))},
        "no number": {"projected": begun.projected * np.nan},
        "a coupling": {"coupling": begun.coupling + begun.projected.max()},
        "a direction": {"directions": np.roll(begun.directions, 1, axis=1)},
        "lengths": {"directions": begun.directions * np.float32(1.01)},
        "draws": {"draws": 10**12},
        "products": {"products": 10**6},
        "negative": {"products": -5},
    }[name]  # type: ignore[assignment]
    return replace(begun, **changes)


@pytest.mark.parametrize(
    "name",
    ["a number in T", "no number", "a coupling", "a direction", "lengths", "draws", "products", "negative"],
)
def test_what_was_spoilt_is_found_out_and_the_search_begins_anew(name: str, whole: Spectrum) -> None:
    left = stopped(after(12))
    assert left.begun is not None
    found = searched(known=replace(left, begun=spoilt(left.begun, name)))
    assert "began anew" in found.taken_over
    assert np.array_equal(found.eigenvalues, whole.eigenvalues)
    assert found.verified.all()


def test_vectors_that_are_none_are_judged_as_such() -> None:
    left = stopped(lambda stage, _: stage == "checking residuals")
    assert left.begun is not None
    random = np.linalg.qr(np.random.default_rng(0).normal(size=(183, TOP)))[0].T.astype(np.float32)
    found = searched(known=replace(left, begun=replace(left.begun, directions=random)))
    truth = searched()
    # The audit finds what was missed and what is claimed is the truth; else nothing is claimed.
    assert not found.verified.any() or np.allclose(found.eigenvalues, truth.eigenvalues, rtol=1e-4)


def test_memory_that_runs_out_leaves_a_search_to_go_on_with(monkeypatch: pytest.MonkeyPatch, whole: Spectrum) -> None:
    plain, left = MatrixProduct.__call__, []

    def failing(self: MatrixProduct, vector: torch.Tensor) -> torch.Tensor:
        if self.products == 11:
            raise MemoryError
        return plain(self, vector)

    with monkeypatch.context() as change:
        change.setattr(MatrixProduct, "__call__", failing)
        with pytest.raises(InvalidRequest, match="what was found so far is kept"):
            searched(job=ControlledJob(on_partial=left.append))
    assert left[-1].begun.products == 11
    assert np.array_equal(searched(known=left[-1]).eigenvalues, whole.eigenvalues)
