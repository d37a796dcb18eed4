"""Files that would make a folder if something in them were run."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

Model = dict[str, object]


def trapped_pickle(target: Path) -> bytes:
    """A pickle that calls ``os.mkdir(target)`` when it is loaded."""
    return b"cos\nmkdir\n(V" + str(target).encode() + b"\ntR."


def trapped_expression(target: Path) -> str:
    """A Python expression that does the same."""
    return f"__import__('os').mkdir({str(target)!r})"


def with_member(archive: bytes, name: str, content: bytes) -> bytes:
    """The archive with one member replaced, or added."""
    return _rewritten(archive, {name: content})


def with_model(archive: bytes, change: Callable[[Model], object]) -> bytes:
    """The archive of a program with its graph changed."""
    model = json.loads(members(archive)["models/model.json"])
    change(model)
    return with_member(archive, "models/model.json", json.dumps(model).encode())


def with_config(archive: bytes, kind: str, change: Callable[[Model], object]) -> bytes:
    """The archive of a program with its list of weights or constants changed."""
    name = f"data/{kind}/model_{kind}_config.json"
    config = json.loads(members(archive)[name])
    change(config["config"])
    return with_member(archive, name, json.dumps(config).encode())


def members(archive: bytes) -> dict[str, bytes]:
    """Contents by name, without the folder that torch puts around them."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name.partition("/")[2]: opened.read(name) for name in opened.namelist()}


def _rewritten(archive: bytes, changes: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as written:
        for name, value in {**members(archive), **changes}.items():
            written.writestr(f"archive/{name}", value)
    return content.getvalue()
