"""The lock says exactly what is installed, and leaves out nothing that is needed."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LINES = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8").splitlines()
PINS = [Requirement(line) for line in LINES if line and not line.startswith("#")]
LOCKED = {canonicalize_name(pin.name): pin for pin in PINS}


def version_of(pin: Requirement) -> str:
    """The only version that a pin allows."""
    (specifier,) = pin.specifier
    assert specifier.operator == "=="
    return specifier.version


def needed(name: str) -> list[Requirement]:
    """What an installed distribution asks for on this platform, without its extras."""
    requirements = [Requirement(line) for line in distribution(name).requires or []]
    return [one for one in requirements if one.marker is None or one.marker.evaluate({"extra": ""})]


def test_every_line_is_one_exact_version_without_a_local_build() -> None:
    assert [str(pin) for pin in PINS if pin.url or not re.fullmatch(r"[0-9][0-9A-Za-z.]*", version_of(pin))] == []


def test_no_package_is_locked_twice() -> None:
    assert len(LOCKED) == len(PINS)


@pytest.mark.parametrize("line", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])
def test_the_lock_covers_what_pyproject_asks_for(line: str) -> None:
    requirement = Requirement(line)
    pin = LOCKED[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(Version(version_of(pin)))
    assert str(pin.marker) == str(requirement.marker)


@pytest.mark.parametrize("name", LOCKED)
def test_the_lock_covers_what_a_locked_package_asks_for(name: str) -> None:
    pin = LOCKED[name]
    if pin.marker is not None and not pin.marker.evaluate():
        pytest.skip(f"{name} is not made for this platform")
    for requirement in needed(name):
        # The CUDA libraries, which only some builds of torch bring, are pinned by torch itself.
        pinned_by_the_asker = [specifier.operator for specifier in requirement.specifier] == ["=="]
        assert canonicalize_name(requirement.name) in LOCKED or pinned_by_the_asker, str(requirement)


def test_the_tests_run_with_exactly_what_is_locked() -> None:
    different = {}
    for name, pin in LOCKED.items():
        if pin.marker is not None and not pin.marker.evaluate():
            continue
        try:
            present = distribution(name).version
        except PackageNotFoundError:
            present = "absent"
        if present.partition("+")[0] != version_of(pin):
            different[name] = present
    assert different == {}
