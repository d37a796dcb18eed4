"""What a verb does that is asked for one result: resume it or begin, compute it into a session, and print it."""

from pathlib import Path

from app.cli.company import ALONE, Company
from app.cli.printing import print_result
from app.cli.workbook import INTERRUPTED, compute_into, open_workbook, partial_to_resume
from core.data.dataset import Dataset
from core.naming import Request
from core.networks.network import Network


def answer(
    request: Request,
    network: Network,
    data: Dataset,
    origin: str,
    *,
    output: Path | None,
    resume: Path | None,
    as_json: bool,
    company: Company = ALONE,
    time_limit: float | None = None,
) -> int:
    """Compute a request, and print where its result is. Returns the exit status.

    Raises
    ------
    CorrieError
        If there is nothing to resume in the session of that path, it cannot be written, or nothing can be computed.
    """
    earlier = None if resume is None else partial_to_resume(resume, request, network)
    workbook = open_workbook(output or resume, network.name)
    item, complete = compute_into(
        workbook, request, network, data, origin, resume=earlier, time_limit=time_limit, company=company
    )
    print_result(workbook, item, as_json=as_json)
    return 0 if complete else INTERRUPTED
