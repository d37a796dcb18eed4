"""Public data sets on this computer: fetched when somebody asks for them, and never otherwise."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from core.data.public.catalogue import PublicFile, PublicSet, find_set
from core.data.public.transfer import Report, Wanted, held, transfer
from core.errors import CorrieError, DownloadFailed, OutOfSpace
from core.job import JobContext

State = Literal["there", "partly", "absent"]


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """How much of a set is there: the snapshot that a stopped download leaves behind."""

    name: str
    done: int  # bytes
    total: int | None  # None: the server does not say


def data_folder() -> Path:
    """Where downloaded data lie: the user's cache, or where CORRIE_DATA points."""
    chosen = os.environ.get("CORRIE_DATA", "")
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("Corrie") / "data"


def downloaded(name: str, folder: Path | None = None) -> Path | None:
    """What to open for a name such as ``mnist`` or ``mnist:test``; None while the set is not whole.

    Raises
    ------
    InvalidRequest
        If there is no set of that name.
    """
    wanted = find_set(name)
    if state_of(wanted, folder) != "there":
        return None
    return _place(wanted, folder) / dict(wanted.parts)[name.partition(":")[2]]


def state_of(wanted: PublicSet, folder: Path | None = None) -> State:
    """Whether a set is there. Files get their names only after their checksum was right, so names suffice."""
    place = _place(wanted, folder)
    if all(_is_there(place / file.name, file) for file in wanted.files):
        return "there"
    begun = any((place / file.name).exists() or _part(place / file.name).exists() for file in wanted.files)
    return "partly" if begun else "absent"


def bytes_there(wanted: PublicSet, folder: Path | None = None) -> int:
    """Bytes of the set that have arrived, those of unfinished files included."""
    place = _place(wanted, folder)
    return sum(_length(place / file.name) or _length(_part(place / file.name)) for file in wanted.files)


def fetch_set(
    name: str | PublicSet, job: JobContext, folder: Path | None = None, base_address: str | None = None
) -> Path:
    """Fetch what is missing of a set, check it, and return what to open.

    Parameters
    ----------
    name : str or PublicSet
        A name of the catalogue, with or without ``:test``, or a set that is not in it.
    job : JobContext
        Told the bytes; asked to stop, what has arrived is kept and the next call goes on from there.
    folder : Path, optional
        In place of `data_folder`.
    base_address : str, optional
        A copy of a data folder (``…/mnist/train-images-idx3-ubyte.gz``) to fetch from in place of the origin. Without
        it, CORRIE_DATA_MIRROR may name one.

    Raises
    ------
    InvalidRequest
        If there is no set of that name.
    DownloadFailed
        If no mirror gives the files, or what they give is not what was published; such a file is deleted.
    OutOfSpace
        If the disk does not suffice or may not be written.
    Cancelled
        At once.
    """
    wanted = name if isinstance(name, PublicSet) else find_set(name)
    place = _place(wanted, folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutOfSpace(
            f"{place}: the folder cannot be made ({error.strerror}). Let CORRIE_DATA name another one."
        ) from error
    base = base_address or os.environ.get("CORRIE_DATA_MIRROR", "")
    mirrors = (f"{base.rstrip('/')}/{wanted.folder}/",) if base else wanted.mirrors
    progress = _Progress(wanted, place, job)
    for file in wanted.files:
        job.check()
        _fetch_from_any(wanted, file, mirrors, place, progress)
    part = name.partition(":")[2] if isinstance(name, str) else ""
    return place / dict(wanted.parts)[part]


def recorded_sha256(wanted: PublicSet, file: PublicFile, folder: Path | None = None) -> str:
    """The checksum of the first download of a file whose origin publishes none; empty if there was none."""
    record = _record(_place(wanted, folder) / file.name)
    return record.read_text(encoding="ascii").strip() if record.exists() else ""


class _Progress:
    """The bytes of all files of a set as one bar."""

    def __init__(self, wanted: PublicSet, place: Path, job: JobContext) -> None:
        self.job = job
        self._wanted, self._place = wanted, place

    def reporter(self, file: PublicFile) -> Report:
        """What the transfer of one file calls."""
        others = [other for other in self._wanted.files if other is not file]
        before = sum(_length(self._place / other.name) for other in others)
        sizes = [other.size for other in others]
        rest = None if None in sizes else sum(size for size in sizes if size is not None)

        def report(done: int, size: int | None) -> None:
            total = None if rest is None or size is None else rest + size
            self.job.progress(before + done, total or 0, f"{file.name}, {_megabytes(done, size)}")
            self.job.partial(Arrived(name=self._wanted.name, done=before + done, total=total))

        return report


def _fetch_from_any(
    wanted: PublicSet, file: PublicFile, mirrors: tuple[str, ...], place: Path, progress: _Progress
) -> None:
    troubles: list[str] = []
    for mirror in mirrors:
        try:
            _fetch_file(wanted, file, wanted.address(mirror, file), place / file.name, progress)
        except DownloadFailed as failure:
            troubles.append(str(failure))
        else:
            return
    raise DownloadFailed(" ".join(troubles))


def _fetch_file(wanted: PublicSet, file: PublicFile, address: str, path: Path, progress: _Progress) -> None:
    """Put one file into its place, checked. pooch keeps the file away from its name until its checksum is right."""
    import pooch  # noqa: PLC0415  a fifth of a second, and only for who downloads

    pooch.get_logger().setLevel("WARNING")  # what else it says is said by the progress
    known = file.sha256 or (_record(path).read_text(encoding="ascii").strip() if _record(path).exists() else "")
    part = _part(path)
    ask = Wanted(address=address, part=part, size=file.size, checked=bool(known))

    def download(_address: str, output: str, _pooch: object) -> None:
        with held(part):
            transfer(ask, progress.job, progress.reporter(file))
            progress.job.check()
            part.replace(output)
            ask.validator_file.unlink(missing_ok=True)

    try:
        pooch.retrieve(address, f"sha256:{known}" if known else None, path.name, path.parent, downloader=download)
        if not known:
            _record(path).write_text(f"{pooch.file_hash(str(path))}\n", encoding="ascii")
    except CorrieError:
        raise
    except ValueError as error:  # pooch's word for a wrong checksum
        raise DownloadFailed(_wrong_checksum(wanted, file, address, path)) from error
    except OSError as error:
        raise OutOfSpace(
            f"{path}: it cannot be written ({error.strerror}). Make room, or choose another folder."
        ) from error


def _wrong_checksum(wanted: PublicSet, file: PublicFile, address: str, path: Path) -> str:
    if file.sha256:
        return (
            f"{address}: what was sent is not the published {file.name} of {wanted.title}: its checksum differs. It "
            "was deleted. Try again; if that does not help, the copy on the server is damaged or was exchanged."
        )
    return (
        f"{address}: this is another file than at the first download: its checksum differs from the one that was "
        f"recorded then. It was deleted. If the new one is wanted, delete {_record(path)} and try again."
    )


def _place(wanted: PublicSet, folder: Path | None) -> Path:
    return (folder or data_folder()) / wanted.folder


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def _record(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _is_there(path: Path, file: PublicFile) -> bool:
    return path.is_file() and (file.size is None or path.stat().st_size == file.size)


def _length(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _megabytes(done: int, size: int | None) -> str:
    return f"{done / 1e6:.1f} MB" if size is None else f"{done / 1e6:.1f} of {size / 1e6:.1f} MB"
