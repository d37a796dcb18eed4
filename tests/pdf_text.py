"""Reads the text, the links and the bookmarks out of a PDF that matplotlib wrote: as much of PDF as that takes."""

import re
import zlib
from functools import cached_property
from pathlib import Path

_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_REFERENCE = re.compile(rb"(\d+) 0 R")


class PdfText:
    """A whole file, read by its table of objects."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        assert self._bytes.startswith(b"%PDF-")
        start = int(re.findall(rb"startxref\n(\d+)\n%%EOF", self._bytes)[-1])
        rows = self._bytes[start:].split(b"\n")
        count = int(rows[1].split()[1])
        self._offsets = {number: int(row[:10]) for number, row in enumerate(rows[2 : 2 + count])}
        self._root = int(re.findall(rb"/Root (\d+) 0 R", self._bytes)[-1])

    @cached_property
    def pages(self) -> list[list[str]]:
        """The lines of each page, in the order in which they were written."""
        return [self._lines(page) for page in range(len(self._page_numbers))]

    @property
    def text(self) -> str:
        """All of it, with single spaces."""
        return " ".join(" ".join(line for page in self.pages for line in page).split())

    def content(self, page: int) -> bytes:
        """What is drawn on a page."""
        return self._stream(self._reference(self._object(self._page_numbers[page]), b"Contents"))

    @cached_property
    def bookmarks(self) -> dict[str, int]:
        """Titles with the pages that they lead to, from 0."""
        root = self._object(self._root)
        entry = self._reference(self._object(self._reference(root, b"Outlines")), b"First")
        found = {}
        while entry:
            body = self._object(entry)
            found[self._title(body)] = self._target(body)
            entry = self._reference(body, b"Next")
        return found

    def links(self, page: int) -> list[int]:
        """The pages, from 0, that the links of a page lead to."""
        notes = self._object(self._reference(self._object(self._page_numbers[page]), b"Annots"))
        return [self._target(part) for part in notes.split(b"/Subtype /Link")[1:]] if b"/Link" in notes else []

    @property
    def pictures(self) -> int:
        """How many images made of pixels it holds."""
        return self._bytes.count(b"/Subtype /Image")

    @cached_property
    def _page_numbers(self) -> list[int]:
        whole = self._object(self._reference(self._object(self._root), b"Pages"))
        kids = re.search(rb"/Kids \[(.*?)\]", whole, re.DOTALL)
        assert kids is not None
        return [int(number) for number in _REFERENCE.findall(kids[1])]

    def _object(self, number: int) -> bytes:
        """From its number to its end; a stream is cut off."""
        start = self._offsets[number]
        end = self._bytes.index(b"endobj", start)
        return self._bytes[start:end].split(b"stream\n")[0]

    def _stream(self, number: int) -> bytes:
        start = self._bytes.index(b"stream\n", self._offsets[number]) + len(b"stream\n")
        return zlib.decompressobj().decompress(self._bytes[start:])

    def _reference(self, body: bytes, key: bytes) -> int:
        found = re.search(rb"/" + key + rb"\s+(\d+) 0 R", body)
        return int(found[1]) if found else 0

    def _target(self, body: bytes) -> int:
        found = re.search(rb"/Dest \[\s*(\d+) 0 R", body)
        assert found is not None
        return self._page_numbers.index(int(found[1]))

    def _title(self, body: bytes) -> str:
        found = re.search(rb"/Title (\((?:\\.|[^\\()])*\))", body, re.DOTALL)
        assert found is not None
        plain = _plain(found[1])
        return plain.decode("utf-16") if plain.startswith(b"\xfe\xff") else plain.decode("latin-1")

    @cached_property
    def _letters(self) -> dict[bytes, dict[int, str]]:
        """Of each font, by its name in the pages: what a code stands for."""
        resources = self._object(self._reference(self._object(self._page_numbers[0]), b"Resources"))
        fonts = self._object(self._reference(resources, b"Font"))
        found = {}
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", fonts):
            table = self._stream(self._reference(self._object(int(number)), b"ToUnicode"))
            found[name] = {
                int(first, 16) + place: bytes.fromhex(letter.decode()).decode("utf-16-be")
                for first, letters in re.findall(rb"<(\w+)> <\w+> \[(.*?)\]", table)
                for place, letter in enumerate(re.findall(rb"<(\w+)>", letters))
            }
        return found

    def _lines(self, page: int) -> list[str]:
        lines = []
        for block in re.findall(rb"\nBT\n(.*?)\nET\n", self.content(page), re.DOTALL):
            line, letters = "", {}
            for font, text in re.findall(rb"/(F\d+) [\d.]+ Tf|(\((?:\\.|[^\\()])*\))", block, re.DOTALL):
                if font:
                    letters = self._letters[font]
                    continue
                plain = _plain(text)
                codes = [int.from_bytes(plain[at : at + 2], "big") for at in range(0, len(plain), 2)]
                line += "".join(letters[code] for code in codes)
            lines.append(line)
        return lines


def _plain(text: bytes) -> bytes:
    """A string of PDF without its parentheses and escapes."""

    def letter(found: re.Match[bytes]) -> bytes:
        escaped = found[1]
        return bytes([int(escaped, 8)]) if escaped.isdigit() else _ESCAPES.get(escaped, escaped)

    return re.sub(rb"\\([0-7]{1,3}|.)", letter, text[1:-1], flags=re.DOTALL)
