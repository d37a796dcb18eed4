"""Edits of whom a result belongs to: files of other programs do not say it, the user may."""

from dataclasses import dataclass, field, replace

from app.commands.command import Command
from app.commands.items import existing, quoted
from app.commands.results import existing_result
from core.errors import InvalidRequest
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.plane import Directions, FileDirections
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.session.document import DatasetItem, Document, NetworkItem, Result, ResultItem


@dataclass(frozen=True, eq=False)
class LinkResults(Command):
    """Say which network and data imported results belong to, or take it back with empty ids."""

    item_ids: tuple[str, ...]  # results of one plane
    network_id: str
    dataset_id: str
    directions: Directions | None = field(default=None, repr=False)  # by names in the network; None: as they are

    def label(self, document: Document) -> str:
        name = quoted(existing(document, self.item_ids[0]).name)
        if not self.network_id:
            return f"unlink {name}"
        return f"link {name} to {quoted(existing(document, self.network_id).name)}"

    def apply(self, document: Document) -> Document:
        for item_id, kind in ((self.network_id, NetworkItem), (self.dataset_id, DatasetItem)):
            if item_id and not isinstance(existing(document, item_id), kind):
                raise InvalidRequest(f"{quoted(existing(document, item_id).name)} is nothing that a result belongs to.")
        for item_id in self.item_ids:
            item = existing_result(document, item_id)
            if not item.result.provenance.imported:
                raise InvalidRequest(
                    f"{quoted(item.name)} was computed by Corrie, which has recorded whose it is. Only results from "
                    "files of other programs can be linked."
                )
            document = document.with_item(self._linked(item))
        return document

    def _linked(self, item: ResultItem) -> ResultItem:
        result = item.result if self.directions is None else _with_directions(item.result, self.directions)
        return replace(item, network_id=self.network_id, dataset_id=self.dataset_id, result=result)


def _with_directions(result: Result, directions: Directions) -> Result:
    """The same result with its plane by other names; what was asked for goes along."""
    if not isinstance(result, Surface | Curve | Convexity | Trajectory):
        return result
    asked = result.request.directions
    if isinstance(asked, FileDirections):
        asked = replace(asked, sha256=directions.fingerprint)
    request = replace(result.request, directions=asked)  # of the same kind as before
    return replace(result, request=request, directions=directions)  # type: ignore[arg-type]
