"""Old pickles of plain data (lists, dictionaries, bytes, arrays of uint8), read without running anything.

A pickle is a program for a small stack machine; two of its instructions can call any function. Here only the
instructions that build plain data are carried out, and of the calls only the few that make a numpy array of bytes:
those are recognised by name and done by hand, so nothing is ever imported or called. Whatever else occurs is refused.
"""

import itertools
import math
import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

MOST_INSTRUCTIONS = 5_000_000  # CIFAR-100 has half a million
_MARK = object()

_ARRAY_MODULES = ("numpy.core.multiarray", "numpy._core.multiarray")
_BUFFER_MODULES = ("numpy.core.numeric", "numpy._core.numeric")


class ForbiddenPickle(ValueError):
    """The pickle holds something other than plain data; the text names it."""


@dataclass(frozen=True)
class _Name:
    """A function or class that the pickle mentions: never looked up."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module[:80]}.{self.name[:80]}"


@dataclass
class _Bytes:
    """An array that waits for its values, or a type that waits for its byte order."""

    kind: str  # "array" or "type"
    value: Any = None


@dataclass
class _Machine:
    stack: list[Any] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)

    def pop(self) -> Any:
        value = self.stack.pop()
        if value is _MARK:
            raise ForbiddenPickle("It is damaged.")
        return value

    def pop_to_mark(self) -> list[Any]:
        for index in range(len(self.stack) - 1, -1, -1):
            if self.stack[index] is _MARK:
                values = self.stack[index + 1 :]
                del self.stack[index:]
                return values
        raise ForbiddenPickle("It is damaged.")


def read_plain_pickle(content: bytes) -> Any:
    """The data of a pickle of protocol 0 to 5: what lies deeper than the entries of a dictionary may be unfinished.

    Text that Python 2 wrote as bytes comes as bytes; arrays share the memory of the bytes they were made of.

    Raises
    ------
    ForbiddenPickle
        If it holds anything but dictionaries, lists, tuples, texts, bytes, numbers and arrays of uint8, or is damaged.
    """
    machine = _Machine()
    try:
        for instruction, argument, _ in itertools.islice(pickletools.genops(content), MOST_INSTRUCTIONS):
            if instruction.name == "STOP":
                data = _finished(machine.pop())
                return {key: _finished(value) for key, value in data.items()} if isinstance(data, dict) else data
            _carry_out(machine, instruction.name, argument)
    except ForbiddenPickle:
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise ForbiddenPickle("It is damaged.") from error
    raise ForbiddenPickle("It has more instructions than any data set of this kind.")


def _carry_out(machine: _Machine, name: str, argument: Any) -> None:
    if name in _VALUES:
        machine.stack.append(argument)
    elif name in _CONSTANTS:
        machine.stack.append(_CONSTANTS[name]())
    elif name in _STEPS:
        _STEPS[name](machine, argument)
    elif name not in ("PROTO", "FRAME"):
        raise ForbiddenPickle(f"It holds the instruction {name}, which no plain data need.")


def _finished(value: Any) -> Any:
    """The value of an array that has its values."""
    if isinstance(value, _Bytes) and value.kind == "array":
        if value.value is None:
            raise ForbiddenPickle("It holds an array without values.")
        return value.value
    if isinstance(value, _Name | _Bytes):
        what = f"the name {value}" if isinstance(value, _Name) else "a type"
        raise ForbiddenPickle(f"It holds {what} where data should be.")
    return value


def _set_items(machine: _Machine, items: list[Any]) -> None:
    target = machine.stack[-1]
    if not isinstance(target, dict) or len(items) % 2:
        raise ForbiddenPickle("It is damaged.")
    for key, value in zip(items[::2], items[1::2], strict=True):
        if not isinstance(key, str | bytes | int):
            raise ForbiddenPickle("It holds a dictionary whose keys are no texts.")
        target[key] = value


def _make_dictionary(machine: _Machine, _: Any) -> None:
    items = machine.pop_to_mark()
    machine.stack.append({})
    _set_items(machine, items)


def _append(machine: _Machine, values: list[Any]) -> None:
    target = machine.stack[-1]
    if not isinstance(target, list):
        raise ForbiddenPickle("It is damaged.")
    target.extend(values)


def _call(machine: _Machine, _: Any) -> None:
    """REDUCE: only what numpy calls to make an array of bytes, and what Python 3 calls to make bytes of a text."""
    arguments, function = machine.pop(), machine.pop()
    if not isinstance(function, _Name) or not isinstance(arguments, tuple):
        raise ForbiddenPickle("It is damaged.")
    if function.module in _ARRAY_MODULES and function.name == "_reconstruct":
        machine.stack.append(_Bytes("array"))
    elif function == _Name("numpy", "dtype"):
        if arguments[0] not in ("u1", b"u1"):
            raise ForbiddenPickle(f"It holds an array of {_text(arguments[0])}, not of uint8.")
        machine.stack.append(_Bytes("type"))
    elif function == _Name("_codecs", "encode") and isinstance(arguments[0], str):
        machine.stack.append(arguments[0].encode("latin-1"))
    elif function.module in _BUFFER_MODULES and function.name == "_frombuffer":
        content, kind, shape, order = arguments
        machine.stack.append(_Bytes("array", _array(content, kind, shape, fortran_order=order == "F")))
    else:
        raise ForbiddenPickle(f"It would call {function}, and so could run code.")


def _build(machine: _Machine, _: Any) -> None:
    """BUILD: the values of an array, or the byte order of a type."""
    state, target = machine.pop(), machine.stack[-1]
    if not isinstance(target, _Bytes) or not isinstance(state, tuple):
        raise ForbiddenPickle("It gives a state to something that has none.")
    if target.kind == "array":
        _, shape, kind, fortran_order, content = state
        target.value = _array(content, kind, shape, fortran_order=bool(fortran_order))


def _array(content: Any, kind: Any, shape: Any, *, fortran_order: bool) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The bytes as an array. Nothing is allocated for what is not there."""
    if not (isinstance(kind, _Bytes) and kind.kind == "type" and isinstance(content, bytes | bytearray)):
        raise ForbiddenPickle("It holds an array of something else than uint8.")
    if not isinstance(shape, tuple) or not all(type(size) is int and size >= 0 for size in shape):
        raise ForbiddenPickle("It holds an array without a shape.")
    if math.prod(shape) != len(content):
        sizes = " × ".join(map(str, shape))
        raise ForbiddenPickle(f"It declares an array of {sizes} values, but holds {len(content):,} of them.")
    values = np.frombuffer(content, np.uint8)
    return values.reshape(shape, order="F" if fortran_order else "C")


