"""A run on disk while it is trained: whatever happens to the process, the last complete save can be read.

Arrays lie in safetensors files that are written once and never changed. ``run.json`` names the ones that belong
together; it is replaced as a whole after they are safe, and files that it no longer names are removed after that.
"""

import contextlib
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import safetensors
import safetensors.numpy

from core.errors import InvalidRequest, UnreadableFile
from core.provenance import Provenance
from core.session.atomic import replace_with
from core.session.json_text import from_json, record_from_table, record_to_table, to_json
from core.session.refusal import Refusal
from core.training.recipe import TrainingRequest
from core.training.run import MEASURED, Checkpoint, Run, TrainingState

INDEX = "run.json"
FORMAT = 1
WEIGHTS, CURVES = "checkpoint", "curves"  # how the names of the two kinds of files begin
STATE = "state "  # before the names of the state's arrays, among the curves
DAMAGED = "Delete the folder and train again."

Arrays = dict[str, npt.NDArray[np.generic]]
_CURVES = ("epoch", "step", *MEASURED, "batch_loss")


class CheckpointFolder:
    """Keeps one run in a folder of its own, which is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[int, tuple[Checkpoint, str]] = {}  # by identity: checkpoints do not change

    def save(self, run: Run) -> None:
        """Put a run in the place of the one before.

        Raises
        ------
        OutOfSpace
            If the disk is full or the folder may not be written. The run before stays readable.
        """
        with contextlib.suppress(OSError):  # whatever is wrong, writing says it better
            self._folder.mkdir(parents=True, exist_ok=True)
        names = [self._keep(checkpoint) for checkpoint in run.checkpoints]
        curves: Arrays = {name: getattr(run, name) for name in _CURVES}
        if run.state is not None:
            curves |= {STATE + name: array for name, array in run.state.arrays.items()}
        curves_file = self._write(CURVES, curves)
        table = {
            "format": FORMAT,
            "status": run.status,
            "ended": run.ended,
            "test_sha256": run.test_sha256,
            "request": record_to_table(run.request),
            "provenance": record_to_table(run.provenance),
            "numbers": None if run.state is None else dict(run.state.numbers),
            "curves": curves_file,
            "checkpoints": [
                {"epoch": checkpoint.epoch, "step": checkpoint.step, "file": name}
                for checkpoint, name in zip(run.checkpoints, names, strict=True)
            ],
        }
        text = to_json(table).encode("ascii")
        replace_with(text, self._folder / INDEX)
        self._forget({*names, curves_file}, run)

    def read(self) -> Run | None:
        """The run of the last complete save; None if there is none.

        Raises
        ------
        UnreadableFile
            If somebody else has changed, shortened or removed files in the folder.
        """
        index = self._folder / INDEX
        if not index.is_file():
            return None
        try:
            return self._run(from_json(index.read_text(encoding="ascii")))
        except (Refusal, LookupError, TypeError, ValueError, AttributeError, OverflowError, InvalidRequest) as error:
            raise UnreadableFile(index, f"It does not describe a run ({error}).", DAMAGED) from error
        except OSError as error:
            raise UnreadableFile(index, f"It could not be read ({error.strerror}).", DAMAGED) from error

    def remove(self) -> None:
        """Delete what was kept, and the folder if nothing else lies in it."""
        index = self._folder / INDEX
        index.unlink(missing_ok=True)  # first: what is left of a folder without it is no run
        for path in self._files():
            path.unlink(missing_ok=True)
        for path in self._folder.glob(".*.tmp"):
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._folder.rmdir()
        self._known = {}

    def _keep(self, checkpoint: Checkpoint) -> str:
        known = self._known.get(id(checkpoint))
        if known is not None and (self._folder / known[1]).is_file():
            return known[1]
        name = self._write(f"{WEIGHTS}-{checkpoint.epoch:06d}", checkpoint.weights)
        self._known[id(checkpoint)] = (checkpoint, name)
        return name

    def _write(self, kind: str, content: Mapping[str, npt.NDArray[np.generic]]) -> str:
        """Write arrays into a file that is named by what it holds, if it is not there yet."""
        data = safetensors.numpy.save({name: np.array(array, order="C") for name, array in content.items()})
        name = f"{kind}-{_fingerprint(data)}.safetensors"
        path = self._folder / name
        if not path.is_file():  # a file in its place is whole: it got there in one piece
            replace_with(data, path)
        return name

    def _forget(self, named: set[str], run: Run) -> None:
        for path in self._files():
            if path.name not in named:
                with contextlib.suppress(OSError):
                    path.unlink()
        alive = {id(checkpoint) for checkpoint in run.checkpoints}
        self._known = {key: value for key, value in self._known.items() if key in alive}

    def _files(self) -> list[Path]:
        return [path for kind in (WEIGHTS, CURVES) for path in self._folder.glob(f"{kind}-*.safetensors")]

    def _run(self, table: Any) -> Run:
        if table["format"] != FORMAT or table["status"] not in ("complete", "partial"):
            raise ValueError("it is of another version")
        stored = self._arrays(table["curves"])
        arrays = {name.removeprefix(STATE): array for name, array in stored.items() if name.startswith(STATE)}
        numbers = table["numbers"]
        if numbers is not None and not all(isinstance(value, int | float) for value in numbers.values()):
            raise ValueError("its counters are no numbers")
        checkpoints = tuple(
            Checkpoint(epoch=int(entry["epoch"]), step=int(entry["step"]), weights=self._arrays(entry["file"]))
            for entry in table["checkpoints"]
        )
        curves: dict[str, Any] = {name: stored[name] for name in _CURVES}
        if not checkpoints or len({len(array) for name, array in curves.items() if name != "batch_loss"}) != 1:
            raise ValueError("its curves are not of one length")
        return Run(
            request=record_from_table(TrainingRequest, table["request"]),
            status=table["status"],
            **curves,
            checkpoints=checkpoints,
            state=None if numbers is None else TrainingState(arrays=arrays, numbers=numbers),
            ended=str(table["ended"]),
            test_sha256=str(table["test_sha256"]),
            provenance=record_from_table(Provenance, table["provenance"]),
        )

    def _arrays(self, name: str) -> Arrays:
        path = self._folder / name
        if path.parent != self._folder or path.is_symlink():
            raise ValueError(f"{name} lies elsewhere")
        try:
            data = path.read_bytes()
            if not path.stem.endswith(_fingerprint(data)):
                raise UnreadableFile(path, "It holds something else than was saved.", DAMAGED)
            return dict(safetensors.numpy.load(data))
        except (safetensors.SafetensorError, OSError) as error:
            raise UnreadableFile(path, f"It is not a whole safetensors file ({error}).", DAMAGED) from error


def _fingerprint(data: bytes) -> str:
    """What the name of a file ends with, so that a change of the file is noticed."""
    return hashlib.sha256(data).hexdigest()[:16]
