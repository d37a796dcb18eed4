"""The operators of TorchScript that work on Python's own numbers, lists and texts rather than on tensors."""

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

import torch

# Codes of types and layouts, as TorchScript writes them (c10/core/ScalarType.h, MemoryFormat.h, Layout.h).
DTYPES = {
    0: torch.uint8,
    1: torch.int8,
    2: torch.int16,
    3: torch.int32,
    4: torch.int64,
    5: torch.float16,
    6: torch.float32,
    7: torch.float64,
    9: torch.complex64,
    10: torch.complex128,
    11: torch.bool,
    15: torch.bfloat16,
}
CODES = {dtype: code for code, dtype in DTYPES.items()}
MEMORY_FORMATS = {0: torch.contiguous_format, 1: torch.preserve_format, 2: torch.channels_last}
LAYOUTS = {0: torch.strided}


def _true_division(one: Any, other: Any) -> Any:
    return one / other


def _append(values: list[Any], value: Any) -> list[Any]:
    values.append(value)
    return values


def _format(text: str, *values: object) -> str:
    return text.format(*values)


def _size(tensor: torch.Tensor, *axis: int) -> Any:
    return tensor.shape[axis[0]] if axis else list(tensor.shape)  # aten.size would turn a symbol into a number


def _slice(values: Sequence[Any], start: int | None, end: int | None, step: int = 1) -> Any:
    return values[start:end:step]


def _text_of(value: Any) -> str:
    return str(value)


NUMBERS: dict[str, Callable[..., Any]] = {
    "aten::add": operator.add,
    "aten::sub": operator.sub,
    "aten::mul": operator.mul,
    "aten::neg": operator.neg,
    "aten::div": _true_division,
    "aten::floordiv": operator.floordiv,
    "aten::floor_divide": operator.floordiv,
    "aten::remainder": operator.mod,
    "aten::pow": operator.pow,
    "aten::abs": operator.abs,
    "aten::eq": operator.eq,
    "aten::ne": operator.ne,
    "aten::lt": operator.lt,
    "aten::le": operator.le,
    "aten::gt": operator.gt,
    "aten::ge": operator.ge,
    "aten::__and__": operator.and_,
    "aten::__or__": operator.or_,
    "aten::floor": math.floor,
    "aten::ceil": math.ceil,
    "aten::sqrt": math.sqrt,
    "aten::log": math.log,
    "prim::max": max,
    "prim::min": min,
    "aten::max": max,
    "aten::min": min,
    "aten::slice": _slice,
}
# What has the same meaning whatever it is applied to.
PLAIN: dict[str, Callable[..., Any]] = {
    "aten::__getitem__": operator.getitem,
    "aten::len": len,
    "aten::__not__": operator.not_,
    "aten::append": _append,
    "aten::__is__": operator.is_,
    "aten::__isnot__": operator.is_not,
    "aten::format": _format,
    "aten::str": _text_of,
    "aten::list": list,
    "prim::unchecked_cast": lambda value: value,
    "prim::NumToTensor": lambda value: value,
    "prim::data": lambda value: value,
    "aten::detach": lambda value: value,
    "aten::__contains__": lambda values, value: value in values,
    "aten::warn": lambda *_words: None,
    "prim::Print": lambda *_words: None,
    "prim::is_cuda": lambda _tensor: False,
    "aten::is_floating_point": lambda value: bool(torch.is_floating_point(value)),
    "aten::size": _size,
    "aten::numel": lambda tensor: tensor.numel(),
    "aten::dim": lambda tensor: tensor.dim(),
    "prim::device": lambda _tensor: torch.device("cpu"),
    "prim::dtype": lambda tensor: CODES[tensor.dtype],
    "aten::device": lambda _name: torch.device("cpu"),
}
CASTS: dict[str, Callable[[Any], Any]] = {
    "aten::Int": int,
    "aten::IntImplicit": int,
    "aten::Float": float,
    "aten::FloatImplicit": float,
    "aten::Bool": bool,
    "aten::ScalarImplicit": lambda tensor: tensor.item(),
}
STRUCTURE = {
    *("prim::Constant", "prim::GetAttr", "prim::ListConstruct", "prim::TupleConstruct", "prim::ListUnpack"),
    *("prim::TupleUnpack", "prim::TupleIndex", "prim::If", "prim::Loop", "prim::RaiseException"),
    "prim::Uninitialized",
}
KNOWN = STRUCTURE | PLAIN.keys() | CASTS.keys() | NUMBERS.keys()
NEVER = {"aten::from_file", "aten::save", "aten::manual_seed"}  # these reach beyond the network


def plain_result(kind: str, values: Sequence[Any]) -> tuple[bool, Any]:
    """Whether an operator was one of Python's own, and then its result."""
    if kind in PLAIN:
        return True, PLAIN[kind](*values)
    if kind in CASTS:
        # A size that an exporter follows as a symbol stays that symbol.
        symbol = isinstance(values[0], torch.SymInt | torch.SymFloat | torch.SymBool)
        return True, values[0] if symbol else CASTS[kind](values[0])
    if kind in NUMBERS and not any(isinstance(value, torch.Tensor) for value in values):
        arguments = [tuple(value) if isinstance(value, list) else value for value in values]
        lists = any(isinstance(value, list) for value in values)
        if kind in {"aten::add", "aten::sub"}:
            arguments = arguments[:2]  # a traced size passes as a tensor, and so brings the factor 1 with it
        result = NUMBERS[kind](*arguments)
        return True, list(result) if lists and isinstance(result, tuple) else result
    return False, None


def as_declared(value: Any, declared: str) -> Any:
    """An argument as torch's own operators want it: TorchScript writes types and layouts as numbers."""
    if isinstance(value, torch.device):
        return torch.device("cpu")  # a network that was traced on a graphics card is read on the processor
    if isinstance(value, int) and not isinstance(value, bool):
        for name, codes in (("ScalarType", DTYPES), ("MemoryFormat", MEMORY_FORMATS), ("Layout", LAYOUTS)):
            if name in declared:
                return codes[value]
    return value
