"""Orthonormal directions of a Krylov space, in memory that is taken as it is needed, or in a temporary file.

A basis of m directions of P numbers takes 4·m·P bytes: of ten million parameters sixty take 2.4 GB. It is estimated
before, the search restarts with fewer directions where memory is short, and where even these would not fit they lie in
a file that the system reads and writes as it has room.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.curvature.reductions import CHUNK, Check, inner_products, never, norm, subtract_combination
from core.curvature.refusals import is_lack_of_memory
from core.errors import InvalidRequest, OutOfSpace
from core.memory import available_memory, in_words

WHOLE_BYTES = 64 * 2**20  # a basis no larger than this is one piece
PIECE_BYTES = 64 * 2**20  # of larger ones so much is taken at a time
SHARE = 2  # a basis takes no more than this part of the free memory
LEFT_FREE = 256 * 2**20
FEW = 8  # rows that are subtracted one by one, at most
TWICE = 0.7  # a remainder shorter than this share of what it was is orthogonalised again (Daniel et al. 1976)


@dataclass(frozen=True)
class Room:
    """How many directions are held at once, and where."""

    rows: int
    in_file: bool = False


def room_for(size: int, wanted: int, steps: int) -> Room:
    """As many of the wanted directions as memory has room for.

    Parameters
    ----------
    size : int
        P, numbers of a direction.
    wanted : int
        Pairs that are searched for.
    steps : int
        At most so many products, so no more directions are of use.

    Raises
    ------
    InvalidRequest
        If neither memory nor the disk of temporary files has room for the fewest directions that do.
    """
    steps = min(steps, size)
    least = min(steps, wanted + max(8, wanted // 2))
    # For 20 pairs of C1, 36 directions took 84 products and an endless room took 82.
    most = steps if 4 * size * steps <= WHOLE_BYTES else min(steps, max(least, 2 * wanted - 4))
    fit = available_memory() // SHARE // (4 * size)
    if fit >= least:
        return Room(min(most, fit))
    rows = min(most, _free_disk() // SHARE // (4 * size))
    if rows < least:
        raise InvalidRequest(
            f"{wanted} eigenvectors of {size:,} numbers need at least {in_words(4 * size * least)} for the directions "
            "of the search, which is more than memory and the disk of temporary files have room for. Ask for fewer "
            "eigenvalues or for some layers."
        )
    return Room(rows, in_file=True)


def _free_disk() -> int:
    return shutil.disk_usage(tempfile.gettempdir()).free


class Basis:
    """Orthonormal rows of float32, of which the last may not be used yet.

    Parameters
    ----------
    size : int
        Numbers of a row.
    room : Room
    first : int
        Rows of the first piece, which stays when a search ends.
    """

    def __init__(self, size: int, room: Room, first: int) -> None:
        self._size, self.room, self._first = size, room.rows, min(first, room.rows)
        self._pieces: list[Tensor] = []
        self._held = 0
        self._count = 0
        small = size <= CHUNK and 8 * size * room.rows <= WHOLE_BYTES
        self._wide = torch.empty(room.rows if small else 0, size, dtype=torch.float64)  # the same rows
        if room.in_file:
            self._pieces, self._held = [_mapped(room.rows, size)], room.rows
        elif 4 * size * room.rows <= WHOLE_BYTES:
            self._pieces, self._held = [torch.empty(room.rows, size)], room.rows

    def __len__(self) -> int:
        return self._count

    def append(self, row: Tensor) -> None:
        """Hold one direction more; `full` says whether there is room."""
        self.row_space(self._count).copy_(row)
        if len(self._wide):
            self._wide[self._count] = row
        self._count += 1

    def __getitem__(self, index: int) -> Tensor:
        return self.row_space(index)

    def row_space(self, index: int) -> Tensor:
        """The memory of a row."""
        for piece in self._pieces:
            if index < len(piece):
                return piece[index]
            index -= len(piece)
        raise IndexError(index)

    def make_room(self, least: int) -> bool:
        """Take memory for one row more; False where the room is full, or memory is short and `least` rows are held."""
        if self._count < self._held:
            return True
        if self._count >= self.room:
            return False
        rows = max(1, PIECE_BYTES // (4 * self._size)) if self._pieces else self._first
        rows = min(rows, self.room - self._held)
        short = available_memory() < 4 * self._size * rows + LEFT_FREE
        if short and self._count >= least:
            self.room = self._count
            return False
        try:
            self._pieces.append(torch.empty(rows, self._size))
        except (RuntimeError, MemoryError) as error:
            if not is_lack_of_memory(error) or self._count < least:
                raise
            self.room = self._count
            return False
        self._held += rows
        return True

    def next_from(self, image: Tensor, column: Tensor, check: Check = never) -> tuple[Tensor, float]:
        """What is new in the image of the last row, and that row's own product with it.

        Parameters
        ----------
        image : (P,) Tensor
        column : (j,) float64 Tensor
            What is known of the products of the rows with the image; of the last row nothing.
        """
        if len(self._wide):
            return self._next_of_wide(image.double(), column)
        own = float(inner_products(self[self._count - 1][None], image)[0])
        column[-1] = own
        rest, found = self.project_out(self.subtract(image, column, check), check)
        return rest, own + float(found[-1])

    def _next_of_wide(self, image: Tensor, column: Tensor) -> tuple[Tensor, float]:
        """The same for small rows, which are at hand in float64 and where every call counts."""
        rows = self._wide[: self._count]
        own = float(rows[-1] @ image)
        column[-1] = own
        known = column.tolist()
        used = [place for place, number in enumerate(known) if number]
        if len(used) > FEW:
            rest = torch.addmv(image, rows.T, column, alpha=-1)
        else:
            rest = image.clone()
            for place in used:
                rest.sub_(rows[place], alpha=known[place])
        before = float(torch.linalg.vector_norm(rest))
        for _ in range(2):
            found = rows @ rest
            own += float(found[-1])
            rest = torch.addmv(rest, rows.T, found, alpha=-1)
            after = float(torch.linalg.vector_norm(rest))
            if after >= TWICE * before:
                break
            before = after
        return rest.float(), own

    def project_out(self, vector: Tensor, check: Check = never) -> tuple[Tensor, Tensor]:
        """The part of a vector orthogonal to all rows, and its inner products with them (j,) float64.

        One pass, and a second where the first leaves little of the vector: else its rounding would be a large share.
        """
        before = norm(vector)
        products = torch.zeros(self._count, dtype=torch.float64)
        for _ in range(2):
            vector, found = self._pass(vector, check)
            products += found
            after = norm(vector)
            if after >= TWICE * before:
                break
            before = after
        return vector, products

    def _pass(self, vector: Tensor, check: Check) -> tuple[Tensor, Tensor]:
        rows = self._rows()
        found = torch.cat([inner_products(part, vector, check) for part in rows])
        for part, coefficients in zip(rows, torch.split(found, [len(part) for part in rows]), strict=True):
            vector = subtract_combination(vector, part, coefficients, check)
        return vector, found

    def subtract(self, vector: Tensor, coefficients: Tensor, check: Check = never) -> Tensor:
        """``vector − coefficients @ rows`` for the rows whose coefficient is not zero."""
        used = [int(place) for place in coefficients.nonzero().reshape(-1)]
        if len(used) > FEW:
            rows = self._rows()
            for part, some in zip(rows, torch.split(coefficients, [len(part) for part in rows]), strict=True):
                vector = subtract_combination(vector, part, some, check)
            return vector
        for place in used:
            vector = subtract_combination(vector, self[place][None], coefficients[place : place + 1], check)
        return vector

    def first(self, count: int, following: Tensor) -> Tensor:
        """(count + f, P) float32: a copy of the first rows, with (f, P) others behind them."""
        return torch.stack([*(self[index] for index in range(count)), *following])

    def combination(self, coefficients: Tensor, check: Check = never) -> Tensor:
        """(k, P) float32: ``coefficients (k, j) @ rows``."""
        result = torch.empty(len(coefficients), self._size)
        for start in range(0, self._size, CHUNK):
            check()
            result[:, start : start + CHUNK] = coefficients @ self._columns(start, coefficients.shape[1])
        return result

    def compress(self, coefficients: Tensor, check: Check = never) -> None:
        """Replace the rows by ``coefficients (k, j) @ rows``, in their own memory."""
        for start in range(0, self._size, CHUNK):
            check()
            combined = (coefficients @ self._columns(start, coefficients.shape[1])).float()
            for index, row in enumerate(combined):
                self.row_space(index)[start : start + CHUNK] = row
        self._count = len(coefficients)
        if len(self._wide):
            self._wide[: self._count] = torch.cat(self._rows())

    def take(self, coefficients: Tensor, check: Check = never) -> Tensor:
        """(k, P) float32: ``coefficients (k, j) @ rows``. The basis is used up, its memory given back."""
        if len(coefficients) > len(self._pieces[0]):
            result = self.combination(coefficients, check)
        else:
            self.compress(coefficients, check)
            first = self._pieces[0]
            small = 4 * first.numel() <= WHOLE_BYTES
            result = first[: self._count].clone() if small else first[: self._count]
        self._pieces, self._held, self._count, self._wide = [], 0, 0, self._wide[:0]
        return result

    def _rows(self) -> list[Tensor]:
        left, found = self._count, []
        for piece in self._pieces:
            if left > 0:
                found.append(piece[:left])
            left -= len(piece)
        return found

    def _columns(self, start: int, rows: int) -> Tensor:
        return torch.cat([part[:, start : start + CHUNK] for part in self._rows()])[:rows].double()


def _mapped(rows: int, size: int) -> Tensor:
    """(rows, size) float32 in a temporary file without a name; its space is taken at once, so it cannot run out."""
    try:
        with tempfile.TemporaryFile(prefix="corrie-directions-") as file:
            needed = 4 * rows * size
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, needed)
            else:
                file.truncate(needed)
            return torch.from_numpy(np.memmap(file, dtype=np.float32, mode="r+", shape=(rows, size)))
    except OSError as error:
        raise OutOfSpace(
            f"The disk of temporary files ({tempfile.gettempdir()}) has no room for {in_words(4 * rows * size)} that "
            "the search for eigenvalues needs there. Free some, or ask for fewer eigenvalues."
        ) from error
