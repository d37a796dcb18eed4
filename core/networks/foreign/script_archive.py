"""A TorchScript archive rebuilt so that loading it runs nothing and can only lead to a graph, which is checked later.

Loading calls what the file defines as ``__setstate__``, with all that TorchScript can do, and restores objects of
torch's own C++ classes. Neither is part of a network that computes. Torch never sees the file that came in: it reads
archives differently from Python (names without regard to case, the first of two of one name), and what one of the two
overlooks must not reach the other.
"""

import io
import re
import zipfile
from pathlib import Path

from core.errors import UnreadableFile, UnsupportedNetwork

MOST_BYTES = 2**31  # unpacked
_GAP = r"(?:\s|\\|#[^\n]*\n)*"  # what the scripting language allows between two words
REACHES_THE_DISK = re.compile(rf"\b(?:torch|aten){_GAP}\.{_GAP}(save|from_file)\b")
RUNS_WHILE_LOADING = re.compile(r"\b__(?:set|get)state__\b")
NATIVE_OBJECT = re.compile(rb"torch[.\n]classes[.\n]")


def without_side_effects(path: Path) -> io.BytesIO:
    """Rebuild a TorchScript archive from its members, after looking into each.

    Raises
    ------
    UnreadableFile
        If the archive is damaged, too large, or holds two members of one name.
    UnsupportedNetwork
        If its code runs while it is loaded, reaches the disk, or needs objects of torch's own C++ classes.
    """
    rebuilt = io.BytesIO()
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(rebuilt, "w", zipfile.ZIP_STORED) as safe:
            for member in _members(archive):
                content = archive.read(member)
                _refuse_side_effects(member.filename, content)
                safe.writestr(member.filename, content)
    except UnsupportedNetwork:
        raise
    except (OSError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, NotImplementedError) as error:
        reason = f"torch cannot load this TorchScript file ({error})."
        raise UnreadableFile(path, reason, "Save it again with torch.jit.save.") from error
    except Exception as error:  # each way of packing has its own error
        reason = "torch cannot load this TorchScript file (it is damaged)."
        raise UnreadableFile(path, reason, "Save it again with torch.jit.save.") from error
    rebuilt.seek(0)
    return rebuilt


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """All members, after seeing that their names differ and that they may be unpacked."""
    members = archive.infolist()
    if len({member.filename.lower() for member in members}) < len(members):
        raise ValueError("it holds two members of one name")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise ValueError("it unpacks to more than 2 GB")
    return members


def _refuse_side_effects(name: str, content: bytes) -> None:
    """Raise `UnsupportedNetwork` for code, or a list of objects, that does more than compute."""
    ending = name.lower().rpartition(".")[2]
    if ending in ("py", "pkl") and NATIVE_OBJECT.search(content):
        raise UnsupportedNetwork("It holds objects of torch's own C++ classes. Script a network without quantisation.")
    if ending != "py":
        return
    code = content.decode(errors="replace")
    if found := REACHES_THE_DISK.search(code):
        raise UnsupportedNetwork(
            f"It uses aten::{found[1]}, which reaches the disk. Script a network that only computes."
        )
    if found := RUNS_WHILE_LOADING.search(code):
        raise UnsupportedNetwork(
            f"It defines {found[0]}, which would run while it is loaded. Trace the network instead."
        )
