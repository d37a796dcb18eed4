"""The checkpoints of a training: from a session with runs, a folder of `corrie train`, or a folder of weights."""

from pathlib import Path

from app.cli.training_folder import SESSION
from core.errors import InvalidRequest, UnreadableFile
from core.exchange.original.checkpoint_folder import checkpoint_files
from core.job import JobContext
from core.landscape.trajectories import waypoint_of, waypoints_of
from core.networks.loading import open_explained
from core.networks.options import OpeningOptions
from core.networks.waypoint import Waypoint
from core.session.document import Document, Item, RunItem
from core.session.files import open_document

FEWEST = 2


def open_checkpoints(
    path: Path | None, run_name: str | None, options: OpeningOptions
) -> tuple[tuple[Waypoint, ...], RunItem | None, tuple[Item, ...]]:
    """Read checkpoints in the order of their epochs.

    Parameters
    ----------
    path : Path, optional
        None: there are none.
    run_name : str, optional
        Which run of a session, where it holds several.

    Returns
    -------
    The checkpoints, the run they belong to if it comes from a session, and the items that the run refers to.

    Raises
    ------
    UnreadableFile, InvalidRequest
        If there are no checkpoints there, or it is not said whose.
    """
    if path is None:
        return (), None, ()
    session = path / SESSION if path.is_dir() else path
    if session.is_file():
        run, items = _run_of(session, open_document(session), run_name)
        return waypoints_of(run.run), run, items
    if not path.is_dir():
        raise UnreadableFile(path, "There is no such folder or session.", "Check the path.")
    files = checkpoint_files(path)
    if len(files) < FEWEST:
        raise UnreadableFile(
            path,
            f"It holds {len(files)} numbered files of weights, such as model_0.t7.",
            "Give a folder with the checkpoints of one training, or one that `corrie train` has written.",
        )
    return tuple(_waypoint(file.epoch, file.path, options) for file in files), None, ()


def _waypoint(epoch: int, path: Path, options: OpeningOptions) -> Waypoint:
    return waypoint_of(open_explained(path, options, JobContext()).network, epoch)


def _run_of(session: Path, document: Document, name: str | None) -> tuple[RunItem, tuple[Item, ...]]:
    runs = [run for run in document.runs if name is None or name in (run.id, run.name)]
    if len(runs) != 1:
        there = ", ".join(f'"{run.name}"' for run in document.runs) or "none"
        which = "holds no runs" if not document.runs else f"holds these runs: {there}. Say which one with --run NAME"
        raise InvalidRequest(f"{session} {which}.")
    (run,) = runs
    wanted = (run.dataset_id, run.test_id, run.network_id)
    return run, tuple(document.items[item_id] for item_id in wanted if item_id in document.items)
