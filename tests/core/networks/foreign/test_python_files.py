"""A user's Python file runs in a child process only, and only after the user agreed; what it does there is told."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest
import torch

from core.child_processes import process
from core.child_processes.process import Limits
from core.errors import Cancelled, CorrieError, InvalidRequest, UnreadableFile, UnsupportedNetwork
from core.job import ControlledJob, JobContext
from core.networks.foreign.exporting import Exported, export_from_python
from core.networks.program import load_program

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc or bounds address space")

NETWORK = """
import torch
from torch import nn
{before}
class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.linear = nn.Linear(4, 5)
    def forward(self, x):
        x = torch.relu(self.norm(self.convolution(x)))
        return self.linear(x.mean(dim=(2, 3)))
def make():
    torch.manual_seed(7)
    {inside}
    return Reader(){after}
"""


def written(folder: Path, text: str, name: str = "model.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def network(folder: Path, *, before: str = "", inside: str = "pass", after: str = "") -> Path:
    return written(folder, NETWORK.format(before=before, inside=inside, after=after))


def export(path: Path, factory: str = "make", shape: tuple[int, ...] | None = None, **limits: float) -> Exported:
    return export_from_python(path, factory, shape, limits=Limits(**limits), agreed=True)  # type: ignore[arg-type]


def refusal(path: Path, kind: type[CorrieError] = UnreadableFile, **options: object) -> str:
    """The sentence, after making sure that it is one and names the file."""
    with pytest.raises(kind) as refused:
        export(path, **options)  # type: ignore[arg-type]
    text = str(refused.value)
    assert str(path) in text
    assert "Traceback" not in text
    assert "\n" not in text
    return text


def test_a_factory_becomes_a_program_with_its_numbers_and_names(tmp_path: Path) -> None:
    exported = export(
        network(tmp_path, before="input_shape = (3, 9, 9)", inside='print("building")', after=".double()")
    )
    assert exported.input_shape == (3, 9, 9)
    assert exported.notes == ("Its weights were float64, and are float32 here.",)
    program = load_program(exported.program, "p.pt2")
    assert [name for name, _ in program.named_parameters()][:2] == ["convolution.weight", "convolution.bias"]
    torch.manual_seed(7)
    expected = torch.nn.Conv2d(3, 4, 3).weight
    assert torch.equal(dict(program.named_parameters())["convolution.weight"], expected)
    assert program(torch.zeros(6, 3, 9, 9)).shape == (6, 5)


def test_the_input_shape_comes_from_the_user_then_the_file_then_a_guess(tmp_path: Path) -> None:
    path = network(tmp_path, before="example_input = torch.zeros(2, 3, 11, 11)")
    assert export(path, shape=(3, 7, 7)).input_shape == (3, 7, 7)
    assert export(path).input_shape == (3, 11, 11)
    guessed = export(network(tmp_path))
    assert guessed.input_shape == (3, 32, 32)
    assert "Nothing says the input shape: 3 × 32 × 32" in guessed.notes[0]


def test_the_code_does_not_run_before_the_user_agreed(tmp_path: Path) -> None:
    path = network(tmp_path, before="open('ran', 'w').close()")
    with pytest.raises(InvalidRequest, match=r"would run that code.*--yes-run-code"):
        export_from_python(path, "make")
    assert not (tmp_path / "ran").exists()
    export(path)
    assert (tmp_path / "ran").exists()  # the trap was live


def test_packages_beside_the_file_come_before_those_of_the_same_name_here(tmp_path: Path) -> None:
    for name in ("core", "app"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, "SIZE = 9\n", "__init__.py")
    written(tmp_path / "core", "WORD = 'mine'\n", "errors.py")
    before = "from core.errors import WORD\nfrom app import SIZE\nassert WORD == 'mine'\ninput_shape = (3, SIZE, SIZE)"
    assert export(network(tmp_path, before=before)).input_shape == (3, 9, 9)
    assert sorted(path.name for path in tmp_path.rglob("*.pyc")) == []


def test_our_own_packages_are_not_there_for_the_file(tmp_path: Path) -> None:
    assert 'the package "core" is not installed' in refusal(network(tmp_path, before="import core.errors"))


def test_a_missing_package_is_named_with_the_other_way(tmp_path: Path) -> None:
    text = refusal(network(tmp_path, before="import a_package_of_mine"))
    assert '"a_package_of_mine" is not installed beside Corrie (line 4 of model.py)' in text
    assert "torch.export.save" in text


def test_an_exception_is_told_with_its_line(tmp_path: Path) -> None:
    text = refusal(network(tmp_path, inside="[][3]"))
    assert "IndexError: list index out of range (line 16 of model.py)" in text


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    assert "line 2 is no Python" in refusal(written(tmp_path, "x = 1\ndef make(:\n"))


@pytest.mark.parametrize(
    ("text", "factory", "words"),
    [
        ("def build(): ...\n", "make", 'no "make". It defines: build.'),
        ("x = 1\n", "make", "It defines: nothing."),
        ("make = 5\n", "make", "is a int, not a function"),
        ("def make(depth, width=2): ...\n", "make", "needs the argument depth"),
    ],
)
def test_a_factory_that_cannot_be_called_is_refused(tmp_path: Path, text: str, factory: str, words: str) -> None:
    assert words in refusal(written(tmp_path, text), InvalidRequest, factory=factory)


def test_a_factory_that_builds_no_network_is_refused(tmp_path: Path) -> None:
    assert "gives a dict, not a torch.nn.Module" in refusal(
        written(tmp_path, "def make():\n    return {}\n"), UnsupportedNetwork
    )


def test_a_shape_that_does_not_fit_is_refused_with_the_reason(tmp_path: Path) -> None:
    text = refusal(network(tmp_path), InvalidRequest, shape=(1, 9, 9))
    assert "does not take an input of shape 1 × 9 × 9" in text
    assert "channels" in text


def test_a_network_that_asks_for_a_graphics_card_is_told_how_to_do_without(tmp_path: Path) -> None:
    text = refusal(network(tmp_path, after=".cuda()"))
    assert "graphics card (CUDA)" in text
    assert "no .cuda()" in text


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("import os; print('the end', flush=True); os._exit(3)", 'status 3; its last words were "the end"'),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "signal 11"),
        ("import os; os.abort()", "signal 6"),
        ("raise SystemExit(1)", "ends the process by itself (line 16 of model.py)"),
    ],
)
def test_a_crash_is_told_and_not_shared(tmp_path: Path, inside: str, words: str) -> None:
    assert words in refusal(network(tmp_path, inside=inside))


@linux_only
@pytest.mark.parametrize("inside", ["bytearray(2**34)", "torch.zeros(2**34)", "[bytes(2**26) for _ in range(999)]"])
def test_too_much_memory_is_refused_by_the_limit(tmp_path: Path, inside: str) -> None:
    assert "memory allowed for it did not suffice" in refusal(network(tmp_path, inside=inside), memory_bytes=6 * 2**30)


def running(marker: str) -> list[str]:
    """Processes whose command line holds the marker."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and folder.name != str(os.getpid()):
            try:
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            found += [command] if marker in command else []
    return found


