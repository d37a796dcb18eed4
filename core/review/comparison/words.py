"""A comparison in words: one sentence for the meeting, and what an item is called."""

from core.exchange.words import count
from core.naming import KIND_NAMES
from core.review.comparison.record import VERDICT_WORDS, Comparison, Pair, Verdict

# Others are called by the word itself.
_KIND_WORDS = {**KIND_NAMES, "run": "Training", "joint": "Correction", "pairs": "All pairs"}
_VERBS: dict[Verdict, tuple[str, str]] = {
    "differ": ("differs", "differ"),
    "not comparable": ("cannot be compared", "cannot be compared"),
    "only in A": ("is only in A", "are only in A"),
    "only in B": ("is only in B", "are only in B"),
    "agree": ("agrees within the stated errors", "agree within the stated errors"),
    "same": ("is the same bit for bit", "are the same bit for bit"),
}


def kind_name(kind: str) -> str:
    """What a kind of item is called: ``Surface`` for ``surface``."""
    return _KIND_WORDS.get(kind, kind.capitalize())


def verdict_words(pair: Pair) -> str:
    """The verdict, with the reason where there is one."""
    words = VERDICT_WORDS[pair.verdict]
    return f"{words}: {pair.reason}" if pair.reason and pair.verdict == "not comparable" else words


def summary_sentence(comparison: Comparison) -> str:
    """What a meeting must hear first: changed proofs and verdicts; then how many items differ, agree, are the same."""
    if not comparison.pairs:
        return "Both sessions are empty: there is nothing to compare."
    counts = comparison.counts
    total = len(comparison.pairs)
    if comparison.identical:
        body = (
            f"All {count(total, 'item')} are the same bit for bit" if total > 1 else "The item is the same bit for bit"
        )
        return f"{body}."
    parts = [f"{amount:,} {_VERBS[verdict][amount > 1]}" for verdict, amount in counts.items()]
    body = f"Of {count(total, 'item')} {_joined(parts)}."
    changed = [(pair, row) for pair in comparison.pairs for row in pair.loud]
    if not changed:
        return body
    pair, row = changed[0]
    first = f"{pair.name}: {row.what[:1].lower()}{row.what[1:]} {row.difference or f'{row.a} → {row.b}'}"
    more = f" and {count(len(changed) - 1, 'more')}".replace("mores", "more") if len(changed) > 1 else ""
    return f"Look first: {first}{more}. {body}"


def pair_sentence(pair: Pair) -> str:
    """The lines of an item that matter most, for a list in which it has one line."""
    if pair.verdict in ("same", "only in A", "only in B"):
        return ""
    if pair.verdict == "not comparable" and pair.reason:
        return pair.reason
    worst = [row for row in pair.rows if row.finding in ("differ", "unstated", "only in A", "only in B")]
    worst = worst or [row for row in pair.rows if row.finding == "agree"]
    found = [row for row in worst if not row.loud and (row.part == "found" or pair.kind == "notes")]
    chosen = [row for row in pair.rows if row.loud] + found
    chosen = chosen or worst
    if not chosen:
        return ""
    row = chosen[0]
    more = f"; {count(len(worst) - 1, 'further line')}" if len(worst) > 1 else ""
    return f"{row.what}: {row.difference or f'{row.a} → {row.b}'}{more}"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
