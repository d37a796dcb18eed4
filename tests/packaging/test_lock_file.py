import pytest
from complaint import Complaint
from lock_file import DEVELOPMENT, RUNTIME, Lock, Pin, normalised, parse_lock, public, read_lock, with_markers

TEXT = f"""# heading
{RUNTIME}
torch==2.13.0

{DEVELOPMENT}
pytest==9.2.0
regioncam==0.5.2 ; sys_platform == 'linux'
"""


def test_a_lock_is_read_in_its_two_sections() -> None:
    oracle = Pin("regioncam", "0.5.2", "sys_platform == 'linux'")
    assert parse_lock(TEXT) == Lock((Pin("torch", "2.13.0"),), (Pin("pytest", "9.2.0"), oracle))


def test_a_pin_is_written_as_it_was_read() -> None:
    lines = [line for line in TEXT.splitlines() if "==" in line]
    assert [str(pin) for pin in parse_lock(TEXT).pins(development=True)] == lines


def test_running_needs_the_runtime_section_only() -> None:
    assert [pin.name for pin in parse_lock(TEXT).pins(development=False)] == ["torch"]


@pytest.mark.parametrize(
    "line", ["torch>=2.13", "torch", "torch==2.13.0+cpu", "-e .", "torch @ https://example.org/t.whl"]
)
def test_a_line_that_is_no_exact_pin_is_refused_by_name(line: str) -> None:
    with pytest.raises(Complaint, match="not an exact pin"):
        parse_lock(f"{RUNTIME}\n{line}\n")


def test_a_missing_lock_is_a_sentence_with_the_remedy(tmp_path) -> None:
    with pytest.raises(Complaint, match="git checkout"):
        read_lock(tmp_path / "requirements.lock")


def test_the_marker_of_pyproject_goes_to_the_pin_of_the_same_name() -> None:
    pins = [Pin("Region_Cam", "0.5.2"), Pin("torch", "2.13.0")]
    marked = with_markers(pins, ["region-cam[all]>=0.5; sys_platform == 'linux'", "torch==2.13.0"])
    assert marked == (Pin("Region_Cam", "0.5.2", "sys_platform == 'linux'"), Pin("torch", "2.13.0"))


@pytest.mark.parametrize("name", ["typing_extensions", "Typing-Extensions", "typing.extensions", "typing--extensions"])
def test_names_are_compared_as_an_index_compares_them(name: str) -> None:
    assert normalised(name) == "typing-extensions"


def test_a_build_of_a_version_counts_as_the_version() -> None:
    assert (public("2.13.0+cpu"), public("2.13.0")) == ("2.13.0", "2.13.0")
