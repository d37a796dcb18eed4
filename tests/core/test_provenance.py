"""The versions that every result carries."""

from pathlib import Path

import h5py
import pytest
import torch

from core.provenance import software_versions


def test_the_versions_are_those_that_compute() -> None:
    versions = software_versions()
    assert versions["torch"] == torch.__version__
    assert versions["h5py"] == h5py.__version__


def test_a_library_that_has_lost_its_papers_is_of_unknown_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = tmp_path / "scipy-9.0.dist-info"
    papers.mkdir()
    (papers / "METADATA").touch()  # as after a power cut during an installation
    monkeypatch.syspath_prepend(tmp_path)
    assert software_versions()["scipy"] == "unknown"


def test_a_library_without_papers_is_of_unknown_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [str(tmp_path)])  # as in an installer that left them out
    assert software_versions()["shapely"] == "unknown"
