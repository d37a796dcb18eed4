"""From a module of any making to an exported program, by the first way that works. Runs in the child process."""

import math
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.export import ExportedProgram

from core.errors import InvalidRequest, UnsupportedNetwork
from core.networks.foreign.script_graph import ScriptGraph
from core.networks.foreign.shapes import as_text, candidate_shapes
from core.networks.foreign.words import PROCESSOR, first_line, needs_graphics_card, out_of_memory

AGREEMENT = 1e-6  # of the largest output; the program repeats the same operators, so hardly anything may differ
BATCHES = (1, 3)
ONE_SIZE = (
    "It is made for a batch of one size only, such as by view(1, -1). Write the batch as x.shape[0], or use flatten(1)."
)


def input_shape_of(module: nn.Module, shape: tuple[int, ...] | None) -> tuple[tuple[int, ...], list[str]]:
    """The shape of one sample that a network takes, and a note if it had to be guessed.

    Raises
    ------
    InvalidRequest
        If the given shape does not fit, or no usual one does.
    UnsupportedNetwork
        If the network takes one sample at a time only.
    """
    if shape is not None:
        try:
            _forward(module, shape, 2)
        except InvalidRequest:
            _refuse_single_samples(module, [shape])
            raise
        return shape, []
    candidates = candidate_shapes(tuple(parameter.shape) for parameter in module.parameters())
    for candidate in candidates:
        try:
            _forward(module, candidate, 2)
        except InvalidRequest:
            continue
        return candidate, [f"Nothing says the input shape: {as_text(candidate)} was tried and fits."]
    _refuse_single_samples(module, candidates)
    tried = f" (tried: {', '.join(map(as_text, candidates[:4]))}, …)" if candidates else ""
    raise InvalidRequest(f"Nothing says what input it takes, and none of the usual shapes fits{tried}. Give the shape.")


def export_module(module: nn.Module, shape: tuple[int, ...]) -> tuple[ExportedProgram, list[str]]:
    """Export for batches of any size: as it is, then by bytecode, then through TorchScript.

    Raises
    ------
    UnsupportedNetwork
        If no way works; the text says why the first did not.
    """
    if isinstance(module, torch.jit.ScriptModule):
        return export_script(module, shape), []
    example = torch.zeros(2, *shape)
    ways: list[tuple[str, Callable[[], nn.Module], bool]] = [
        ("", lambda: module, False),
        ("Exported by its bytecode (strict).", lambda: module, True),
        ("Exported from its trace on one example: branches are as they were there.", _traced(module, example), False),
        ("Exported through TorchScript.", lambda: ScriptGraph(torch.jit.script(module)).eval(), False),
    ]
    first: Exception | None = None
    for note, make, strict in ways:
        try:
            program = _exported(make(), shape, strict=strict)
            _compare(module, program.module(), shape)
        except Exception as error:  # torch raises whatever its exporter met in the user's code
            if out_of_memory(error):
                raise MemoryError from error
            first = first or error
            continue
        return program, [note] if note else []
    raise UnsupportedNetwork(_why_no_export(first))


def export_script(script: Any, shape: tuple[int, ...]) -> ExportedProgram:
    """Export a TorchScript module, and see that the program gives the same outputs.

    Raises
    ------
    UnsupportedNetwork
        If an operator cannot be translated, or the two disagree.
    """
    graph = ScriptGraph(script).eval()
    try:
        program = _exported(graph, shape, strict=False)
    except Exception as error:
        raise UnsupportedNetwork(_why_no_export(error)) from error
    _compare(script, program.module(), shape)
    return program


def in_float32(module: nn.Module) -> list[str]:
    """Put a module on the processor, in evaluation mode and float32; a note if its numbers had to be changed."""
    kinds = {value.dtype for value in _tensors(module) if value.is_floating_point()} - {torch.float32}
    module.cpu()
    module.eval()
    if not kinds:
        return []
    module.float()
    names = ", ".join(sorted(str(kind).removeprefix("torch.") for kind in kinds))
    return [f"Its weights were {names}, and are float32 here."]


def _tensors(module: nn.Module) -> Iterable[Tensor]:
    yield from module.parameters()
    yield from module.buffers()


def _traced(module: nn.Module, example: Tensor) -> Callable[[], nn.Module]:
    def make() -> nn.Module:
        with torch.no_grad():
            trace: Any = torch.jit.trace  # untyped in torch
            return ScriptGraph(trace(module, example, check_trace=False)).eval()

    return make


def _exported(module: nn.Module, shape: tuple[int, ...], *, strict: bool) -> ExportedProgram:
    batch = torch.export.Dim("batch", min=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.export.export(module, (torch.zeros(2, *shape),), dynamic_shapes=({0: batch},), strict=strict)


def _forward(module: nn.Module, shape: tuple[int, ...], count: int) -> Any:
    samples = torch.randn(count, *shape, generator=torch.Generator().manual_seed(count))
    try:
        with torch.no_grad():
            return module(samples)
    except Exception as error:
        if out_of_memory(error):
            raise MemoryError from error
        if needs_graphics_card(error):
            raise UnsupportedNetwork(_no_graphics_card(error)) from error
        text = f"It does not take an input of shape {as_text(shape)} ({first_line(error)})."
        raise InvalidRequest(f"{text} Give the shape of one sample as the network takes it.") from error


def _compare(module: nn.Module, program: nn.Module, shape: tuple[int, ...]) -> None:
    for count in BATCHES:
        truth = _forward(module, shape, count)
        if not isinstance(truth, Tensor):
            raise UnsupportedNetwork(
                f"Its forward gives a {type(truth).__name__}, not a tensor. Let it return the logits alone."
            )
        ours = _forward(program, shape, count)
        alike = truth.shape == ours.shape and torch.equal(truth.isnan(), ours.isnan())
        difference = float((ours - truth).abs().nan_to_num().max()) if truth.numel() and alike else math.nan
        if not alike or difference > AGREEMENT * max(1.0, float(truth.abs().nan_to_num().max())):
            raise UnsupportedNetwork(
                f"The exported program differs from the network by {difference:.1e} on random inputs: the network "
                "draws random numbers, or decides by its input. Export it yourself with torch.export.save."
            )


def _refuse_single_samples(module: nn.Module, shapes: Iterable[tuple[int, ...]]) -> None:
    """Say so if two samples did not fit, but one does."""
    for shape in shapes:
        try:
            _forward(module, shape, 1)
        except InvalidRequest:
            continue
        raise UnsupportedNetwork(ONE_SIZE)


def _why_no_export(error: Exception | None) -> str:
    text = "" if error is None else str(error)
    if isinstance(error, UnsupportedNetwork | InvalidRequest):
        return text
    if error is not None and needs_graphics_card(error):
        return _no_graphics_card(error)
    if "specialized" in text or "onstraints violated" in text:
        return ONE_SIZE
    reason = "no reason given" if error is None else first_line(error)
    return f"torch cannot export it ({reason}). Let its forward be plain tensor operations, or export it as ONNX."


def _no_graphics_card(error: Exception) -> str:
    return f"It asks for a graphics card (CUDA), and this process has none ({first_line(error)}). {PROCESSOR}"
