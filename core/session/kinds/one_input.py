"""What all corrections of one input have in common in a file: the request, what the network says, and proof words."""

from typing import TypeVar, cast, get_args

import numpy as np

from core.corrections.records.correction import CorrectionRequest, Proof
from core.corrections.records.joint import JointRequest
from core.corrections.records.pairs import PairsRequest
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.json_text import record_from_table, record_to_table
from core.session.refusal import Refusal

Asked = TypeVar("Asked", CorrectionRequest, JointRequest, PairsRequest)


def write_request(writer: GroupWriter, request: CorrectionRequest | JointRequest | PairsRequest) -> None:
    """Write what was asked. The input may have thousands of columns: it is a dataset, and only the rest is text."""
    writer.json("request", {name: value for name, value in record_to_table(request).items() if name != "input"})
    writer.array("input", np.array(request.input, dtype=np.float64), long_name="the input, in the user's units")


def read_request(reader: GroupReader, kind: type[Asked]) -> Asked:
    """The inverse of `write_request`."""
    table = reader.json("request")
    if not isinstance(table, dict):
        raise Refusal("The request of a correction cannot be understood.")
    return record_from_table(kind, {**table, "input": reader.floats("input", None).tolist()})


def write_said(writer: GroupWriter, verdict: int, value: float | None) -> None:
    """Write what the network says of the input: a class, and a value if it gives one."""
    writer.number("verdict", verdict)
    if value is not None:
        writer.array("value", np.float64(value), long_name="what the network gives to the input")


def optional_scalar(reader: GroupReader, name: str) -> float | None:
    """A dataset of a single number, or None if there is none."""
    return float(reader.floats(name)) if reader.has(name) else None


def read_proof(reader: GroupReader, name: str) -> Proof:
    """One of the words for how sure something is. Raises `Refusal` if there is no such word."""
    proof = reader.text(name)
    if proof not in get_args(Proof):
        raise Refusal(f"There is no such proof as {proof!r}.")
    return cast("Proof", proof)
