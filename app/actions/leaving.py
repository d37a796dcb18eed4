"""What becomes of the jobs that are not over when a window closes, or another session takes the place of theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.actions.training import PendingRun, Trainings
from app.actions.wording import short
from app.jobs.job import Job

MOST_LISTED = 12  # jobs in one list


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """The names of the jobs, by what becomes of them."""

    offered: tuple[str, ...] = ()  # trainings and kept results that the next start offers to go on with
    unchanged: tuple[str, ...] = ()  # what had not begun to go on: its partial result is in the session
    forgotten: tuple[str, ...] = ()  # what had not begun at all
    lost: tuple[str, ...] = ()  # what was being computed

    @property
    def text(self) -> str:
        """A sentence for each kind, with its jobs under it."""
        kinds = (
            ("Offered again when Corrie starts, to go on from the last checkpoint:", self.offered),
            ("Left in the session as far as they were:", self.unchanged),
            ("Not begun yet, and forgotten:", self.forgotten),
            ("Stopped, and what is there so far is lost:", self.lost),
        )
        return "\n\n".join(f"{heading}\n{_listed(names)}" for heading, names in kinds if names)


def what_becomes_of(
    jobs: Sequence[Job[object]],
    current: Job[object] | None,
    trainings: Trainings,
    *,
    closing: bool,
    has_kept: Callable[[Job[object]], bool] = lambda _job: False,
) -> Leaving:
    """Sort the jobs that are not over.

    Parameters
    ----------
    closing
        The window goes, and Corrie with it: trainings leave their checkpoints. If only the session is left, they
        leave nothing, because nobody waits for them any more.
    has_kept
        Whether a partial result of a job is on the disk.
    """
    by_job: dict[object, PendingRun] = {pending.job: pending for pending in trainings.pending.values()}
    running = None if current is None else by_job.get(current)
    kept = closing and running is not None and running.kept.has_checkpoint
    offered, unchanged, forgotten, lost = [], [], [], []
    for job in jobs:
        pending = by_job.get(job)
        if pending is not None and kept and (job is current or _waits_for(pending, running)):
            offered.append(pending.name)
        elif job is current and closing and has_kept(job):
            offered.append(job.name)
        elif job is current:
            lost.append(job.name)
        elif pending is not None and pending.resume is not None and closing:
            unchanged.append(pending.name)
        else:
            forgotten.append(job.name)
    return Leaving(offered=tuple(offered), unchanged=tuple(unchanged), forgotten=tuple(forgotten), lost=tuple(lost))


def _waits_for(pending: PendingRun, running: PendingRun | None) -> bool:
    """Whether the journal of the running training names this one: of its sweep, and not begun."""
    return running is not None and bool(pending.sweep) and pending.sweep == running.sweep and pending.resume is None


def _listed(names: Sequence[str]) -> str:
    lines = [f"  • {short(name)}" for name in names[:MOST_LISTED]]
    if len(names) > MOST_LISTED:
        lines.append(f"  • and {len(names) - MOST_LISTED} more")
    return "\n".join(lines)
