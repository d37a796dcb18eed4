"""Pickles of plain data are read without running anything; all others are refused."""

import io
import os
import pickle  # noqa: TID251  to write the files that are refused
import pickletools
from pathlib import Path

import numpy as np
import pytest

from core.data.images.pickled import ForbiddenPickle, read_plain_pickle

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
PLAIN = {
    b"data": np.arange(24, dtype=np.uint8).reshape(4, 6),
    b"labels": [3, 0, 255, 70_000, -1],
    "text": ["a", b"b", "ü", 1.5, None, True, (1, 2), (), (1, 2, 3, 4)],
    b"columns": np.asfortranarray(np.arange(6, dtype=np.uint8).reshape(2, 3)),
}


def same(one: object, other: object) -> bool:
    return bool(np.array_equal(one, other)) if isinstance(one, np.ndarray) else one == other


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_plain_data_of_every_protocol_are_those_that_pickle_reads(protocol: int) -> None:
    content = pickle.dumps(PLAIN, protocol=protocol)
    read = read_plain_pickle(content)
    assert read.keys() == PLAIN.keys()
    assert all(same(read[key], value) for key, value in pickle.loads(content).items())  # noqa: S301  our own


def test_texts_of_python_2_come_as_bytes() -> None:
    content = b"\x80\x02}q\x01(U\x06labelsq\x02]q\x03(K\x05K\x07eU\x04nameT\x03\x00\x00\x00abcu."
    assert read_plain_pickle(content) == {b"labels": [5, 7], b"name": b"abc"}


class Harm:
    """Would make a folder when it is unpickled."""

    def __init__(self, how: tuple[object, ...]) -> None:
        self.how = how

    def __reduce__(self) -> tuple[object, ...]:
        return self.how


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_pickle_that_would_run_code_is_refused_with_what_it_would_call(
    tmp_path: Path, protocol: int, wrapped: object
) -> None:
    victim = tmp_path / "victim"
    harm = Harm((os.mkdir, (str(victim),)))
    content = pickle.dumps({b"data": [harm]} if wrapped else harm, protocol=protocol)
    pickle.loads(content)  # noqa: S301  the trap is live
    assert victim.exists()
    victim.rmdir()
    with pytest.raises(ForbiddenPickle, match=r"would call (posix|nt)\.mkdir"):
        read_plain_pickle(content)
    assert not victim.exists()


@pytest.mark.parametrize(
    "how",
    [
        (eval, ("__import__('os').abort()",)),
        (os.system, ("exit 1",)),
        (__import__, ("os",)),
        (np.dtype, ("O",)),
        (np.dtype, ("f8",)),
        (getattr, ("a", "b")),
    ],
)
def test_other_calls_are_refused(how: tuple[object, ...]) -> None:
    with pytest.raises(ForbiddenPickle, match=r"would call|not of uint8"):
        read_plain_pickle(pickle.dumps({b"data": Harm(how)}, protocol=2))


@pytest.mark.parametrize(
    "array", [np.arange(3), np.array([{}], dtype=object), np.array(["a"]), np.zeros(2, [("a", "u1"), ("b", "u1")])]
)
def test_arrays_of_anything_but_bytes_are_refused(array: np.ndarray) -> None:
    with pytest.raises(ForbiddenPickle):
        read_plain_pickle(pickle.dumps(array, protocol=2))


def test_an_array_that_declares_8_gb_is_refused_without_asking_for_them() -> None:
    content = pickle.dumps(np.zeros((4, 6), np.uint8), protocol=2).replace(b"K\x04K\x06\x86", b"J\0\0\0\x20K\x10\x86")
    assert any(argument == 2**29 for _, argument, _ in pickletools.genops(content))
    with pytest.raises(ForbiddenPickle, match="declares an array of 536870912 × 16 values, but holds 24"):
        read_plain_pickle(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b".",
        b"\x80\x02.",
        b"0.",
        b"(" * 100_000 + b".",
        b"\x80\x02]q\x00(h\x00e",
        b"K\x01a.",
        b"(K\x01u.",
        b"}(K\x01u.",
        b"}(]K\x01u.",
        b"]K\x01s.",
        b"h\x05.",
        b"(\x85.",
        b"cnumpy\nndarray\n.",
        b"\x8e" + b"\xff" * 8,  # BINBYTES8 of 2^64 bytes
        b"\x8b\xff\xff\xff\x7f",  # LONG4 of 2 GB
        b"I" + b"9" * 100_000 + b"\n.",
        b"cnumpy.core.multiarray\n_reconstruct\n)R.",
        b"cnumpy\ndtype\n)R.",
        b"c_codecs\nencode\n)R.",
        b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xff.",
        b"\x80\x02cos\nsystem\n.",
        b"\x80\x02]\x81.",
    ],
)
def test_damaged_pickles_are_refused_and_nothing_else(content: bytes) -> None:
    with pytest.raises(ForbiddenPickle):
        read_plain_pickle(content)


def test_nested_and_self_containing_data_do_no_harm() -> None:
    deep = b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b"."
    assert len(read_plain_pickle(deep)) == 1
    itself = b"\x80\x02]q\x00h\x00a."
    assert len(read_plain_pickle(itself)) == 1
    doubling = io.BytesIO()  # 2^60 elements, if anybody counted them
    doubling.write(b"\x80\x02)q\x00")
    for _ in range(60):
        doubling.write(b"h\x00h\x00\x86q\x00")
    doubling.write(b".")
    assert len(read_plain_pickle(doubling.getvalue())) == 2
    for call in (b"c_codecs\nencode\nh\x00U\x06latin1\x86R.", b"cnumpy\ndtype\nh\x00K\x00K\x01\x87R."):
        with pytest.raises(ForbiddenPickle):
            read_plain_pickle(doubling.getvalue()[:-1] + b"0" + call)


def test_every_damaged_byte_is_refused_or_harmless() -> None:
    whole = pickle.dumps(PLAIN, protocol=2)
    for place in range(len(whole)):
        for change in (0xFF, 0x01, 0x20):
            bent = bytearray(whole)
            bent[place] ^= change
            try:
                read_plain_pickle(bytes(bent))
            except ForbiddenPickle:
                continue


def test_too_many_instructions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.data.images.pickled.MOST_INSTRUCTIONS", 50)
    with pytest.raises(ForbiddenPickle, match="more instructions"):
        read_plain_pickle(pickle.dumps(list(range(100)), protocol=2))
