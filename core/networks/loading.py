"""One door for every kind of network file: card, program, ONNX, TorchScript, weights, or Python with a factory."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import InvalidRequest, UnreadableFile
from core.job import JobContext
from core.networks.architectures.recognising import Recognised
from core.networks.bare_weights import open_bare_weights
from core.networks.building import (
    network_from_module,
    network_from_program,
    network_from_weights,
    program_input_shape,
)
from core.networks.card import InputCard, NetworkCard, read_network_card
from core.networks.file_kinds import FileKind, kind_of_file
from core.networks.foreign.exporting import Exported, export_from_python, export_torchscript
from core.networks.network import Network
from core.networks.options import OpeningOptions, Shape, options_with
from core.networks.program import load_program
from core.networks.weights import read_weights

MOST_BYTES = 2**31 - 1  # of a program or ONNX file: it is read as a whole, and protobuf knows no larger one


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A network, what kind of file it came from, and what was assumed or changed on the way."""

    network: Network
    kind: FileKind
    notes: tuple[str, ...] = ()
    suggestions: tuple[Recognised, ...] = ()  # built-in architectures that bare weights fit


def open_network(
    path: Path,
    architecture: str | None = None,
    *,
    input_card: InputCard | None = None,
    classes: tuple[str, ...] = (),
    factory: str | None = None,
    agreed: bool = False,
    job: JobContext = JobContext(),  # noqa: B008  it has no state
) -> Network:
    """Open a network of any kind. Whatever but weights came in is kept as a program: no code is needed later.

    Parameters
    ----------
    path : Path
        A card (.toml), program (.pt2), ONNX (.onnx) or TorchScript (.ts, .torchscript, .pt) file, weights, or a Python
        file.
    architecture : str, optional
        Of bare weights, and only of those; without it they must fit exactly one built-in architecture.
    input_card : InputCard, optional
        Shape of one sample, mean and std. What is assumed without it stands in the card's description.
    classes : tuple of str, optional
        Names of the outputs.
    factory : str, optional
        Of a Python file: the function without arguments that returns the network.
    agreed : bool
        Whether the user agreed that the Python file's code runs, in a process of its own.
    job : JobContext, optional

    Raises
    ------
    UnreadableFile, WeightsMismatch, InvalidRequest, UnsupportedNetwork, OutOfSpace, Cancelled
    """
    options = options_with(input_card, architecture=architecture, classes=classes, factory=factory, agreed=agreed)
    return open_explained(path, options, job).network


def open_explained(path: Path, options: OpeningOptions, job: JobContext) -> Opened:
    """As `open_network`, with the kind of the file and what was assumed."""
    kind = kind_of_file(path)
    if kind != "weights" and options.architecture is not None:
        raise InvalidRequest(
            f'{path} says itself what network it is. Leave out the architecture "{options.architecture}".'
        )
    if kind != "Python" and options.factory is not None:
        raise InvalidRequest(f'{path} is no Python file, so it has no factory. Leave out "{options.factory}".')
    return _OPENERS[kind](path, options, job)


def _open_weights(path: Path, options: OpeningOptions, job: JobContext) -> Opened:
    job.check()
    network, notes, fitting = open_bare_weights(path, options)
    return Opened(network=network, kind="weights", notes=tuple(notes), suggestions=fitting)


def _open_card(path: Path, options: OpeningOptions, job: JobContext) -> Opened:
    card = read_network_card(path)
    card = replace(card, input=options.over(card.input), classes=options.classes or card.classes)
    if card.file is None:
        if card.weights is None:
            raise UnreadableFile(path, f"It names {card.architecture} but no weights.", "Add a weights entry.")
        weights = read_weights(path.parent / card.weights)
        return Opened(network=network_from_weights(card, weights, origin=str(path)), kind="network card")
    source = path.parent / card.file
    program, _, notes = _program_of(path, source, card.input.shape, job)
    network = network_from_program(card, program, source, origin=str(path))
    return Opened(network=network, kind="network card", notes=tuple(notes))


