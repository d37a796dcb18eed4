"""The rows of a report's tables: names and values as text, not yet escaped."""

from collections.abc import Mapping
from math import prod

import numpy as np

from core.deferred import array_shapes
from core.exchange.words import count, duration, number
from core.landscape.trajectory import Trajectory
from core.provenance import Provenance
from core.session.document import DatasetItem, NetworkItem
from core.session.json_text import record_to_table

Facts = list[tuple[str, str]]
_MOST_VALUES = 60  # of an input: longer ones are in the session file


def network_facts(item: NetworkItem) -> Facts:
    """What a network is."""
    card = item.card
    facts = [
        ("Architecture", card.architecture or f"program {card.file}"),
        ("Input", " × ".join(map(str, card.input.shape))),
    ]
    if card.classes:
        facts.append(("Classes", ", ".join(card.classes)))
    if item.weights:
        facts.append(("Parameters", f"{sum(map(prod, array_shapes(item.weights).values())):,}"))
    if card.description:
        facts.append(("Description", card.description))
    return [*facts, ("Opened from", item.origin or "not recorded"), ("sha256", item.sha256)]


def dataset_facts(item: DatasetItem) -> Facts:
    """What a data set is."""
    shape = " × ".join(map(str, item.shape))
    facts = [("Samples", f"{item.samples:,} of {shape}")]
    if item.targets:
        facts.append(("Predicts", ", ".join(item.targets)))
    else:
        facts.append(("Classes", ", ".join(item.classes) or "not named"))
    if item.features is not None:
        facts.append(("Features", ", ".join(_feature(f.name, f.unit) for f in item.features.features)))
    facts += [("Source", item.source or "not recorded"), ("Opened from", item.origin or "not recorded")]
    kept = "yes" if item.data is not None else "no: only described"
    return [*facts, ("Kept in the session", kept), ("sha256", item.sha256)]


def request_facts(request: object) -> Facts:
    """What was asked, field by field."""
    return [(name.replace("_", " ").capitalize(), _plain(value)) for name, value in record_to_table(request).items()]


def provenance_facts(made: Provenance) -> Facts:
    """How a result came about."""
    if made.imported:
        return [("Read from", made.imported), ("Network, data and arithmetic", "not recorded in the file")]
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    return [
        ("Network sha256", made.network_sha256),
        ("Data sha256", made.data_sha256),
        ("Samples", f"{made.samples:,}"),
        ("Computing time", duration(made.seconds)),
        ("Arithmetic", f"{made.dtype} on {made.device}, {count(made.threads, 'thread')}"),
        ("Versions", versions or "not recorded"),
    ]


def checkpoint_columns(trajectory: Trajectory) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and cells of a table of checkpoints; of very many, evenly chosen ones with the first and the last."""
    heads = ("Epoch", "Learning rate", "x", "y", "Own loss", "Accuracy %", "Off the plane", "From the network")
    points = len(trajectory.epoch)
    chosen = np.unique(np.linspace(0, points - 1, min(points, _MOST_VALUES)).round().astype(np.int64))
    columns = (
        *(trajectory.epoch, trajectory.learning_rate, trajectory.x, trajectory.y, trajectory.loss),
        *(100 * trajectory.accuracy, trajectory.off_plane, trajectory.distance),
    )
    rows = [tuple(number(value) if np.isfinite(value := column[row]) else "—" for column in columns) for row in chosen]
    return heads, rows


def _feature(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _plain(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, Mapping):
        return "; ".join(f"{name.replace('_', ' ')} {_plain(entry)}" for name, entry in value.items())
    if isinstance(value, list | tuple):
        rest = f" … ({len(value):,} values)" if len(value) > _MOST_VALUES else ""
        separator = "; " if value and isinstance(value[0], Mapping) else ", "
        return separator.join(_plain(entry) for entry in value[:_MOST_VALUES]) + rest
    if isinstance(value, float):
        return number(value, 6)
    return str(value)
