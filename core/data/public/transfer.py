"""One file from one address into a ``.part`` file: it goes on where an earlier try stopped, and stops at once."""

import contextlib
import errno
import queue
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from core.errors import DownloadFailed, OutOfSpace
from core.job import JobContext

CHUNK = 64 * 2**10  # bytes
CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 30.0  # without a byte, after which the server is given up
POLL_SECONDS = 0.05  # how soon a stop is noticed while the server is silent
RESUMPTIONS = 5  # of one address, each of which must bring something
SPARE_BYTES = 16 * 2**20  # left free on the disk
UNWRITABLE = (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
LOCKLESS = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP)  # some network drives know no locks

Report = Callable[[int, int | None], None]  # bytes there, bytes in all if known


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A file, and what is known about it beforehand."""

    address: str
    part: Path  # where it grows
    size: int | None  # published bytes
    checked: bool  # whether a checksum is known, which finds out if a resumed file has changed meanwhile

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or self.address

    @property
    def validator_file(self) -> Path:
        """Holds what the server calls this version of the file, so that another version is not appended to it."""
        return self.part.with_name(self.part.name + ".version")

    @property
    def there(self) -> int:
        """Bytes of earlier tries."""
        return self.part.stat().st_size if self.part.exists() else 0


class _Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]


class _Dropped(Exception):
    """The connection ended before the file did."""


class _BeginAnew(_Dropped):
    """What was there does not belong to the server's file and is gone."""


@dataclass
class _Connection:
    """The thread that reads from the server, so that whoever waits for it can stop waiting."""

    arrivals: "queue.Queue[_Answer | bytes | Exception | None]" = field(default_factory=lambda: queue.Queue(maxsize=16))
    stop: threading.Event = field(default_factory=threading.Event)
    response: Any = None  # requests.Response once there is one

    def put(self, thing: "_Answer | bytes | Exception | None") -> None:
        while not self.stop.is_set():
            with contextlib.suppress(queue.Full):
                self.arrivals.put(thing, timeout=POLL_SECONDS)
                return

    def get(self, job: JobContext) -> "_Answer | bytes | None":
        """What arrives next; None at the end. Raises what the reading thread met."""
        while True:
            job.check()
            with contextlib.suppress(queue.Empty):
                thing = self.arrivals.get(timeout=POLL_SECONDS)
                if isinstance(thing, Exception):
                    raise thing
                return thing

    def close(self) -> None:
        self.stop.set()
        with contextlib.suppress(Exception):  # urllib3 complains about answers that are over already
            self.response.raw.shutdown()


@contextlib.contextmanager
def held(part: Path) -> Iterator[None]:
    """Keep a file from every other Corrie, from the first look at what is there until it has its name.

    Raises
    ------
    DownloadFailed
        If another one has it, be it in this process.
    """
    import filelock  # noqa: PLC0415  only for who downloads

    lock = filelock.FileLock(part.with_name(part.name + ".lock"))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as taken:
        raise DownloadFailed(f"{part}: another Corrie is fetching this file. Wait until it is there.") from taken
    except OSError as error:
        if error.errno not in LOCKLESS:
            raise
    try:
        yield
    finally:
        if sys.platform == "win32":  # where nothing that is open can be deleted
            lock.release()
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def transfer(wanted: Wanted, job: JobContext, report: Report) -> None:
    """Fetch what is missing of a file that is `held`, over several connections if need be.

    Raises
    ------
    DownloadFailed
        If the server cannot be reached, refuses, or sends something else. What has arrived is kept where it can be
        used.
    OutOfSpace
        If the disk does not suffice.
    Cancelled
        At once; what has arrived is kept.
    """
    for attempt in range(RESUMPTIONS + 1):
        before = wanted.there
        if wanted.size is not None and before == wanted.size:
            return
        try:
            _connect(wanted, job, report)
        except _Dropped as dropped:
            futile = wanted.there <= before and not isinstance(dropped, _BeginAnew)
            if futile or attempt == RESUMPTIONS:
                raise DownloadFailed(
                    f"{wanted.address}: the connection to {wanted.host} broke off after {wanted.there:,} bytes "
                    f"({dropped}). Try again later: what has arrived is kept."
                ) from dropped
        else:
            return


def _connect(wanted: Wanted, job: JobContext, report: Report) -> None:
    connection = _Connection()
    thread = threading.Thread(
        target=_read, args=(wanted.address, _headers(wanted), connection), name="corrie-download", daemon=True
    )
    thread.start()
    try:
        answer = connection.get(job)
        if isinstance(answer, _Answer):
            _receive(wanted, answer, connection, job, report)
    except OSError as error:
        # requests' exceptions are OSErrors, too
        if isinstance(error, OutOfSpace):
            raise
        if error.errno in UNWRITABLE:
            raise _no_room(wanted, error) from error
        raise _explained(wanted, error) from error
    finally:
        connection.close()


def _read(address: str, headers: Mapping[str, str], connection: _Connection) -> None:
    """In its own thread: ask, and hand over whatever comes."""
    import requests  # noqa: PLC0415  a fifth of a second, and only for who downloads
    import urllib3.exceptions  # noqa: PLC0415  the same

    answered = False
    try:
        timeouts = (CONNECT_SECONDS, SILENCE_SECONDS)
        with requests.get(address, headers=headers, stream=True, timeout=timeouts) as response:
            connection.response = response
            answered = True
            connection.put(_Answer(response.status_code, response.headers))
            while not connection.stop.is_set() and (
                piece := response.raw.read1(CHUNK, decode_content=False)
            ):  # bytes as they lie on the server, since it is they that have a checksum
                connection.put(piece)
        connection.put(None)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        silent = "timed out" in str(error).lower()
        reason = f"no byte came for {SILENCE_SECONDS:g} s" if silent else "the server or the network closed it"
        connection.put(_Dropped(reason) if answered else error)
    except ValueError as error:  # an address that is none
        connection.put(DownloadFailed(f"{address}: this is no address that can be fetched ({error})."))