def _program_of(card_path: Path, source: Path, shape: Shape, job: JobContext) -> tuple[bytes, Shape | None, list[str]]:
    """The program in the file that a card names. A card never starts code."""
    kind = kind_of_file(source)
    if kind == "ONNX":
        return _from_onnx(source, shape, job)
    if kind == "TorchScript":
        exported = export_torchscript(source, shape, job)
        return exported.program, exported.input_shape, list(exported.notes)
    if kind == "program":
        return _read(source), None, []
    raise UnreadableFile(
        card_path, f"Its file {source.name} is no program, ONNX or TorchScript file.", "Name such a file in the card."
    )


def _open_program(path: Path, options: OpeningOptions, job: JobContext) -> Opened:
    job.check()
    content = _read(path)
    module = load_program(content, path)
    shape = options.shape or program_input_shape(module, path)
    card, notes = _bare_card(path, path.name, shape, options, [])
    return Opened(network=network_from_module(card, module, content, str(path)), kind="program", notes=notes)


def _open_onnx(path: Path, options: OpeningOptions, job: JobContext) -> Opened:
    program, shape, notes = _from_onnx(path, options.shape, job)
    card, said = _bare_card(path, path.name, shape or (), options, notes)
    return Opened(network=network_from_program(card, program, path, origin=str(path)), kind="ONNX", notes=said)


def _open_torchscript(path: Path, options: OpeningOptions, job: JobContext) -> Opened:
    return _from_child(path, export_torchscript(path, options.shape, job), options, "TorchScript")


def _open_python(path: Path, options: OpeningOptions, job: JobContext) -> Opened:
    if options.factory is None:
        raise InvalidRequest(
            f"{path} is Python code. Name its function that builds the network (--factory NAME on the command line)."
        )
    exported = export_from_python(path, options.factory, options.shape, job, agreed=options.agreed)
    return _from_child(path, exported, options, "Python")


def _from_child(path: Path, exported: Exported, options: OpeningOptions, kind: FileKind) -> Opened:
    file = path.name if kind != "Python" else f"{path.stem}.pt2"  # a card never names code
    card, notes = _bare_card(path, file, exported.input_shape, options, list(exported.notes))
    network = network_from_program(card, exported.program, path, origin=str(path))
    return Opened(network=network, kind=kind, notes=notes)


def _from_onnx(path: Path, shape: Shape | None, job: JobContext) -> tuple[bytes, Shape, list[str]]:
    from core.networks.onnx.loading import import_onnx  # noqa: PLC0415  not every network is ONNX

    imported = import_onnx(_read(path), path, job, shape)
    return imported.program, imported.input_shape, [_sentence(note) for note in imported.notes]


def _bare_card(
    path: Path, file: str, shape: Shape, options: OpeningOptions, notes: list[str]
) -> tuple[NetworkCard, tuple[str, ...]]:
    """The card that a file without one gets; what was assumed stands in its description."""
    inputs, assumed = options.input_of(shape)
    said = [*notes, *assumed]
    card = NetworkCard(
        name=path.stem,
        input=inputs,
        file=file,
        classes=options.classes,
        description=" ".join(said),
    )
    return card, tuple(said)


_OPENERS: dict[FileKind, Callable[[Path, OpeningOptions, JobContext], Opened]] = {
    "network card": _open_card,
    "program": _open_program,
    "ONNX": _open_onnx,
    "TorchScript": _open_torchscript,
    "weights": _open_weights,
    "Python": _open_python,
}


def _sentence(note: str) -> str:
    text = note[:1].upper() + note[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFile(path, "It is larger than 2 GB.", "Export a smaller network.")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(path, "There is no such file.", "Check the path.") from None
    except OSError as error:
        raise UnreadableFile(path, f"It cannot be read ({error.strerror}).", "Check its permissions.") from error
