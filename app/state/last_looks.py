"""How sessions were looked at last on this computer, where that is not in their files.

Turning a camera is no change of a session: nobody is asked about it, and a file that a review has signed off is not
written anew because somebody looked at it. So the last look is kept here, and comes back with the same file.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from app.state.document_state import Stamp

MOST = 100  # sessions that are remembered
LARGEST = 2**20  # bytes of one


class LastLooks:
    """A folder with one small file for each session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, document_id: str, stamp: Stamp | None, view: Mapping[str, object]) -> None:
        """Remember a look. What cannot be kept is forgotten: it is a convenience."""
        place = self._place(document_id)
        if place is None or stamp is None:
            return
        with suppress(OSError, ValueError, TypeError, RecursionError):
            text = json.dumps({"stamp": stamp, "view": dict(view)})
            if len(text) <= LARGEST:
                self._folder.mkdir(parents=True, exist_ok=True)
                draft = place.with_suffix(".part")
                draft.write_text(text, encoding="utf-8")
                draft.replace(place)
                self._forget_oldest()

    def of(self, document_id: str, stamp: Stamp | None) -> Mapping[str, object] | None:
        """How the session in that very file was looked at; None if that is not known."""
        place = self._place(document_id)
        if place is None or stamp is None:
            return None
        with suppress(OSError, ValueError, LookupError, RecursionError):
            if place.stat().st_size <= LARGEST:
                known = json.loads(place.read_text(encoding="utf-8"))
                if isinstance(known, dict) and known.get("stamp") == list(stamp) and isinstance(known["view"], dict):
                    return known["view"]
        return None

    def forget(self, document_id: str) -> None:
        """The file has the present look itself."""
        if (place := self._place(document_id)) is not None:
            with suppress(OSError):
                place.unlink(missing_ok=True)

    def _place(self, document_id: str) -> Path | None:
        """None for what is no identifier: it comes from a file, and must not name another place."""
        try:
            return self._folder / f"{UUID(document_id)}.json"
        except ValueError:
            return None

    def _forget_oldest(self) -> None:
        known = sorted(self._folder.glob("*.json"), key=lambda place: place.stat().st_mtime)
        for place in known[:-MOST]:
            place.unlink(missing_ok=True)
