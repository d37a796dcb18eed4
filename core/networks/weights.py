"""Weights files in, without ever running code from them, and matched to an architecture by name and shape."""

import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from core.errors import UnreadableFile, WeightsMismatch
from core.networks.card import WEIGHT_SUFFIXES

CONTAINERS = ("state_dict", "model_state_dict", "model", "net", "weights")  # where checkpoints keep the weights
PREFIXES = ("module.", "_orig_mod.", "model.")  # left behind by DataParallel, torch.compile and trainers
MAX_NESTING = 8  # containers in containers; a checkpoint may even contain itself
SHOWN = 6  # keys named in a message before "and so on"


def read_weights(path: Path) -> dict[str, Tensor]:
    """Read a state dict from safetensors, or from a torch checkpoint with ``weights_only=True``.

    Raises
    ------
    UnreadableFile
        If the file is missing, truncated, holds no weights, or would have to run code to load.
    """
    if not path.is_file():
        raise UnreadableFile(path, "There is no such file.", "Check the path, or weights = … in the network card.")
    if path.suffix == ".safetensors":
        try:
            return without_prefix(load_file(path))
        except (safetensors.SafetensorError, OSError, MemoryError) as error:
            raise UnreadableFile(path, f"It is not a whole safetensors file ({error}).", "Copy it again.") from error
    return without_prefix(_tensors_of(_load_checkpoint(path), path))


def _load_checkpoint(path: Path) -> object:
    _refuse_packed(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of other kinds of pickle: they are refused below, in our own words
            return torch.load(path, map_location="cpu", weights_only=True)  # noqa: TID251  the one place
    except Exception as error:  # torch raises anything from KeyError to RuntimeError on a damaged file
        raise UnreadableFile(path, *_why_not(path, error)) from error


def _refuse_packed(path: Path) -> None:
    """Refuse an archive that is compressed, as torch's own never are: a small one may unpack to any size."""
    try:
        with zipfile.ZipFile(path) as archive:
            packed = any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist())
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return  # torch says what is wrong with it
    if packed:
        raise UnreadableFile(path, "It is a compressed archive, as torch never writes one.", "Save the weights again.")


def _why_not(path: Path, error: Exception) -> tuple[str, str]:
    text = str(error)
    if "weights_only" in text.lower() and ("unsupported global" in text.lower() or "GLOBAL" in text):
        return (
            "It holds Python objects besides weights, and loading those could run code.",
            (
                "Save only the weights, by torch.save(model.state_dict(), …) or as safetensors, or open the Python "
                "file that builds the model, with the name of its factory."
            ),
        )
    size = path.stat().st_size
    if size == 0:
        return "The file is empty.", "Copy it again from where it came from."
    if "unsupported operand" in text.lower():  # written otherwise than torch writes
        return (
            "It is a pickle of something else than weights, or damaged, and loading such a file could run code.",
            "Save only the weights, by torch.save(model.state_dict(), …) or as safetensors.",
        )
    # A checkpoint is an archive, or an older file of pickled tensors; a truncated archive still begins like one.
    with path.open("rb") as file:
        begin = file.read(4)
    if not zipfile.is_zipfile(path) and not begin.startswith((b"PK\x03\x04", b"\x80")):
        return "It is not a torch checkpoint.", f"Weights are read from {', '.join(WEIGHT_SUFFIXES)} files."
    return f"It is truncated or damaged ({size:,} bytes, {type(error).__name__}).", "Copy it again from its source."


def _tensors_of(content: object, path: Path, depth: int = 0) -> dict[str, Tensor]:
    """The state dict inside a checkpoint, wherever it keeps it."""
    if isinstance(content, Mapping) and depth < MAX_NESTING:
        for key in CONTAINERS:
            if isinstance(content.get(key), Mapping):
                return _tensors_of(content[key], path, depth + 1)
        tensors = {str(key): value for key, value in content.items() if isinstance(value, Tensor)}
        odd = next((name for name, value in tensors.items() if not _plain(value)), None)
        if odd is not None:
            reason = f'"{odd[:80]}" is a sparse, quantised or nested tensor, or one without numbers.'
            raise UnreadableFile(path, reason, "Save plain tensors: weights in float32 on the processor.")
        if tensors:
            return tensors
    raise UnreadableFile(path, "It holds no weights.", "Save a state dict: torch.save(model.state_dict(), …).")


def _plain(tensor: Tensor) -> bool:
    """Whether its numbers are there, one for each place."""
    special = tensor.is_nested or tensor.is_quantized or tensor.is_meta
    return not special and tensor.layout == torch.strided


def without_prefix(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same weights without a prefix that every name carries, such as ``module.``."""
    for prefix in PREFIXES:
        if weights and all(name.startswith(prefix) for name in weights):
            return without_prefix({name.removeprefix(prefix): value for name, value in weights.items()})
    return dict(weights)


def apply_weights(module: nn.Module, weights: Mapping[str, Tensor], *, architecture: str) -> None:
    """Copy weights into a module of that architecture.

    The counters ``num_batches_tracked`` may be missing: they play no part in evaluation.

    Raises
    ------
    WeightsMismatch
        If keys are missing, left over, or of another shape; the text names the first of each.
    """
    expected: dict[str, Any] = dict(module.state_dict())
    missing = [n for n in expected if n not in weights and not n.endswith("num_batches_tracked")]
    left_over = [n for n in weights if n not in expected]
    reshaped = [
        f"{n} ({_size(weights[n])} in the file, {_size(expected[n])} in the architecture)"
        for n in expected
        if n in weights and weights[n].shape != expected[n].shape
    ]
    unlike = [
        f"{n} ({weights[n].dtype} in the file)"
        for n in expected
        if n in weights and weights[n].is_floating_point() != expected[n].is_floating_point()
    ]
    complaints = [
        f"{len(names)} {what}: {_first(names)}"
        for what, names in (
            ("missing", missing),
            ("left over", left_over),
            ("of another shape", reshaped),
            ("of another kind of number", unlike),
        )
        if names
    ]
    if complaints:
        raise WeightsMismatch(
            f"These weights do not belong to {architecture}. Parameters {'; '.join(complaints)}. "
            "Choose the architecture the weights were trained with."
        )
    module.load_state_dict({**expected, **weights})


def write_weights(module: nn.Module, path: Path) -> None:
    """Save a module's state dict as safetensors."""
    save_file({name: value.detach().cpu().contiguous() for name, value in module.state_dict().items()}, path)


def _size(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "scalar"


def _first(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
