"""Times a network on data beside the engine's queue, with a copy of its own."""

from app.jobs.engines import import_analyses
from core.data.storing import restore_dataset
from core.job import JobContext
from core.landscape.pacing import Pace, measure_pace
from core.session.document import DatasetItem, NetworkItem


def pace_of(network: NetworkItem, data: DatasetItem, curvature: bool, job: JobContext) -> Pace:  # noqa: FBT001
    """Open both and time what a computation does with them. Takes a second or two; raises what opening them raises.

    Parameters
    ----------
    curvature : bool
        Whether products with the Hessian are timed as well.
    """
    import_analyses()
    job.check()
    from core.networks.storing import restore_network  # noqa: PLC0415  imports torch

    samples = restore_dataset(data)
    job.check()
    return measure_pace(restore_network(network), samples, job, curvature=curvature)
