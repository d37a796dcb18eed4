"""Times a network on data beside the engine's queue, with a copy of its own."""

from app.jobs.engines import import_analyses
from core.data.storing import restore_dataset
from core.job import JobContext
from core.session.document import DatasetItem, NetworkItem


def seconds_per_sample(network: NetworkItem, data: DatasetItem, job: JobContext) -> float:
    """Open both and time a few samples. Takes some tenths of a second; raises what opening them raises."""
    import_analyses()
    job.check()
    from core.networks.pace import seconds_per_sample as timed  # noqa: PLC0415  imports torch
    from core.networks.storing import restore_network  # noqa: PLC0415  imports torch

    samples = restore_dataset(data)
    job.check()
    return timed(restore_network(network), samples, job)
