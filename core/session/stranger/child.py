"""The child process that reads a stranger's file first, within limits of memory and time.

It is started by its path, in isolated mode (`core.child_processes.process`). If it comes through, the parent reads
the same bytes, which both know by their digest; else the parent tells what the child left in its report, or how it
ended.
"""

import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[3])
REQUEST, REPORT = "request.json", "report.json"
CHANGED = "changed"  # in the report of a child that found other bytes than its parent
LONGEST_REASON = 2000  # characters


def main(folder: Path) -> None:
    """Do what the request in this folder asks for. A refusal is in the report, not in the exit status."""
    if ROOT not in sys.path:
        sys.path.insert(0, ROOT)
    from core.child_processes.limits import limit_this_process  # noqa: PLC0415  the path is known only now

    request = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    limit_this_process(**{name: int(value) for name, value in request["limits"].items()})
    warnings.simplefilter("ignore")
    (folder / REPORT).write_text(json.dumps(_report(request)), encoding="utf-8")


def _report(request: dict[str, Any]) -> dict[str, str]:
    from core.job import JobContext  # noqa: PLC0415  after the limits are set
    from core.session.contents import Contents  # noqa: PLC0415
    from core.session.refusal import ChangedMeanwhile, Refusal  # noqa: PLC0415
    from core.session.stranger.trial import try_to_read  # noqa: PLC0415

    try:
        contents = Contents(Path(request["path"]), JobContext())
        if contents.digest != request["digest"]:
            return {CHANGED: "yes"}
        try_to_read(contents, request["purpose"])
    except ChangedMeanwhile:
        return {CHANGED: "yes"}
    except Refusal as refusal:
        return {"reason": refusal.reason[:LONGEST_REASON], "remedy": refusal.remedy[:LONGEST_REASON]}
    return {}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    os._exit(0)  # nothing is left to be put in order, and that would take a moment
