"""One door for `.onnx` files: bytes in, a `.pt2` program of the house out, with a word on what was changed."""

import math
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor, nn

from core.errors import InvalidRequest, UnsupportedNetwork
from core.job import JobContext
from core.networks.onnx.reading import read_graph
from core.networks.onnx.records import MOST_ELEMENTS, GraphRecord
from core.networks.onnx.translation import Reading, Translation, translate, unsupported
from core.networks.onnx.values import Sizes
from core.networks.program import export_program, load_program

COMPANY_TOLERANCE = 1e-3  # of the largest logit: what rounding may change when samples are computed together
PROBED = 3  # samples


@dataclass(frozen=True, kw_only=True)
class ImportedOnnx:
    """An ONNX network in the house's own form."""

    program: bytes = field(repr=False)  # a .pt2 that `load_program` takes: any number of samples, float32, evaluation
    input_shape: Sizes  # of one sample
    outputs: int
    notes: tuple[str, ...]  # what was changed on the way, each a phrase


def import_onnx(
    content: bytes,
    path: Path | str,
    job: JobContext = JobContext(),  # noqa: B008  it has no state
    input_shape: tuple[int, ...] | None = None,
) -> ImportedOnnx:
    """Translate an ONNX file into a program. Nothing from the file is executed.

    Parameters
    ----------
    content : bytes
        The whole file.
    path : Path or str
        Where it came from, for messages. Nothing is read from there.
    job : JobContext
    input_shape : tuple of int, optional
        Shape of one sample. Needed where the file leaves more than the number of samples open.

    Raises
    ------
    UnreadableFile
        If the file is damaged.
    UnsupportedNetwork
        If it cannot be translated; the text names every operator that is in the way, with its place.
    InvalidRequest
        If the input shape is needed, or is not what the file says.
    """
    graph = read_graph(content, path, job)
    refusal = unsupported(graph, path)
    if refusal is not None:
        raise refusal
    first_refusal: UnsupportedNetwork | None = None
    for reading in _readings(graph, input_shape, path):
        try:
            translation = translate(graph, reading, path, job)
            program = _exported(translation, reading, path, job)
        except UnsupportedNetwork as error:
            first_refusal = first_refusal or error
            continue
        return ImportedOnnx(
            program=program,
            input_shape=reading.sample,
            outputs=translation.outputs,
            notes=(*graph.notes, *_note_of(graph, reading), *translation.notes),
        )
    raise first_refusal or UnsupportedNetwork(f"{path}: Its input cannot be understood. Give the input shape.")


def _readings(graph: GraphRecord, wanted: Sizes | None, path: Path | str) -> list[Reading]:
    """The ways to take the axes of the input, the likeliest first."""
    declared = graph.input_sizes
    if wanted is not None and (not wanted or min(wanted) < 1):
        raise InvalidRequest(f"{wanted} is no shape of a sample. Give sizes of at least 1.")
    if declared is None:
        if wanted is None:
            raise InvalidRequest(f"{path} does not say the shape of its input. Give the input shape.")
        declared = (None, *wanted)
    readings = []
    sample = _filled(declared[1:], wanted) if len(declared) > 1 else None
    if sample is not None:
        batch = declared[0]
        readings.append(Reading(sample=sample, inside=(batch or 1, *sample), lead=0, file_batch=batch))
        if batch == 1:  # what the file does with one sample is then all that it says
            readings.append(Reading(sample=sample, inside=(1, *sample), lead=1))
    whole = _filled(declared, wanted)
    if whole is not None and (len(declared) == 1 or declared[0] not in (1, None)):
        readings.append(Reading(sample=whole, inside=whole, lead=1))
    if not readings:
        shown = " × ".join("?" if size is None else str(size) for size in declared) or "one number"
        if wanted is None:
            raise InvalidRequest(f"{path} says only that its input is {shown}. Give the input shape of one sample.")
        raise InvalidRequest(f"{path} takes {shown}, which does not fit the input shape {wanted}. Correct the shape.")
    for reading in readings:
        if math.prod(reading.sample) > MOST_ELEMENTS:
            raise UnsupportedNetwork(
                f"{path}: One sample would have {math.prod(reading.sample):,} numbers. "
                "The file is damaged, or the network is too large for Corrie."
            )
    return readings


def _filled(declared: tuple[int | None, ...], wanted: Sizes | None) -> Sizes | None:
    """The declared sizes with the open ones taken from what is wanted, if both fit."""
    if wanted is None:
        sizes = tuple(size for size in declared if size is not None)
        return sizes if len(sizes) == len(declared) else None
    fits = len(wanted) == len(declared) and all(
        size in (None, want) for size, want in zip(declared, wanted, strict=True)
    )
    return wanted if fits else None


def _note_of(graph: GraphRecord, reading: Reading) -> list[str]:
    """What was done to the axis of samples."""
    declared = graph.input_sizes
    if reading.lead and not reading.own_axis:
        return ["an axis of samples added: the file takes one sample without it"]
    if reading.lead:
        return ["computed sample by sample, as the file does with one sample"]
    if declared is not None and declared[0] is not None:
        return [f"a batch of exactly {declared[0]} made free"]
    return []


def _exported(translation: Translation, reading: Reading, path: Path | str, job: JobContext) -> bytes:
    """Export, load again as everybody will, and compare samples in company with the same samples alone."""
    job.check()
    job.progress(0, 1, "Exporting the program")
    module = translation.module
    generator = torch.Generator().manual_seed(0)
    samples = torch.randn(PROBED, *reading.sample, generator=generator)
    try:
        alone = torch.cat([_outputs(module, sample[None]) for sample in samples])
        program = export_program(module, reading.sample)
    except Exception as error:  # torch raises whatever its exporter met
        lines = str(error).strip().splitlines() or ["no text"]
        raise UnsupportedNetwork(
            f"{path}: torch cannot make a program of it ({type(error).__name__}: {lines[0][:160]}). "
            "Export the network as a .pt2 program from where it was trained."
        ) from error
    job.check()
    together = _outputs(load_program(program, path), samples)
    largest = float(alone.abs().nan_to_num(0.0, 0.0, 0.0).max())
    if together.shape != alone.shape or not torch.allclose(
        together, alone, rtol=0, atol=COMPANY_TOLERANCE * largest, equal_nan=True
    ):
        raise UnsupportedNetwork(
            f"{path}: It answers a sample differently when other samples are in the batch. "
            "Export a network that treats samples one by one, in evaluation mode."
        )
    job.progress(1, 1, "Exporting the program")
    return program


def _outputs(module: nn.Module, samples: Tensor) -> Tensor:
    with torch.inference_mode():
        outputs: Tensor = module(samples)
    return outputs
