"""The engine of the table of cases: every rejected row one after the other, then rules, then other networks."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.corrections.engines.cases.holding import Other, held_under, opened_others
from core.corrections.engines.cases.one_case import CaseAnswer, CaseQuestion, correct_case, failed
from core.corrections.engines.cases.rows import freedoms, goal_of, rejected_rows, usual_freedom
from core.corrections.engines.cases.table import empty_table, table_with, with_rules
from core.corrections.engines.limited import Limited, OutOfTime
from core.corrections.network.lowering import lower
from core.corrections.records.cases import NOT_YET, Cases, CasesRequest
from core.corrections.records.correction import Status
from core.corrections.records.freedom import Freedom
from core.corrections.search.rules import RuleSearch
from core.data.dataset import Dataset
from core.errors import Cancelled, CorrieError
from core.job import JobContext, with_time_left
from core.networks.network import Network
from core.origin import Origin, refuse_foreign
from core.provenance import Provenance

SNAPSHOT_EVERY = 0.2  # seconds


def compute_cases(
    request: CasesRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Cases | None = None,
    others: Mapping[str, Network] | None = None,
) -> Cases:
    """What every rejected row needs to be accepted, and rules that between them correct most of them.

    Parameters
    ----------
    data : Dataset
        A table with a feature card, encoded as the network takes it.
    resume : Cases, optional
        A partial result of the same request, network and data: its cases are taken over bit for bit.
    others : of networks by sha256, optional
        Those that the request names.

    Returns
    -------
    Cases
        A case about which nothing could be said has a sentence in ``failures``; it never stops the others.

    Raises
    ------
    InvalidRequest
        If the features, the goal or the rows do not fit, or `resume` belongs to something else.
    UnsupportedNetwork
        If the network, or one of the others, has an operation that can be neither taken apart nor bounded.
    """
    used = data if request.rows else data.first(request.samples)
    table = _Table(request, network, used, job)
    return table.run(resume, opened_others(request, others or {}, table.found.inputs.shape[1]))


class _Table:
    """One computation, and what is known of it so far."""

    def __init__(self, request: CasesRequest, network: Network, data: Dataset, job: JobContext) -> None:
        self._request, self._network, self._data, self._job = request, network, data, job
        self._origin = Origin(network, data)
        job.progress(0, 1, "reading the network")
        self._lowered = lower(network, curved=True)
        self._goal = goal_of(request, self._lowered)
        rejected = rejected_rows(request, self._lowered, data, job)
        self._freedoms = freedoms(request, data, rejected.rows.tolist(), job)
        usual = usual_freedom(request, data, self._freedoms, job)
        self.found = empty_table(request, rejected, self._freedoms, usual, self._made())
        self._told = time.monotonic()

    def run(self, resume: Cases | None, others: Sequence[Other]) -> Cases:
        """To the end, or until the job is stopped: what is known then is given to it."""
        if resume is not None:
            refuse_foreign(resume, self._request, self._network, self._data, "table of cases")
            self._origin.take_over(resume)
            self.found = resume
        try:
            self._correct()
            self._find_rules()
            self.found = held_under(self.found, others, self._job)
        except Cancelled:
            self._tell("partial")
            raise
        return self._tell("complete")

    def _correct(self) -> None:
        """Case after case. What was found is written into arrays of this computation only when it is told."""
        found, answers = self.found, dict[int, CaseAnswer]()
        waiting = np.flatnonzero(found.proof == NOT_YET).tolist()
        began, total = time.monotonic(), len(found.rows)
        try:
            for count, place in enumerate(waiting):
                self._job.progress(total - len(waiting) + count, total + 1, _left(began, count, len(waiting)))
                answers[place] = self._case(place)
                if time.monotonic() - self._told >= SNAPSHOT_EVERY:
                    self.found = table_with(found, answers)
                    self._tell("partial")
        finally:
            self.found = table_with(found, answers)
        self._tell("partial")

    def _case(self, place: int) -> CaseAnswer:
        """One case. Whatever goes wrong with it is its answer."""
        freedom = self._freedoms[place]
        if not isinstance(freedom, Freedom):
            return failed(freedom)
        asked = CaseQuestion(
            input=tuple(self.found.inputs[place].tolist()),
            freedom=freedom,
            goal=self._goal,
            norm=self._request.norm,
            seconds=self._request.seconds,
        )
        self._job.check()
        try:
            return correct_case(asked, self._lowered, self._job)
        except Cancelled:
            raise
        except CorrieError as error:
            return failed(str(error))
        except (ArithmeticError, ValueError, MemoryError, np.linalg.LinAlgError) as error:
            return failed(f"The computation of this row failed ({type(error).__name__}: {error}).")

    def _find_rules(self) -> None:
        """As many as are asked for, as far as the time allows."""
        if self.found.rules_finished:
            return
        limited, found = Limited(self._job, self._request.rule_seconds), self.found
        search = RuleSearch(found, self._lowered, self._goal, limited)
        finished = True
        try:
            for rules in search.run() if self._request.rules else ():
                self.found = with_rules(found, rules)
                self._job.progress(len(found.rows), len(found.rows) + 1, f"rules: {len(rules)} so far")
        except OutOfTime:
            finished = False
        self.found = replace(self.found, rules_finished=finished and search.all_sampled)

    def _tell(self, status: Status) -> Cases:
        self._told = time.monotonic()
        self.found = replace(self.found, status=status, provenance=self._made())
        if status == "partial":
            self._job.partial(self.found)
        return self.found

    def _made(self) -> Provenance:
        return replace(self._origin.provenance(), dtype="float64")


def _left(began: float, done: int, of: int) -> str:
    """What is being done, and how long the rest of it takes at the pace so far."""
    text = f"case {done + 1} of {of}"
    if not done:
        return text
    seconds = (time.monotonic() - began) / done * (of - done)
    return with_time_left(text, f"about {seconds:.0f} s" if seconds < 100 else f"about {seconds / 60:.0f} min")
