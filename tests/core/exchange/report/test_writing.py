"""A report is written whole or not at all, and what prevents that is told."""

from pathlib import Path

import pytest

from core.errors import Cancelled, InvalidRequest, OutOfSpace, UnreadableFile
from core.exchange.report.blocks import Picture, Report, Section
from core.exchange.report.endings import ENDINGS, FILTER
from core.exchange.report.html import html_of
from core.exchange.report.pdf.document import write_pdf
from core.exchange.report.writing import write_report
from core.job import ControlledJob, JobContext
from core.session.atomic import replace_file
from core.session.document import Document
from tests import documents
from tests.pdf_text import PdfText

DOCUMENT = documents.document()
ONE = ["network-0"]


@pytest.mark.parametrize("ending", [*ENDINGS, ".PDF"])
def test_the_ending_decides_the_form(ending: str, tmp_path: Path) -> None:
    write_report(DOCUMENT, tmp_path / f"r{ending}", wanted=ONE)
    begins = (tmp_path / f"r{ending}").read_bytes()[:9]
    assert begins == b"<!DOCTYPE" if "h" in ending else begins.startswith(b"%PDF-")
    assert [path.name for path in tmp_path.iterdir()] == [f"r{ending}"]
    assert "*.pdf" in FILTER


@pytest.mark.parametrize("name", ["r.docx", "r"])
def test_another_ending_is_refused_with_those_there_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"The endings are \.pdf and \.html"):
        write_report(DOCUMENT, tmp_path / name)
    with pytest.raises(InvalidRequest, match="The session is empty"):
        write_report(Document(), tmp_path / "r.pdf")
    with pytest.raises(UnreadableFile, match="folder does not exist"):
        write_report(DOCUMENT, tmp_path / "nowhere" / "r.pdf", wanted=ONE)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["pdf", "html"])
def test_a_full_disk_leaves_the_older_report_alone(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"r.{ending}"
    path.write_text("older")
    resource = pytest.importorskip("resource")  # not on Windows
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, before[1]))  # the system then says that the file is too large
    try:
        with pytest.raises(OutOfSpace, match="the disk is full"):
            write_report(DOCUMENT, path, wanted=ONE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_text() == "older"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", ["pdf", "html"])
def test_it_can_be_stopped_at_every_figure_and_the_older_one_stays(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"r.{ending}"
    path.write_text("older")
    told: list[tuple[int, int, str]] = []

    def stop(done: int, total: int, text: str) -> None:
        told.append((done, total, text))
        if done >= 400:
            job.cancel()

    job = ControlledJob(on_progress=stop)
    with pytest.raises(Cancelled):
        write_report(DOCUMENT, path, wanted=["surface-0", "correction-0"], job=job)
    assert path.read_text() == "older"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert {total for _, total, _ in told} == {1000}
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def failing_at_once() -> None:
    raise InvalidRequest("The figure cannot be drawn.")


def test_where_a_figure_cannot_be_drawn_a_sentence_stands_in_its_place(tmp_path: Path) -> None:
    from matplotlib.figure import Figure  # noqa: PLC0415  only here

    class Failing(Figure):
        """Is made, and then fails in the middle of being drawn."""

        def draw(self, renderer: object) -> None:
            raise OverflowError("too far apart")

    pictures = (Picture(draw=failing_at_once, words="One"), Picture(draw=Failing, words="Two"))  # type: ignore[arg-type]
    section = Section(anchor="a", title="Figures", blocks=pictures)
    report = Report(
        title="T", made_utc="2026-11-28T13:33:08+00:00", version="1", lead="", facts=[], sections=(section,)
    )
    replace_file(tmp_path / "r.pdf", lambda file: write_pdf(report, file, JobContext()))
    for said in (PdfText(tmp_path / "r.pdf").text, html_of(report)):
        assert said.count("The figure cannot be drawn") == 2
