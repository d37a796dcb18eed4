"""Where a frozen program goes on that was started to be a child (`process.child_command`)."""

import importlib
from pathlib import Path

CHILDREN = ("core.networks.foreign.child", "core.session.stranger.child")


def be_child(arguments: list[str]) -> int:
    """Run the child of that name in that folder; anything else than the known children is refused with 2."""
    if len(arguments) != 2 or arguments[0] not in CHILDREN:
        return 2
    importlib.import_module(arguments[0]).main(Path(arguments[1]))
    return 0
