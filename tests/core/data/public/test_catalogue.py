import re

import pytest

from core.data.public.catalogue import SETS, find_set, is_public_name
from core.errors import InvalidRequest


@pytest.mark.parametrize("wanted", SETS, ids=lambda wanted: wanted.name)
def test_every_set_says_where_it_is_from_and_on_which_terms(wanted) -> None:
    assert wanted.licence
    assert wanted.citation
    assert wanted.homepage.startswith("http")
    assert all(mirror.startswith("http") and mirror.endswith("/") for mirror in wanted.mirrors)
    assert {file for _, file in wanted.parts} <= {file.name for file in wanted.files}


@pytest.mark.parametrize("wanted", SETS, ids=lambda wanted: wanted.name)
def test_a_file_has_size_and_checksum_or_neither(wanted) -> None:
    for file in wanted.files:
        assert (file.size is None) == (file.sha256 == "")
        assert re.fullmatch(r"[0-9a-f]{64}|", file.sha256)


def test_no_two_sets_share_a_name_or_a_file() -> None:
    assert len({wanted.name for wanted in SETS}) == len(SETS)
    places = [(wanted.folder, file.name) for wanted in SETS for file in wanted.files]
    assert len(set(places)) == len(places)


def test_no_two_files_share_a_checksum() -> None:
    sums = [file.sha256 for wanted in SETS for file in wanted.files if file.sha256]
    assert len(set(sums)) == len(sums)


def test_a_set_is_found_by_name_and_by_part() -> None:
    assert find_set("mnist") is find_set("mnist:test")
    assert is_public_name("mnist:test")
    assert not is_public_name("mnist.npz")
    assert not is_public_name("german-credit")


def test_an_unknown_set_or_part_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidRequest, match=r'no public data set "imagenet".*mnist, fashion-mnist'):
        find_set("imagenet")
    with pytest.raises(InvalidRequest, match=r'MNIST has no part "validation".*"mnist", "mnist:test"'):
        find_set("mnist:validation")
