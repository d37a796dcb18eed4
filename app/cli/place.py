"""Whether a session can be written where it is wanted, asked before hours are spent; and where it goes if it cannot."""

import contextlib
import tempfile
from pathlib import Path

from core.errors import CorrieError, OutOfSpace, SessionError
from core.naming import SESSION_SUFFIX
from core.places import user_data_folder
from core.session.document import Document
from core.session.files import save_document


def check_place(path: Path) -> None:
    """Refuse a place where no session can be written.

    Raises
    ------
    SessionError
        If the folder does not exist, or `path` is one.
    OutOfSpace
        If the folder may not be written.
    """
    try:
        folder = path.resolve().parent
        if not folder.is_dir():
            raise SessionError(path, "The folder does not exist.", "Choose a folder that exists.")
        if path.is_dir():
            raise SessionError(path, "It is a folder.", "Choose the name of a file.")
        tempfile.TemporaryFile(dir=folder).close()  # tried, because permissions alone do not tell
    except OSError as error:
        if isinstance(error, CorrieError):
            raise
        raise OutOfSpace(
            f"{path}: the folder may not be written ({error.strerror}), so nothing was computed. "
            "Choose another place with -o."
        ) from error


def free_path(name: str) -> Path:
    """A name that no file in this folder has yet."""
    stem = "".join(character if character.isalnum() or character in "-_." else "-" for character in name).strip("-.")
    stem = stem[:100] or "session"
    candidates = (Path(f"{stem}{tail}{SESSION_SUFFIX}") for tail in ("", *(f"-{n}" for n in range(2, 10_000))))
    return next(path for path in candidates if not path.exists())


def saved_elsewhere(document: Document, path: Path) -> Path | None:
    """Save what cannot be saved where it was wanted: among the user's own data, or in the folder for temporary files.

    None if there is no room anywhere.
    """
    name = path.name.removesuffix(SESSION_SUFFIX)
    for folder in (user_data_folder("rescued"), Path(tempfile.gettempdir())):
        with contextlib.suppress(CorrieError, OSError):
            folder.mkdir(parents=True, exist_ok=True)
            place = next(p for n in range(1, 10_000) if not (p := folder / f"{name}-{n}{SESSION_SUFFIX}").exists())
            save_document(document, place)
            return place
    return None