def _headers(wanted: Wanted) -> dict[str, str]:
    headers = {"Accept-Encoding": "identity", "User-Agent": "Corrie"}
    have = wanted.there
    validator = wanted.validator_file.read_text(encoding="utf-8") if wanted.validator_file.exists() else ""
    if have and (validator or wanted.checked):
        headers["Range"] = f"bytes={have}-"
        if validator:
            headers["If-Range"] = validator
    return headers


def _receive(wanted: Wanted, answer: _Answer, connection: _Connection, job: JobContext, report: Report) -> None:
    have = wanted.there
    if answer.status == 416:  # nothing follows what was there
        if answer.headers.get("Content-Range", "") == f"bytes */{have}":
            return
        wanted.part.unlink(missing_ok=True)
        raise _BeginAnew("the server's file is shorter than what was there")
    if answer.status not in (200, 206):
        raise DownloadFailed(_refusal(wanted, answer.status))
    start, total = _extent(answer)
    if answer.status == 200:  # no Range understood, or another version: from the beginning
        have = 0
    elif start != have:
        wanted.part.unlink(missing_ok=True)
        raise _BeginAnew("the server sent another piece than was asked for")
    if wanted.size is not None and total is not None and total != wanted.size:
        raise DownloadFailed(
            f"{wanted.address}: the server offers {total:,} bytes instead of the published {wanted.size:,}, so this "
            "is not the data set; it may be the login page of a network. Open the address in a browser to see."
        )
    _check_room(wanted, (total or wanted.size or 0) - have)
    _write(wanted, answer, have, total or wanted.size, connection, job, report)


def _write(
    wanted: Wanted,
    answer: _Answer,
    have: int,
    total: int | None,
    connection: _Connection,
    job: JobContext,
    report: Report,
) -> None:
    wanted.part.touch()
    with wanted.part.open("r+b") as file:
        file.truncate(have)
        file.seek(have)
        if not have:
            wanted.validator_file.write_text(_validator(answer.headers), encoding="utf-8")
        report(have, total)
        while isinstance(piece := connection.get(job), bytes):
            file.write(piece)
            have += len(piece)
            if total is not None and have > total:
                break
            report(have, total)
    if total is not None and have < total:
        raise _Dropped("the server or the network closed it")
    if total is not None and have > total:
        wanted.part.unlink()
        raise DownloadFailed(
            f"{wanted.address}: the server sent more than the {total:,} bytes of the file. It was deleted; try again."
        )


def _extent(answer: _Answer) -> tuple[int, int | None]:
    """Where the answer begins in the file, and how long the whole file is, if the server says so."""
    if answer.status == 206:
        span, _, whole = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        first = span.partition("-")[0]
        return (int(first) if first.isdecimal() else -1), (int(whole) if whole.isdecimal() else None)
    length = answer.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _validator(headers: Mapping[str, str]) -> str:
    """What `If-Range` may carry: a strong entity tag, or else the date."""
    tag = headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")


def _check_room(wanted: Wanted, missing: int) -> None:
    free = shutil.disk_usage(wanted.part.parent).free
    if missing + SPARE_BYTES > free:
        raise OutOfSpace(
            f"{wanted.part.parent}: the disk has {free / 1e6:,.0f} MB free, and {missing / 1e6:,.0f} MB are to come. "
            "Make room, or let CORRIE_DATA name a folder on another disk."
        )


def _no_room(wanted: Wanted, error: OSError) -> OutOfSpace:
    return OutOfSpace(
        f"{wanted.part}: it cannot be written ({error.strerror}). What has arrived is kept. Make room, or let "
        "CORRIE_DATA name another folder."
    )


def _refusal(wanted: Wanted, status: int) -> str:
    if status in (404, 410):
        return f"{wanted.address}: the server {wanted.host} no longer has this file (status {status})."
    if status in (401, 403, 407, 451):
        return (
            f"{wanted.address}: the server {wanted.host} does not allow it (status {status}). Ask who runs the network."
        )
    if status == 429 or status >= 500:
        return f"{wanted.address}: the server {wanted.host} is out of order or busy (status {status}). Try again later."
    return f"{wanted.address}: the server {wanted.host} answered with status {status}, which is no file."


def _explained(wanted: Wanted, error: OSError) -> DownloadFailed:
    """Why no connection came about."""
    import requests  # noqa: PLC0415  as above

    kept = " What has arrived is kept." if wanted.there else ""
    if isinstance(error, requests.exceptions.TooManyRedirects):
        why = f"the server {wanted.host} sends from one address to the next without end. Try again later."
    elif isinstance(error, requests.exceptions.SSLError):
        why = f"the certificate of {wanted.host} cannot be trusted. Check the clock of this computer, and its proxy."
    elif isinstance(error, requests.exceptions.ProxyError):
        why = f"the proxy of this network does not reach {wanted.host}. Check the proxy's settings."
    elif isinstance(error, requests.exceptions.Timeout):
        why = f"{wanted.host} did not answer in time. Check the connection to the network, and try again."
    elif isinstance(error, requests.exceptions.ConnectionError):
        why = f"{wanted.host} cannot be reached. Check that this computer is online, and try again."
    else:
        why = f"this is no address that can be fetched ({error})."
    return DownloadFailed(f"{wanted.address}: {why}{kept}")
