"""Files of version 1: they know no notes, and the first of them lack the groups that came while it lasted."""

from dataclasses import replace
from types import MappingProxyType

from core.session import layout
from core.session.migrations.parts import Parts

LACKS = frozenset({layout.NOTES})
MAY_LACK = LACKS | {
    layout.RUNS,
    layout.CURVES,
    layout.TRAJECTORIES,
    layout.CONVEXITY,
    layout.INITIALISATIONS,
    layout.ROBUSTNESS,
    layout.COMPLEXITY,
    layout.HISTORIES,
    layout.CASES,
    layout.PAIRS,
}


def to_version_2(parts: Parts) -> Parts:
    """Nobody noted anything."""
    return replace(parts, notes=MappingProxyType({}))
