"""Members of a gzipped tar archive by name, each within bounds; nothing is unpacked to disk."""

import gzip
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from core.errors import UnreadableFile

LARGEST_BATCH = 256 * 2**20  # bytes; CIFAR-100's training images take 155 MB
LARGEST_ARCHIVE = 512 * 2**20  # of all members together: CIFAR's take 190 MB
LARGEST_HEADER = 2**16  # of what stands between two members
MOST_MEMBERS = 1000
PIECE = 2**20


class _BoundedGzip(gzip.GzipFile):
    """Hands out no more at once than is due, whatever the headers of an archive ask for."""

    due = LARGEST_HEADER

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0 or size > self.due:
            raise tarfile.ReadError("a header asks for more than any batch has")
        return super().read(size)


def read_members(path: Path, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The contents of the regular files whose names, without their folders, are wanted.

    Raises
    ------
    UnreadableFile
        If the archive is missing or damaged, or a member is larger than any batch of CIFAR.
    """
    found: dict[str, bytes] = {}
    total = 0
    try:
        with _BoundedGzip(path, "rb") as unpacked, tarfile.open(fileobj=unpacked, mode="r:") as archive:
            for count, member in enumerate(archive):
                total += max(0, member.size)
                if count >= MOST_MEMBERS or member.size > LARGEST_BATCH or total > LARGEST_ARCHIVE:
                    reason = f"It unpacks to more than CIFAR does ({member.name[:80]})."
                    raise UnreadableFile(path, reason, "Get it again from its origin.")
                name = PurePosixPath(member.name).name
                if member.isreg() and wanted(name) and (content := archive.extractfile(member)) is not None:
                    if name in found:
                        raise UnreadableFile(path, f"It holds {name} twice.", "Get it again from its origin.")
                    unpacked.due = LARGEST_BATCH
                    found[name] = content.read(member.size)
                    unpacked.due = LARGEST_HEADER
            unpacked.due = LARGEST_BATCH
            while unpacked.read(PIECE) and unpacked.tell() < LARGEST_ARCHIVE:
                pass  # to the end, where the checksum is compared
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except PermissionError as error:
        raise UnreadableFile(path, "You may not read it.", "Ask for the permission, or choose another file.") from error
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, RecursionError) as error:
        reason = f"It is not a whole .tar.gz archive ({str(error) or type(error).__name__})."
        raise UnreadableFile(path, reason, "Get it again from its origin.") from error
    return found
