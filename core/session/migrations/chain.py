"""The way from any earlier version of the format to the present one, a version at a time."""

from collections.abc import Callable

from core.session import layout
from core.session.migrations import version_1
from core.session.migrations.parts import Parts

STEPS: dict[int, Callable[[Parts], Parts]] = {1: version_1.to_version_2}  # from that version to the next
MAY_LACK: dict[int, frozenset[str]] = {1: version_1.MAY_LACK}  # groups that files of that version can be without


def may_lack(version: int) -> frozenset[str]:
    """The groups that a file of that version can be without; none for the present one, which writes them all."""
    return MAY_LACK.get(version, frozenset())


def migrated(parts: Parts, version: int) -> Parts:
    """The parts of a file of that version as the present version has them; those of a later one as they are."""
    for earlier in range(version, layout.SCHEMA_VERSION):
        parts = STEPS[earlier](parts)
    return parts
