"""The progress of everything that a spectrum takes is one bar."""

import itertools

import pytest

from core.job import ControlledJob
from core.spectrum import subject
from core.spectrum.engine import compute_spectrum
from core.spectrum.progress import Portion
from core.spectrum.spectrum import SpectrumRequest
from tests.core.spectrum import dense


def test_progress_never_goes_back_and_names_every_part() -> None:
    told: list[tuple[int, int, str]] = []
    job = ControlledJob(on_progress=lambda *report: told.append(report))
    request = SpectrumRequest(top=2, density=True, layer_table=True, density_steps=10, samples=40, population_pairs=1)
    compute_spectrum(request, dense.network("batchnorm"), dense.data(90), job)
    assert len({total for _, total, _ in told}) == 1
    assert all(one[0] <= other[0] < other[1] for one, other in itertools.pairwise(told))
    said = " ".join(text for _, _, text in told)
    for part in ("searching", "density", "layer 1 of 3, 0", "layer 3 of 3, 3", "over all 90 samples"):
        assert part in said
    assert told[-1][0] > 0.7 * told[-1][1]


def test_the_bar_moves_while_all_pairs_are_judged_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "precise_batch", lambda _inputs: 5)
    told: list[tuple[int, str]] = []
    job = ControlledJob(on_progress=lambda done, _total, text: told.append((done, text)))
    compute_spectrum(SpectrumRequest(top=8, samples=40), dense.network("tanh"), dense.data(40), job)
    judging = [done for done, text in told if text.startswith("checking residuals")]
    assert len(set(judging)) > 4  # eight groups of five samples


def test_a_part_stays_within_its_portion_whatever_it_reports() -> None:
    told: list[int] = []
    job = ControlledJob(on_progress=lambda done, *_: told.append(done))
    part = Portion(job, before=10, size=20, whole=40)
    for done, total in ((0, 5), (4, 5), (2, 5), (9, 5), (0, 0)):
        part.progress(done, total, "a part")
    assert told == [10, 26, 26, 30, 30]
