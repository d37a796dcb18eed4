"""A `.pt2` archive rebuilt from those parts that cannot run code.

``torch.export.load`` trusts its file: it unpickles sample inputs, pickled tensors and custom objects, loads compiled
libraries, evaluates the expressions and guards in ``models/model.json``, and turns operator names into any function
below ``torch``. So torch never sees the file that came in, only an archive of raw tensors and of a graph in which every
string was recognised. What is not needed to compute (sample inputs, metadata, guards) is left out; what is needed
and not recognised is refused by name.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator

from core.errors import UnsupportedNetwork
from core.networks.program_strings import recognise

MODEL = "models/model.json"
WEIGHTS = "data/weights/model_weights_config.json"
CONSTANTS = "data/constants/model_constants_config.json"
SAMPLE_INPUTS = "data/sample_inputs/model.pt"  # a pickle: replaced by nothing, which torch takes for "not kept"
CONFIGS = (WEIGHTS, CONSTANTS)
PLAIN = re.compile(r"archive_format|archive_version|byteorder|\.data/version")
RAW_TENSORS = re.compile(r"data/weights/weight_\d+|data/constants/tensor_\d+")
RAW_NAME = re.compile(r"(weight|tensor)_\d+")


def without_code(content: bytes) -> bytes:
    """Rebuild a `.pt2` archive so that loading it runs nothing from the file.

    Parameters
    ----------
    content : bytes
        An archive as written by ``torch.export.save``.

    Raises
    ------
    UnsupportedNetwork
        If the program needs something that could run code; the text names it.
    zipfile.BadZipFile, KeyError, ValueError
        If the archive is damaged or is none of torch's.
    """
    rebuilt = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(rebuilt, "w", zipfile.ZIP_STORED) as safe,
    ):
        root = _root_of(archive)
        for name in _needed(archive, root):
            safe.writestr(f"{root}/{name}", archive.read(f"{root}/{name}"))
        for config in CONFIGS:
            safe.writestr(f"{root}/{config}", json.dumps(_raw_tensors_only(_json(archive, f"{root}/{config}"))))
        safe.writestr(f"{root}/{MODEL}", json.dumps(_recognised(_json(archive, f"{root}/{MODEL}"))))
        safe.writestr(f"{root}/{SAMPLE_INPUTS}", b"")
    return rebuilt.getvalue()


def _root_of(archive: zipfile.ZipFile) -> str:
    """The folder that holds everything; torch writes and accepts only one."""
    infos = archive.infolist()
    if any(info.compress_type != zipfile.ZIP_STORED for info in infos):
        raise ValueError("torch never compresses its archives, but this one is compressed")
    names = [info.filename for info in infos]
    roots = {name.partition("/")[0] for name in names}
    if len(roots) != 1 or len(set(names)) != len(names):
        raise ValueError("it is not the archive of one program")
    return roots.pop()


def _needed(archive: zipfile.ZipFile, root: str) -> Iterator[str]:
    for full_name in archive.namelist():
        name = full_name.removeprefix(f"{root}/")
        if PLAIN.fullmatch(name) or RAW_TENSORS.fullmatch(name):
            yield name


def _json(archive: zipfile.ZipFile, name: str) -> dict[str, object]:
    content = json.loads(archive.read(name))
    if not isinstance(content, dict):
        raise ValueError(f"{name} holds no table")  # noqa: TRY004  a damaged file, not a programming error
    return content


def _raw_tensors_only(config: dict[str, object]) -> dict[str, object]:
    """The list of weights or constants, after seeing that all of them are plain numbers."""
    tensors = config.get("config")
    if not isinstance(tensors, dict):
        raise ValueError("the list of tensors is damaged")  # noqa: TRY004
    for name, entry in tensors.items():
        if entry["use_pickle"] is not False or not RAW_NAME.fullmatch(str(entry["path_name"])):
            raise UnsupportedNetwork(
                f'The program keeps "{name[:80]}" as a Python object, and loading that could run code. '
                "Export a network whose weights and constants are plain tensors."
            )
    recognise(tensors)
    return {"config": tensors}


def _recognised(model: dict[str, object]) -> dict[str, object]:
    """The program without what only describes it, after every string in the rest was recognised."""
    graph_module = model.get("graph_module")
    if not isinstance(graph_module, dict):
        raise ValueError("the program has no graph")  # noqa: TRY004
    calls = graph_module["module_call_graph"][:1]  # of the whole network; those of its parts only describe
    nodes = [{**node, "metadata": {}} for node in graph_module["graph"]["nodes"]]
    graph = {**graph_module["graph"], "nodes": nodes}
    bare = {**graph_module, "graph": graph, "module_call_graph": calls, "metadata": {}}
    kept = {**model, "graph_module": bare, "guards_code": []}
    recognise(kept)
    return kept
