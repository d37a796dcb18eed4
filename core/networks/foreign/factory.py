"""A user's Python file: imported, its factory called, whatever goes wrong explained. Runs in the child process only."""

import importlib.util
import inspect
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import Tensor, nn

from core.errors import InvalidRequest, UnreadableFile, UnsupportedNetwork
from core.networks.foreign.shapes import readable
from core.networks.foreign.words import PROCESSOR, first_line, needs_graphics_card, out_of_memory

OWN = "core"  # the package of ours that a user may have one of the same name of
SHAPE_NAMES = ("example_input", "input_shape")
EXPORT_YOURSELF = "export the network where it runs, with torch.export.save, and open the .pt2"


def built_by(path: Path, name: str) -> tuple[nn.Module, tuple[int, ...] | None]:
    """The network that a factory of a Python file builds, and the input shape if the file says one.

    Raises
    ------
    UnreadableFile, InvalidRequest, UnsupportedNetwork
        If the file cannot be imported, has no such factory, or the factory fails or builds no network.
    """
    with _explained(path, "It cannot be imported"):
        module = _imported(path)
    factory = getattr(module, name, None)
    if factory is None:
        raise InvalidRequest(f'It has no "{name}". It defines: {", ".join(_defined(module)) or "nothing"}.')
    if isinstance(factory, nn.Module):
        return factory, _shape_in(module)
    if not callable(factory):
        raise InvalidRequest(f'Its "{name}" is a {type(factory).__name__}, not a function that builds the network.')
    needed = _needed_arguments(factory)
    if needed:
        raise InvalidRequest(
            f'Its "{name}" needs the argument {needed[0]}. Write a function without arguments that calls it.'
        )
    with _explained(path, f'Its "{name}" failed'):
        built = factory()
    if not isinstance(built, nn.Module):
        raise UnsupportedNetwork(
            f'Its "{name}" gives a {type(built).__name__}, not a torch.nn.Module. Let it return the network.'
        )
    return built, _shape_in(module)


def forget_own_packages(root: str) -> None:
    """Take this project off the path and out of the imported modules: the user's packages may have the same names."""
    sys.path[:] = [folder for folder in sys.path if Path(folder or ".").resolve() != Path(root)]
    for name in [name for name in sys.modules if name == OWN or name.startswith(f"{OWN}.")]:
        del sys.modules[name]


def _imported(path: Path) -> ModuleType:
    sys.path.insert(0, str(path.parent))
    sys.dont_write_bytecode = True  # nothing is left in the user's folder
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError("it is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses and annotations look themselves up there
    spec.loader.exec_module(module)
    return module


@contextmanager
def _explained(path: Path, what: str) -> Iterator[None]:
    """Turn anything that the user's code raises into a sentence with its place in the user's file."""
    try:
        yield
    except ModuleNotFoundError as error:
        place = _place(error, path)
        raise UnreadableFile(
            path,
            f'{what}: the package "{error.name}" is not installed beside Corrie{place}.',
            f"Put it beside the file, or {EXPORT_YOURSELF}.",
        ) from error
    except SystemExit as error:
        raise UnreadableFile(
            path, f"{what}: it ends the process by itself{_place(error, path)}.", "Let the factory return the network."
        ) from error
    except SyntaxError as error:
        raise UnreadableFile(
            path, f"{what}: its line {error.lineno} is no Python ({error.msg}).", "Correct that line."
        ) from error
    except Exception as error:
        if out_of_memory(error):
            raise MemoryError from error
        needs = needs_graphics_card(error)
        reason = "it asks for a graphics card (CUDA), and this process has none; " if needs else ""
        remedy = PROCESSOR if needs else "Correct that line."
        raise UnreadableFile(path, f"{what}: {reason}{first_line(error)}{_place(error, path)}.", remedy) from error


def _place(error: BaseException, path: Path) -> str:
    """`` (line 12 of model.py)``: the last place in a file of the user's folder."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).parent == path.parent]
    return f" (line {own[-1].lineno} of {Path(own[-1].filename).name})" if own else ""


def _needed_arguments(factory: Any) -> list[str]:
    try:
        parameters = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):
        return []
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [one.name for one in parameters if one.default is inspect.Parameter.empty and one.kind not in variable]


def _defined(module: ModuleType) -> list[str]:
    """What the file itself defines and can be called."""
    mine = (name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__)
    return [name for name in mine if not name.startswith("_") and callable(getattr(module, name))][:12]


def _shape_in(module: ModuleType) -> tuple[int, ...] | None:
    """The shape of one sample, from the file's ``example_input`` (a batch) or ``input_shape`` (of one sample)."""
    for name in SHAPE_NAMES:
        value = getattr(module, name, None)
        if isinstance(value, Tensor) and value.ndim >= 2:
            return readable(tuple(value.shape[1:]))
        if name == "input_shape" and value is not None:
            return readable(list(value) if isinstance(value, tuple | list) else value)
    return None