def _text(value: Any) -> str:
    """For a message. Never the text of a nested value: that could be endless."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return text[:80] if isinstance(text, str) else "something else"


def _stack_name(machine: _Machine, _: Any) -> None:
    name, module = machine.pop(), machine.pop()
    machine.stack.append(_Name(_text(module), _text(name)))


def _tuple_of(count: int) -> Callable[[_Machine, Any], None]:
    def step(machine: _Machine, _: Any) -> None:
        machine.stack.append(tuple([machine.pop() for _ in range(count)][::-1]))

    return step


def _store(machine: _Machine, place: Any) -> None:
    machine.memo[len(machine.memo) if place is None else place] = machine.stack[-1]


_VALUES = (
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT",
    "UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8",
    "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8",
)  # fmt: skip
_CONSTANTS: dict[str, Callable[[], Any]] = {
    "MARK": lambda: _MARK,
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_TUPLE": tuple,
}
_STEPS: dict[str, Callable[[_Machine, Any], None]] = {
    # Python 2's texts are bytes; `genops` decodes them as latin-1.
    **dict.fromkeys(
        ("STRING", "BINSTRING", "SHORT_BINSTRING"), lambda machine, text: machine.stack.append(text.encode("latin-1"))
    ),
    "GLOBAL": lambda machine, both: machine.stack.append(_Name(*both.split(" ", 1))),
    "STACK_GLOBAL": _stack_name,
    "REDUCE": _call,
    "BUILD": _build,
    "TUPLE": lambda machine, _: machine.stack.append(tuple(machine.pop_to_mark())),
    "TUPLE1": _tuple_of(1),
    "TUPLE2": _tuple_of(2),
    "TUPLE3": _tuple_of(3),
    "LIST": lambda machine, _: machine.stack.append(machine.pop_to_mark()),
    "APPEND": lambda machine, _: _append(machine, [machine.pop()]),
    "APPENDS": lambda machine, _: _append(machine, machine.pop_to_mark()),
    "DICT": _make_dictionary,
    "SETITEM": lambda machine, _: _set_items(machine, [machine.pop(), machine.pop()][::-1]),
    "SETITEMS": lambda machine, _: _set_items(machine, machine.pop_to_mark()),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"), _store),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), lambda machine, place: machine.stack.append(machine.memo[place])),
}
