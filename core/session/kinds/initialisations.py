"""Fresh initialisations: a NeXus plot of their loss."""

import numpy as np

from core.landscape.initialisation import InitialisationRequest, Initialisations
from core.session.document import ResultItem
from core.session.group_reader import GroupReader
from core.session.group_writer import GroupWriter
from core.session.kinds.columns import OF_LOSS, Column, read_columns, write_columns
from core.session.kinds.head import read_result_head, write_result_head
from core.session.refusal import Refusal

ENCODING = "corrie-initialisations"
_COLUMNS = {
    "loss": Column(what="mean loss per sample, statistics of normalisation as initialised", unit=OF_LOSS),
    "calibrated_loss": Column(
        what="mean loss per sample, statistics of normalisation computed on the samples", unit=OF_LOSS
    ),
    "accuracy": Column(what="share of samples classified right"),
    "distance": Column(what="distance from the trained network, in units of the weights"),
}


def write_initialisations(writer: GroupWriter, item: ResultItem, fresh: Initialisations) -> None:
    """Write initialisations into their own group."""
    write_result_head(writer, item, ENCODING)
    writer.record("request", fresh.request)
    writer.number("centre_loss", float(fresh.centre_loss))
    writer.text("loss_unit", fresh.loss_unit)
    writer.text("NX_class", "NXdata")
    writer.text("signal", "loss")
    writer.texts("axes", ["seed"])
    writer.array("seed", fresh.seed, long_name="seed of the initialisation")
    write_columns(writer, _COLUMNS, vars(fresh), fresh.loss_unit)


def read_initialisations(reader: GroupReader, item_id: str) -> ResultItem:
    """The inverse of `write_initialisations`."""
    head, common = read_result_head(reader, ENCODING, item_id)
    seed = reader.array("seed")
    if seed.ndim != 1 or seed.dtype != np.int64:
        raise Refusal(f'The seeds of "{item_id}" cannot be understood.')
    fresh = Initialisations(
        **common,
        **read_columns(reader, _COLUMNS, len(seed)),
        request=reader.record(InitialisationRequest, "request"),
        seed=seed,
        centre_loss=reader.number("centre_loss"),
        loss_unit=reader.text("loss_unit"),
    )
    return ResultItem(**head, result=fresh)
