"""The child process: reads a request, runs what the request names, and leaves a program and a report in a folder.

It is started by its path, in isolated mode (`core.child_processes`). Nothing of it ever runs in the parent, and the
parent trusts nothing that it leaves behind: the program goes through the same guard as any file from elsewhere.
"""

import errno
import io
import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[3])
REQUEST, REPORT, PROGRAM = "request.json", "report.json", "program.pt2"


def main(folder: Path) -> None:
    """Do what the request in this folder asks for. What goes wrong is in the report, not in the exit status."""
    request = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    if ROOT not in sys.path:
        sys.path.insert(0, ROOT)
    from core.child_processes.limits import limit_this_process  # noqa: PLC0415  the path is known only now

    limit_this_process(memory_bytes=int(request["memory_bytes"]), output_bytes=int(request["output_bytes"]))
    warnings.simplefilter("ignore")
    try:
        report = _exported(request, folder / PROGRAM)
    except MemoryError:
        report = _failure("UnreadableFile", "The memory allowed for it did not suffice.", "Make the network smaller.")
    except OSError as error:
        if error.errno == errno.EFBIG:
            report = _failure("UnsupportedNetwork", "It writes larger files than are allowed.", "Make it smaller.")
        else:
            report = _failure(
                "OutOfSpace", f"What it exports could not be written ({error.strerror}).", "Free disk space."
            )
    (folder / REPORT).write_text(json.dumps(report), encoding="utf-8")


def _exported(request: dict[str, Any], target: Path) -> dict[str, object]:
    import torch  # noqa: PLC0415  after the limits are set

    from core.errors import CorrieError, UnreadableFile, UnsupportedNetwork  # noqa: PLC0415  the path is known only now
    from core.networks.foreign import attempts, factory  # noqa: PLC0415

    torch.set_num_threads(1)
    path = Path(request["path"])
    said = None if request["input_shape"] is None else tuple(request["input_shape"])
    try:
        if request["factory"] is None:
            module: Any = _script(path)
        else:
            factory.forget_own_packages(ROOT)
            module, in_file = factory.built_by(path, str(request["factory"]))
            said = said or in_file
        notes = attempts.in_float32(module)
        shape, guessed = attempts.input_shape_of(module, said)
        program, more = attempts.export_module(module, shape)
        content = io.BytesIO()  # torch's own writer ends the process where a file may not grow
        torch.export.save(program, content)
        if content.tell() > int(request["output_bytes"]):
            raise UnsupportedNetwork(f"Its program has {content.tell():,} bytes, more than are allowed.")
        target.write_bytes(content.getvalue())
    except UnreadableFile as error:
        return _failure("UnreadableFile", error.reason, error.remedy)
    except CorrieError as error:
        return _failure(type(error).__name__, str(error), "")
    return {"shape": list(shape), "notes": [*notes, *guessed, *more]}


def _script(path: Path) -> Any:
    """The TorchScript module of a file, after seeing that it only computes."""
    import torch  # noqa: PLC0415

    from core.errors import UnreadableFile  # noqa: PLC0415
    from core.networks.foreign.script_archive import without_side_effects  # noqa: PLC0415
    from core.networks.foreign.script_graph import refuse_unknown  # noqa: PLC0415

    archive = without_side_effects(path)
    try:
        load: Any = torch.jit.load  # untyped in torch
        script = load(archive, map_location="cpu")
    except RuntimeError as error:
        line = next((line.strip() for line in str(error).splitlines() if line.strip()), "no reason given")
        raise UnreadableFile(
            path, f"torch {torch.__version__} cannot load this TorchScript file ({line[:200]}).", "Save it again."
        ) from error
    refuse_unknown(script.inlined_graph)
    return script


def _failure(kind: str, reason: str, remedy: str) -> dict[str, object]:
    return {"error": kind, "reason": reason, "remedy": remedy}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # threads that the user's code left behind do not hold it up