SLEEPER = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(500)', {!r}]); "
)


@linux_only
def test_a_hang_is_ended_at_the_limit_with_all_that_it_started(tmp_path: Path) -> None:
    path = network(tmp_path, inside=SLEEPER.format(str(tmp_path)) + "time.sleep(500)")
    assert "not exported within 5 seconds" in refusal(path, seconds=5)
    assert running(str(tmp_path)) == []


def test_the_last_words_are_kept_however_much_was_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "print('x' * 10**6); print('last\\x1b[31m', flush=True); import os; os._exit(4)"
    monkeypatch.setattr(process, "child_command", lambda _child, _folder: [sys.executable, "-I", "-c", code])
    ended = process.run_child("any", tmp_path, tmp_path, JobContext(), Limits())
    assert (ended.status, ended.timed_out, ended.last_line) == (4, False, "last [31m")


@linux_only
def test_what_outlives_the_factory_is_ended_with_it(tmp_path: Path) -> None:
    inside = (
        SLEEPER.format(str(tmp_path)) + "import threading; threading.Thread(target=time.sleep, args=(500,)).start()"
    )
    started = time.monotonic()
    export(network(tmp_path, inside=inside))
    assert time.monotonic() - started < 100
    assert running(str(tmp_path)) == []


@linux_only
def test_a_stop_ends_the_child_at_once(tmp_path: Path) -> None:
    path = network(tmp_path, inside="open('started', 'w').close(); import time; time.sleep(500)")
    job = ControlledJob()
    ended: list[BaseException | float] = []

    def work() -> None:
        try:
            export_from_python(path, "make", job=job, agreed=True)
        except BaseException as error:  # noqa: BLE001  handed to the test
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    deadline = time.monotonic() + 60
    while not (tmp_path / "started").exists() and time.monotonic() < deadline:
        thread.join(0.05)
    job.cancel()
    thread.join(60)  # the code itself would sleep for 500 seconds
    assert not thread.is_alive()
    assert isinstance(ended[0], Cancelled)
    assert running(str(tmp_path)) == []


def test_a_child_that_forges_its_report_hands_over_nothing_unguarded(tmp_path: Path) -> None:
    forged = (
        "import sys, os, json; from pathlib import Path; folder = Path(sys.argv[1]); "
        "(folder / 'program.pt2').write_bytes(b'hello'); "
        "(folder / 'report.json').write_text(json.dumps({'shape': [3], 'notes': ['\\x1b[31mred\\n']})); os._exit(0)"
    )
    exported = export(network(tmp_path, inside=forged))
    assert exported.notes == (" [31mred ",)
    with pytest.raises(UnreadableFile, match=r"not a \.pt2 program"):
        load_program(exported.program, "p.pt2")


@pytest.mark.parametrize("report", ["[1]", "{}", "no json", '{"shape": [-1], "notes": []}', "[" * 9999])
def test_a_report_that_is_none_is_refused(tmp_path: Path, report: str) -> None:
    forged = (
        "import sys, os; from pathlib import Path; "
        f"(Path(sys.argv[1]) / 'report.json').write_text({report!r}); os._exit(0)"
    )
    assert "process" in refusal(network(tmp_path, inside=forged))


@linux_only
def test_a_program_that_is_too_large_is_not_written(tmp_path: Path) -> None:
    path = written(tmp_path, "from torch import nn\ninput_shape = 4\ndef make():\n    return nn.Linear(4, 1_000_000)\n")
    text = refusal(path, CorrieError, output_bytes=2**20)
    assert "than are allowed" in text


def test_a_missing_file_is_refused_before_anything_starts(tmp_path: Path) -> None:
    assert "There is no such file" in refusal(tmp_path / "lost.py")
