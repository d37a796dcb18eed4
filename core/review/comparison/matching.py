"""Which items of two sessions belong together: by id, else by what was asked of what, else by name."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from core.naming import kind_of
from core.session.document import DatasetItem, Document, Item, NetworkItem, ResultItem, RunItem
from core.session.json_text import record_to_json

Key = Callable[[Item], Hashable | None]
Source = NetworkItem | DatasetItem
BY_ID, BY_NAME = "the same id", "the same name"
BY_FINGERPRINT = "the same fingerprint"
BY_QUESTION = "the same request, network and data"
BY_PLACE = "the same request, of a network and data that belong together"


@dataclass(frozen=True)
class Match:
    """Two items that belong together, or one alone."""

    a: Item | None
    b: Item | None
    why: str = ""


def kind_word(item: Item) -> str:
    """The kind of an item in a word: ``network``, ``data``, ``run``, or the kind of a result."""
    if isinstance(item, NetworkItem):
        return "network"
    if isinstance(item, DatasetItem):
        return "data"
    return "run" if isinstance(item, RunItem) else kind_of(item.result)


def matches(a: Document, b: Document) -> tuple[Match, ...]:
    """All items of both, each once: in the order of A, then what is left of B in its order.

    Networks and data are matched first: a result of a network that was trained anew is still of "the same" one.
    """
    first: list[Item] = list(a.items.values())
    pool = _Pool(first, list(b.items.values()))
    pool.match(lambda item: item.id, BY_ID)
    pool.match(lambda item: (item.sha256, item.name) if isinstance(item, Source) else None, BY_FINGERPRINT)
    pool.match(lambda item: item.sha256 if isinstance(item, Source) else None, BY_FINGERPRINT)
    pool.match(lambda item: item.name if isinstance(item, Source) else None, BY_NAME)
    pool.match(lambda item: (_question(item), item.name) if _question(item) is not None else None, BY_QUESTION)
    pool.match(_question, BY_QUESTION)
    partners = dict(pool.found)
    pool.match_each(lambda item: _place(item, partners), lambda item: _place(item, {}), BY_PLACE)
    pool.match(lambda item: item.name, BY_NAME)
    alone = [Match(None, item) for item in pool.left]
    return tuple(pool.of(item) for item in first) + tuple(alone)


class _Pool:
    """What is not matched yet."""

    def __init__(self, a: Sequence[Item], b: Sequence[Item]) -> None:
        self._a, self._b = {item.id: item for item in a}, {item.id: item for item in b}
        self.found: dict[str, str] = {}  # ids of B, by those of A
        self._matches: dict[str, Match] = {}

    @property
    def left(self) -> tuple[Item, ...]:
        """Items of B that have no partner."""
        return tuple(self._b.values())

    def of(self, item: Item) -> Match:
        """What came of an item of A."""
        return self._matches.get(item.id, Match(item, None))

    def match(self, key: Key, why: str) -> None:
        """Match items of one kind with the same key, in their order; None is no key."""
        self.match_each(key, key, why)

    def match_each(self, a_key: Key, b_key: Key, why: str) -> None:
        """The same with a key of its own for each session."""
        waiting: dict[Hashable, list[Item]] = {}
        for item in self._b.values():
            if (key := b_key(item)) is not None:
                waiting.setdefault((kind_word(item), key), []).append(item)
        for item in list(self._a.values()):
            key = a_key(item)
            others = waiting.get((kind_word(item), key), []) if key is not None else []
            if others:
                self._take(item, others.pop(0), why)

    def _take(self, a: Item, b: Item, why: str) -> None:
        self._matches[a.id] = Match(a, b, why)
        self.found[a.id] = b.id
        del self._a[a.id], self._b[b.id]


def _question(item: Item) -> Hashable | None:
    """What was asked of which network and data; of a result of another tool, which says neither, nothing."""
    if isinstance(item, ResultItem):
        made = item.result.provenance
        known = made.network_sha256 and made.data_sha256
        return (record_to_json(item.result.request), made.network_sha256, made.data_sha256) if known else None
    if isinstance(item, RunItem):
        data = item.run.provenance.data_sha256
        return (record_to_json(item.run.request), data) if data else None
    return None


def _place(item: Item, found: Mapping[str, str]) -> Hashable | None:
    """What was asked of which items; those of A are called as their partners in B."""
    if not isinstance(item, ResultItem):
        return None
    network, data = found.get(item.network_id, item.network_id), found.get(item.dataset_id, item.dataset_id)
    return (record_to_json(item.result.request), network, data) if network and data else None
