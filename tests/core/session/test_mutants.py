"""A thousand mutated sessions and cards, each of which becomes a document or a sentence; `dev.py mutate` opens more."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.session.hdf5 import h5py
from tests.mutating.command import MOST_MEMORY, Tally, mutate
from tests.mutating.mutations import HARM, Nursery
from tests.mutating.worker import opened

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the worker's limits are those of Unix")
def test_a_thousand_mutants_become_documents_or_sentences() -> None:
    tally = mutate(1000, 0)
    assert tally.complaints == []
    assert tally.memory <= MOST_MEMORY
    assert tally.how["document"] + tally.how["refusal"] == 1000
    assert tally.how["document"] > 100  # the structure-aware ones are not all refused


def test_each_harm_is_refused_by_name(tmp_path: Path) -> None:
    nursery = Nursery(tmp_path / "secret")
    for name, harm in HARM.items():
        mutant = nursery.harmed(name, 0)
        (tmp_path / mutant.name).write_bytes(mutant.content)
        how, said = opened(mutant, tmp_path)
        assert how == "refusal", harm
        assert "damaged: its structure" not in said, name


READS = """
import sys; from pathlib import Path
from core.session.hdf5 import h5py
from tests.mutating.watch import Watch
here, trap = Path(sys.argv[1]), Path(sys.argv[2])
watch = Watch(here, trap)
def seen(work):
    watch.begin()
    work()
    return len(watch.end())
def followed():
    with h5py.File(here / "link.h5", "r") as file:
        file["elsewhere/values"][()]
print(seen(lambda: (here / "link.h5").read_bytes()), seen(lambda: (trap / "secret.h5").read_bytes()), seen(followed))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells of what C code opens")
def test_the_watch_notices_what_python_and_hdf5_read_elsewhere(tmp_path: Path) -> None:
    here, trap = tmp_path / "here", tmp_path / "trap"
    here.mkdir()
    trap.mkdir()
    with h5py.File(trap / "secret.h5", "w") as file:
        file["values"] = [1.0]
    with h5py.File(here / "link.h5", "w") as file:
        file["elsewhere"] = h5py.ExternalLink(str(trap / "secret.h5"), "/")
    command = [sys.executable, "-c", READS, str(here), str(trap)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert said[0] == "0"
    assert int(said[1]) >= 1
    assert int(said[2]) >= 1


def test_a_crash_a_hang_and_a_read_elsewhere_are_complained_about() -> None:
    sound = {"how": "refusal", "said": "", "others": [], "seconds": 0.1, "memory": 1}
    for change in ({"how": "crash"}, {"how": "hang"}, {"others": ["open: /etc/passwd"]}, {"memory": 2 * MOST_MEMORY}):
        tally = Tally(0)
        tally.count(1, sound, "")
        assert tally.clean
        tally.count(2, {**sound, **change}, "")
        assert not tally.clean
