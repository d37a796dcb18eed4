"""A valid session or card with one mutation, all of it decided by a seed.

A third of the mutations knows nothing of the format (flipped bits, overwritten and copied runs, lost ends); a third
changes values and mends the manifest, so that only sense can tell; the rest takes aim at the reader (links and storage
elsewhere, loops, sizes that are not there) or is done to cards.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tomli_w

from core.data.tables.features import feature_card_text, read_feature_card
from core.networks.card import card_as_table, read_network_card
from core.review.note import MOST_NOTES
from core.session import layout
from core.session.document import Document, Item
from core.session.files import open_document
from core.session.hdf5 import h5py
from core.session.write import session_image
from tests import documents
from tests.core.corrections.case_examples import answered
from tests.core.session.test_earlier_versions import notes
from tests.hostile import Attacker, attacked, changed
from tests.joints import joint
from tests.pairs import pairs_result
from tests.runs import run_item

Door = Callable[[Path], object]
WHEN = "2026-11-20T09:00:00+00:00"


@dataclass(frozen=True)
class Mutant:
    """A file to be opened."""

    name: str  # of the file
    content: bytes
    door: Door
    done: str  # what was done to it

    @property
    def is_session(self) -> bool:
        """Whether a child process would look at it first."""
        return self.name.endswith(".h5")


class Nursery:
    """Makes mutants from a few small valid files, which together hold every kind of item."""

    def __init__(self, elsewhere: Path) -> None:
        """`elsewhere`: a file that no mutant may bring anybody to read."""
        self._elsewhere = str(elsewhere)
        self.sessions = [session_image(document) for document in _small_documents()]
        self._kinds = [_filled(image) for image in self.sessions]
        network = tomli_w.dumps(card_as_table(documents.network_item().card)).encode()
        features = feature_card_text(documents.feature_card()).encode()
        self.cards: list[tuple[str, bytes, Door]] = [
            ("network.toml", network, read_network_card),
            ("features.toml", features, read_feature_card),
        ]

    def whole(self) -> list[Mutant]:
        """The valid files themselves."""
        sessions = [Mutant("whole.corrie.h5", image, _in_process, "nothing") for image in self.sessions]
        return sessions + [Mutant(name, content, door, "nothing") for name, content, door in self.cards]

    def mutant(self, seed: int) -> Mutant:
        """The mutant of that number."""
        choose = random.Random(seed)
        way = choose.random()
        if way < 0.2:
            name, content, door = choose.choice(self.cards)
            done, content = damaged(content, choose, CARD_DAMAGE)
            return Mutant(name, content, door, done)
        which = choose.randrange(len(self.sessions))
        image = self.sessions[which]
        if way < 0.55:
            done, image = damaged(image, choose, DAMAGE)
        elif way < 0.9:
            attacker = Attacker(seed, self._kinds[which])
            image, done = attacked(image, attacker), "; ".join(attacker.done)
        else:
            return self.harmed(choose.choice(list(HARM)), which)
        return Mutant("mutant.corrie.h5", image, _in_process, done)

    def harmed(self, name: str, which: int) -> Mutant:
        """One of the small sessions after one of the changes that take aim at the reader."""
        image = changed(self.sessions[which], lambda file: HARM[name](file, self._elsewhere), mend=name in AS_SAVED)
        return Mutant("mutant.corrie.h5", image, _in_process, name)


def _in_process(path: Path) -> Document:
    return open_document(path, apart=False)


def _filled(image: bytes) -> tuple[str, ...]:
    import io  # noqa: PLC0415

    with h5py.File(io.BytesIO(image), "r") as file:
        return tuple(kind for kind in (*layout.KINDS, layout.NOTES) if len(file[kind]))


def _small_documents() -> list[Document]:
    results = {
        "surface": documents.surface(7, 5),
        "curve": documents.curve(points=7),
        "trajectory": documents.trajectory(4),
        "convexity": documents.convexity(4, 3),
        "initialisations": documents.initialisations(3),
        "spectrum": documents.spectrum(4),
        "robustness": documents.robustness(("fgsm",)),
        "correction": documents.correction(),
        "joint": joint(),
        "pairs": pairs_result(),
        "cases": answered(),
        "complexity": documents.complexity(),
    }
    items = {name: documents.result_item(result, f"{name}-0", name) for name, result in results.items()}
    groups: list[list[Item]] = [
        [documents.network_item(), documents.program_item(), documents.dataset_item()],
        [items["surface"], items["curve"]],
        [items["trajectory"], items["convexity"], items["initialisations"]],
        [items["spectrum"], items["robustness"], items["complexity"]],
        [items["correction"], items["joint"]],
        [items["pairs"], items["cases"]],
        [run_item()],
    ]
    made = []
    for group in groups:
        document = Document()
        for item in group:
            document = document.with_item(item)
        made.append(document)
    reviewed = Document().with_item(items["correction"])
    for note in notes():
        reviewed = reviewed.with_note(note)
    return [*made, reviewed]


Damage = Callable[[bytearray, random.Random], None]


def damaged(content: bytes, choose: random.Random, ways: Mapping[str, Damage]) -> tuple[str, bytes]:
    """What was done, and what became of the content."""
    done = choose.choice(list(ways))
    new = bytearray(content)
    ways[done](new, choose)
    return done, bytes(new)


def _flip(content: bytearray, choose: random.Random) -> None:
    for _ in range(choose.choice((1, 1, 2, 8, 32))):
        content[choose.randrange(len(content))] ^= 1 << choose.randrange(8)


def _overwrite(content: bytearray, choose: random.Random) -> None:
    size = choose.choice((1, 4, 8, 64, 512))
    at = choose.randrange(len(content))
    filling = choose.choice((b"\0", b"\xff", choose.randbytes(1)))
    new = choose.randbytes(size) if choose.random() < 0.5 else filling * size
    content[at : at + size] = new[: len(content) - at]  # the length stays, so that more than the length is looked at


def _copy(content: bytearray, choose: random.Random) -> None:
    size = min(choose.choice((8, 64, 1024)), len(content) - 1)
    source, target = (choose.randrange(len(content) - size) for _ in range(2))
    content[target : target + size] = content[source : source + size]


def _truncate(content: bytearray, choose: random.Random) -> None:
    del content[choose.randrange(len(content)) :]


def _insert(content: bytearray, choose: random.Random) -> None:
    at = choose.randrange(len(content))
    content[at:at] = choose.choice(TOKENS) * choose.choice((1, 1, 2, 50))


def _swap_lines(content: bytearray, choose: random.Random) -> None:
    lines = content.split(b"\n")
    one, other = choose.randrange(len(lines)), choose.randrange(len(lines))
    lines[one], lines[other] = lines[other], choose.choice((lines[one], lines[other], choose.choice(TOKENS)))
    content[:] = b"\n".join(lines)


TOKENS = (
    *(b'"', b"[", b"{", b"]", b"=", b"\n", b"[[a]]\n", b"[a.b]\n", b"'''", b"\0", b"\xff\xfe", b"# "),
    *(b"nan", b"-inf", b"1e999", b"9" * 400, b"1979-05-27", b"true", b"../../etc/passwd", b"x" * 5000, b"[" * 3000),
)
DAMAGE: dict[str, Damage] = {"flipped": _flip, "overwritten": _overwrite, "copied": _copy, "truncated": _truncate}
CARD_DAMAGE: dict[str, Damage] = {**DAMAGE, "inserted": _insert, "lines": _swap_lines}

Harm = Callable[[h5py.File, str], object]


def _dataset_elsewhere(file: h5py.File, elsewhere: str) -> None:
    del file["view"]
    file.create_dataset("view", (8,), "<f8", external=[(elsewhere, 0, 64)])


def _text_elsewhere(file: h5py.File, elsewhere: str) -> None:
    del file["view"]
    file.create_dataset("view", (), "S64", external=[(elsewhere, 0, 64)])


def _virtual(file: h5py.File, elsewhere: str) -> None:
    source = h5py.VirtualLayout((8,), "<f8")
    source[:] = h5py.VirtualSource(elsewhere, "values", (8,))
    del file["view"]
    file.create_virtual_dataset("view", source)


def _replace(name: str, link: Callable[[str], object]) -> Harm:
    def harm(file: h5py.File, elsewhere: str) -> None:
        del file[name]
        file[name] = link(elsewhere)

    return harm


def _loop(file: h5py.File, _: str) -> None:
    file["networks/again"] = file["networks"]


def _two_names(file: h5py.File, _: str) -> None:
    file["networks/view"] = file["view"]


def _huge(file: h5py.File, _: str) -> None:
    del file["view"]
    file.create_dataset("view", (2**20, 2**20), "<f8", chunks=(64, 64), compression="gzip")


def _deep(file: h5py.File, _: str) -> None:
    group = file
    for _step in range(200):
        group = group.create_group("g")


def _giant_attribute(file: h5py.File, _: str) -> None:
    file["networks"].attrs["about"] = "x" * (3 * 2**20)


def _many_attributes(file: h5py.File, _: str) -> None:
    for number in range(400):
        file["networks"].attrs[f"a{number}"] = number


def _json(text: bytes) -> Harm:
    def harm(file: h5py.File, _: str) -> None:
        del file["view"]
        file.create_dataset("view", data=text, dtype=h5py.string_dtype("utf-8", len(text)))

    return harm


def _plug_in(file: h5py.File, _: str) -> None:
    del file["view"]
    file.create_dataset("view", data=np.zeros(64), chunks=(8,), compression="lzf")


def _many_notes(file: h5py.File, _: str) -> None:
    for number in range(MOST_NOTES + 1):
        file["notes"].create_group(f"many-{number}")


def _note(**what: str) -> Harm:
    """One more note, of which one thing is not as a note can be."""

    def harm(file: h5py.File, _: str) -> None:
        note = file["notes"].create_group("hostile")
        note.attrs.update({"encoding-type": "corrie-note", "encoding-version": 1, "text": "?", "author": "Eve"})
        note.attrs.update({"created_utc": WHEN, "changed_utc": WHEN, "anchor": '{"kind": "item"}', "item": "nothing"})
        for name, value in what.items():
            if len(value) > layout.LONGEST_ATTRIBUTE:
                del note.attrs[name]
                note.create_dataset(name, data=value.encode(), dtype=h5py.string_dtype("utf-8", len(value)))
            else:
                note.attrs[name] = value

    return harm


HARM: dict[str, Harm] = {
    "storage elsewhere": _dataset_elsewhere,
    "a text elsewhere": _text_elsewhere,
    "virtual": _virtual,
    "an external link": _replace("view", lambda elsewhere: h5py.ExternalLink(elsewhere, "/view")),
    "an external link to a group": _replace("networks", lambda elsewhere: h5py.ExternalLink(elsewhere, "/networks")),
    "a soft link": _replace("view", lambda _: h5py.SoftLink("/manifest")),
    "a loop": _loop,
    "two names": _two_names,
    "terabytes": _huge,
    "deep groups": _deep,
    "a giant attribute": _giant_attribute,
    "many attributes": _many_attributes,
    "deep JSON": _json(b"[" * 5000 + b"]" * 5000),
    "much JSON": _json(b'{"a":[' + b"[]," * 600_000 + b"[]]}"),
    "a plug-in": _plug_in,
    "many notes": _many_notes,
    "a huge note": _note(text='"' + "x" * (8 * 2**20) + '"'),
    "a note with control characters": _note(text="\x1b[2J\x1b]0;owned\x07"),
    "a note at no number": _note(anchor='{"kind": "point", "x": {"$float": "NaN"}, "y": 0}'),
    "a note at infinity": _note(anchor='{"kind": "region", "part": 0, "coordinates": [1e999]}'),
    "a note at a place of no kind": _note(anchor='{"kind": "../../etc/passwd"}'),
    "a note at many coordinates": _note(anchor=f'{{"kind": "region", "part": 0, "coordinates": {[0] * 5000}}}'),
    "a note on an endless name": _note(item="x" * 50_000),
    "a note of no time": _note(created_utc="9" * 5000),
}
AS_SAVED = (  # looked at only if the manifest agrees
    *("deep JSON", "much JSON"),
    *(name for name in HARM if name.startswith("a note ") or name == "a huge note"),
)
