"""Tensors of an ONNX file as torch tensors of three types: float32, int64 and bool."""

import math
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, numpy_helper
from torch import Tensor

from core.errors import UnreadableFile, UnsupportedNetwork
from core.networks.onnx.records import MOST_ELEMENTS

FLOATS = {
    TensorProto.FLOAT: "float32",
    TensorProto.DOUBLE: "float64",
    TensorProto.FLOAT16: "float16",
    TensorProto.BFLOAT16: "bfloat16",
}
INTEGERS = {
    *(TensorProto.INT8, TensorProto.INT16, TensorProto.INT32, TensorProto.INT64),
    *(TensorProto.UINT8, TensorProto.UINT16, TensorProto.UINT32),
}
BYTES = {
    TensorProto.BOOL: 1,
    TensorProto.INT8: 1,
    TensorProto.UINT8: 1,
    TensorProto.INT16: 2,
    TensorProto.UINT16: 2,
    TensorProto.FLOAT16: 2,
    TensorProto.BFLOAT16: 2,
    TensorProto.INT32: 4,
    TensorProto.UINT32: 4,
    TensorProto.FLOAT: 4,
    TensorProto.INT64: 8,
    TensorProto.DOUBLE: 8,
}
SEVERAL_IN_ONE = "int32_data"  # where half-precision numbers, booleans and small integers lie


def tensor_of(proto: TensorProto, name: str, path: Path | str) -> Tensor:
    """A tensor of the file, after seeing that it carries as many numbers as it says.

    Parameters
    ----------
    proto : TensorProto
    name : str
        For messages.
    path : Path or str
        The file, for messages.

    Returns
    -------
    Tensor
        float32 for every kind of float, int64 for every kind of integer, or bool.

    Raises
    ------
    UnreadableFile
        If the numbers do not fill the declared shape.
    UnsupportedNetwork
        If they lie in another file, or are of a type that no network of floats has.
    """
    shown = name[:80]
    if proto.data_location == TensorProto.EXTERNAL or proto.external_data:
        other = next((entry.value for entry in proto.external_data if entry.key == "location"), "")
        raise UnsupportedNetwork(
            f'{path}: The numbers of "{shown}" lie in another file ("{other[:80]}"). Save the network as one file: '
            "onnx.save_model(onnx.load(…), …, save_as_external_data=False)."
        )
    if proto.data_type not in BYTES:
        kind = onnx.TensorProto.DataType.Name(proto.data_type) if proto.data_type in _KINDS else str(proto.data_type)
        raise UnsupportedNetwork(
            f'{path}: "{shown}" holds numbers of type {kind}. Export the network with float32 weights, not quantised.'
        )
    sizes = tuple(proto.dims)
    declared, carried = math.prod(sizes), _numbers_in(proto)
    if any(size < 0 for size in sizes) or declared != carried or len(sizes) > 16:
        raise UnreadableFile(
            path,
            f'"{shown}" is said to hold {" × ".join(map(str, sizes[:16])) or 1} numbers, but carries {carried}.',
            "The file is damaged: copy or export it again.",
        )
    try:
        array = numpy_helper.to_array(proto)
    except ValueError as error:  # sizes that only a zero among them makes small
        raise UnreadableFile(
            path, f'"{shown}" cannot be read ({error}).', "The file is damaged: export it again."
        ) from error
    if proto.data_type == TensorProto.BOOL:
        return torch.from_numpy(np.array(array, dtype=np.bool_))
    with np.errstate(over="ignore"):  # a float64 beyond float32 becomes infinite, as in any conversion
        wanted = np.float32 if proto.data_type in FLOATS else np.int64
        return torch.from_numpy(np.array(array, dtype=wanted))


_KINDS = set(TensorProto.DataType.values())


def _numbers_in(proto: TensorProto) -> int:
    """How many numbers are there, wherever the file keeps them."""
    if proto.HasField("raw_data"):
        whole, rest = divmod(len(proto.raw_data), BYTES[proto.data_type])
        return whole if rest == 0 else -1
    fields = {TensorProto.FLOAT: "float_data", TensorProto.DOUBLE: "double_data", TensorProto.INT64: "int64_data"}
    fields[TensorProto.UINT32] = "uint64_data"
    return len(getattr(proto, fields.get(proto.data_type, SEVERAL_IN_ONE)))


def bounded(count: int) -> int:
    """A number of elements, or a ValueError if nobody should allocate so many."""
    if count > MOST_ELEMENTS:
        raise ValueError(f"{count:,} numbers are more than Corrie gives to one value ({MOST_ELEMENTS:,})")
    return count
