"""Restarts, ends and memory of the search for eigenpairs, against spectra that are put in."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from core.curvature import basis
from core.curvature.basis import Basis, Room, room_for
from core.curvature.lanczos import RitzPairs, outwardness, ritz_pairs
from core.curvature.reductions import CHUNK
from core.errors import InvalidRequest
from core.memory import available_memory

OUTLIERS = (9.0, 7.0, 6.5, 5.0, 4.0, 3.0, -8.0, -6.0, -2.5)
SIZE = 600


def diagonal(size: int = SIZE) -> Tensor:
    bulk = torch.from_numpy(np.random.default_rng(0).uniform(-0.5, 0.5, size - len(OUTLIERS)))
    return torch.cat([torch.tensor(OUTLIERS, dtype=torch.float64), bulk]).float()


def found(values: Tensor, wanted: int, steps: int = 300, **asked: object) -> RitzPairs:
    """The last pairs before all are converged."""
    none = torch.empty(0, len(values))
    for pairs in ritz_pairs(lambda v: values * v, len(values), wanted, steps, none, 0, **asked):  # type: ignore[arg-type]
        if pairs.converged(1e-4):
            break
    return pairs


def outermost(values: Tensor, wanted: int, end: str) -> Tensor:
    order = outwardness(values.double(), end).argsort(descending=True)[:wanted]  # type: ignore[arg-type]
    return values.double()[order]


@pytest.mark.parametrize("end", ["magnitude", "largest", "smallest"])
@pytest.mark.parametrize("room", [Room(12), Room(20), Room(300), Room(14, in_file=True)])
def test_restarts_lead_to_the_same_pairs_at_every_end(end: str, room: Room) -> None:
    values = diagonal()
    wanted = 3 if end == "smallest" else 5
    pairs = found(values, wanted, end=end, room=room)
    assert len(pairs.basis) <= room.rows
    assert torch.allclose(pairs.values, outermost(values, wanted, end), atol=1e-5)
    vectors = pairs.vectors().double()
    assert torch.allclose(vectors @ vectors.T, torch.eye(wanted, dtype=torch.float64), atol=1e-5)
    residuals = (vectors * values - pairs.values[:, None] * vectors).norm(dim=1)
    assert torch.allclose(residuals, pairs.estimates, atol=1e-5)


def test_restarts_were_needed_in_so_little_room() -> None:
    pairs = found(diagonal(), 5, room=Room(12))
    assert pairs.products > 12


@pytest.mark.parametrize("extra", [-1, 0, 1, CHUNK + 5])
def test_long_directions_in_many_pieces_are_combined_as_short_ones(extra: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basis, "WHOLE_BYTES", 0)
    monkeypatch.setattr(basis, "PIECE_BYTES", 4 * CHUNK)
    values = diagonal(CHUNK + extra)
    pairs = found(values, 4, room=Room(16))
    assert torch.allclose(pairs.values, outermost(values, 4, "magnitude"), atol=1e-5)
    before = pairs.vectors()
    taken = pairs.take(torch.empty(0, dtype=torch.int64))
    assert torch.allclose(taken, before, atol=1e-6)


def test_taking_the_vectors_leaves_no_memory_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basis, "WHOLE_BYTES", 0)
    pairs = found(diagonal(), 4)
    held = pairs.take(torch.empty(0, dtype=torch.int64))
    assert held.untyped_storage().nbytes() == 4 * 4 * SIZE
    assert len(pairs.basis) == 0


def test_pairs_of_the_other_end_are_told_apart() -> None:
    pairs = found(diagonal(), 3, end="smallest")
    others = pairs.known_opposite("smallest", 3)
    assert torch.allclose(pairs.others[others][:2], torch.tensor([9.0, 7.0], dtype=torch.float64), atol=1e-3)
    assert len(found(diagonal(), 3).known_opposite("magnitude", 3)) == 0


def test_bars_tighten_and_hold_the_truth() -> None:
    """Each estimate bounds the distance to some eigenvalue, from the first look on."""
    values = diagonal()
    worst = []
    for pairs in ritz_pairs(lambda v: values * v, SIZE, 5, 40, torch.empty(0, SIZE), 3):
        distance = (values.double()[:, None] - pairs.values).abs().min(dim=0).values
        assert (distance <= pairs.estimates + 1e-5).all()
        worst.append(float(pairs.estimates.max()))
    assert worst[-1] < 1e-3 * worst[0]


Memory = Callable[[int], None]


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """Say how much memory is free."""

    def free(count: int) -> None:
        monkeypatch.setattr(basis, "available_memory", lambda: count)

    return free


def test_the_room_is_what_memory_has(memory: Memory) -> None:
    million = 1_000_000
    memory(100 * 2**30)
    assert room_for(million, 20, 200) == Room(36)
    assert room_for(1000, 20, 200) == Room(200)
    memory(2 * 4 * million * 31)
    assert room_for(million, 20, 200) == Room(31)
    memory(2 * 4 * million * 10)
    assert room_for(million, 20, 200) == Room(36, in_file=True)


def test_what_neither_memory_nor_disk_can_hold_is_refused_in_a_sentence(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory(1000)
    monkeypatch.setattr(basis, "_free_disk", lambda: 1000)
    with pytest.raises(InvalidRequest, match=r"20 eigenvectors of 1,000,000 numbers need at least 120 MB"):
        room_for(1_000_000, 20, 200)


def test_memory_that_runs_short_on_the_way_makes_the_search_restart(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basis, "WHOLE_BYTES", 0)
    monkeypatch.setattr(basis, "PIECE_BYTES", 4 * SIZE * 3)
    values = diagonal()
    seen = []

    def product(vector: Tensor) -> Tensor:
        if len(seen) == 8:
            memory(0)  # from here on nobody has any
        seen.append(vector)
        return values * vector

    for pairs in ritz_pairs(product, SIZE, 5, 300, torch.empty(0, SIZE), 0):
        if pairs.converged(1e-4):
            break
    assert len(pairs.basis) < len(seen)
    assert torch.allclose(pairs.values, outermost(values, 5, "magnitude"), atol=1e-5)


def test_a_basis_in_a_file_is_a_basis() -> None:
    held = Basis(50, Room(6, in_file=True), 3)
    rows = torch.linalg.qr(torch.randn(50, 6, generator=torch.Generator().manual_seed(0)))[0].T.contiguous()
    for row in rows:
        assert held.make_room(2)
        held.append(row)
    assert not held.make_room(2)
    vector = torch.randn(50, generator=torch.Generator().manual_seed(1))
    rest, products = held.project_out(vector)
    assert torch.allclose(products.float(), rows @ vector, atol=1e-6)
    assert (rows @ rest).abs().max() < 1e-6


def test_free_memory_is_a_number_of_bytes() -> None:
    assert 2**20 < available_memory() < 2**50
