"""Results that are still being computed. They are not in the document until their job has ended."""

from PySide6.QtCore import QObject, Signal


class LiveResults(QObject):
    """The newest snapshot of each running computation, by the id of its job or of the item it will become."""

    updated = Signal(str)  # key; a newer snapshot has taken the place of the last one
    removed = Signal(str)  # key; its job has ended, look into the document

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._snapshots: dict[str, object] = {}

    def put(self, key: str, snapshot: object) -> None:
        """Show this snapshot from now on. It must not be changed by anybody."""
        if self._snapshots.get(key) is not snapshot:
            self._snapshots[key] = snapshot
            self.updated.emit(key)

    def get(self, key: str) -> object | None:
        """The newest snapshot, or None if nothing of that key is running or it has shown nothing yet."""
        return self._snapshots.get(key)

    def remove(self, key: str) -> None:
        """Forget the snapshot. Nothing happens if there is none."""
        if self._snapshots.pop(key, None) is not None:
            self.removed.emit(key)

    def keys(self) -> tuple[str, ...]:
        """What has a snapshot, oldest first."""
        return tuple(self._snapshots)
