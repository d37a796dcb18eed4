"""A feature card for a table that has none: guessed from the file, to be corrected by a person."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

from core.data.tables.columns import MOST_CLASSES, ColumnFacts, ColumnGuess
from core.data.tables.form import TableForm, column_names, number_in, rows_of
from core.data.tables.form_guess import guess_form
from core.errors import DataError
from core.job import JobContext

PREVIEW_ROWS = 50
CHECK_ROWS = 500  # between two looks at whether the job should stop
TARGET_NAMES = (
    "target", "label", "class", "y", "outcome", "result", "default", "status", "response", "diagnosis", "verdict",
    "creditability", "decision", "approved", "accepted",
)  # fmt: skip
SEPARATORS = " _.=:/-["


@dataclass(frozen=True, kw_only=True)
class OneHotGuess:
    """Columns of which exactly one is 1 in every row, and the others 0 or -1: one category in several columns."""

    name: str
    columns: tuple[str, ...]
    levels: tuple[tuple[str, int], ...]  # parallel to the columns; how often each is the one


@dataclass(frozen=True, kw_only=True)
class TableGuess:
    """What a table seems to hold."""

    path: Path
    form: TableForm
    names: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]  # cells of the first rows
    rows: int
    columns: tuple[ColumnGuess, ...]  # all of the file, in its order
    groups: tuple[OneHotGuess, ...]
    target: str  # a column, or the name of a group
    classes: tuple[tuple[str, int], ...]  # with their frequencies; empty: the target is a number
    incomplete_rows: int  # with a cell that stands for nothing
    notes: tuple[str, ...]  # sentences about what is unusual
    problems: tuple[str, ...]  # sentences about what keeps the table from being read

    def column(self, name: str) -> ColumnGuess:
        """The column of that name. Raises `KeyError` if there is none."""
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def group_of(self, name: str) -> OneHotGuess | None:
        """The group that a column belongs to."""
        return next((group for group in self.groups if name in group.columns), None)


class _Pass(NamedTuple):
    """What one look at all rows gives."""

    facts: list[ColumnFacts]
    preview: list[tuple[str, ...]]
    rows: int
    ragged: list[int]  # numbers of the first rows with too few or too many cells
    incomplete: int


def guess_table(path: Path, job: JobContext, form: TableForm | None = None) -> TableGuess:
    """Look at every cell of a table and say what its columns seem to be.

    Parameters
    ----------
    form : TableForm, optional
        In place of the guessed one, where a person has corrected it.

    Raises
    ------
    UnreadableFile
        If the file is missing or no text.
    DataError
        If it holds no rows, or no second column.
    """
    guessed, notes = guess_form(path)
    form = form or guessed
    first = next(rows_of(path, form), None)
    if first is None:
        raise DataError(f"{path}: the file is empty. Choose a table with at least one row.")
    names = column_names(first[1], form)
    seen = _look(path, form, names, job)
    if seen.rows == 0:
        raise DataError(f"{path}: the table has a header but no rows. Choose a table with at least one row.")
    columns = tuple(facts.guess() for facts in seen.facts)
    groups = _groups(path, form, names, seen.facts, job)
    target, classes = _target(columns, groups)
    missing = sorted(set().union(*(facts.missing_tokens for facts in seen.facts)))
    return TableGuess(
        path=path,
        form=replace(form, missing=tuple(missing)) if missing else form,
        names=tuple(names),
        preview=tuple(seen.preview),
        rows=seen.rows,
        columns=columns,
        groups=groups,
        target=target,
        classes=classes,
        incomplete_rows=seen.incomplete,
        notes=(*notes, *_notes(seen, missing)),
        problems=_problems(names, seen.ragged),
    )


def _look(path: Path, form: TableForm, names: list[str], job: JobContext) -> _Pass:
    facts = [ColumnFacts(name, form.decimal) for name in names]
    preview: list[tuple[str, ...]] = []
    ragged: list[int] = []
    count = incomplete = 0
    total = max(1, path.stat().st_size)
    read = 0
    for number, row in islice(rows_of(path, form), 1 if form.header else 0, None):
        if count % CHECK_ROWS == 0:
            job.check()
            job.progress(min(read, total), total, f"row {number:,}")
        count += 1
        read += sum(map(len, row)) + len(row)
        cells = [cell.strip() for cell in row]
        if len(preview) < PREVIEW_ROWS:
            preview.append(tuple(cells))
        if len(cells) != len(names):
            ragged.append(number)
            continue
        complete = [column.add(number, cell) for column, cell in zip(facts, cells, strict=True)]
        incomplete += not all(complete)
    return _Pass(facts, preview, count, ragged, incomplete)


def _groups(
    path: Path, form: TableForm, names: list[str], facts: list[ColumnFacts], job: JobContext
) -> tuple[OneHotGuess, ...]:
    """The groups of columns of which exactly one is 1 in every row."""
    candidates = _candidates(names, [column.is_binary for column in facts])
    alive = {group: [0] * len(group) for group in candidates}
    for count, (_, row) in enumerate(islice(rows_of(path, form), 1 if form.header else 0, None)):
        if count % CHECK_ROWS == 0:
            job.check()
        if not alive:
            break
        if len(row) == len(names):
            ones = {place for group in alive for place in group if number_in(row[place].strip(), form.decimal) == 1}
            for group in tuple(alive):
                hot = [index for index, place in enumerate(group) if place in ones]
                if len(hot) == 1:
                    alive[group][hot[0]] += 1
                else:
                    del alive[group]
    taken: set[int] = set()
    found = []
    for group, counts in sorted(alive.items(), key=lambda entry: -len(entry[0])):  # the widest first
        if not taken & set(group):
            taken |= set(group)
            found.append((group, counts))
    return tuple(
        _group([names[place] for place in group], candidates[group], counts) for group, counts in sorted(found)
    )


def _candidates(names: list[str], binary: list[bool]) -> dict[tuple[int, ...], str]:
    """Columns of 0 and 1 with a common beginning of their names, which is given, or that stand beside one another."""
    by_prefix: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        for end, letter in enumerate(name if binary[place] else ""):
            if letter in SEPARATORS and end:
                by_prefix.setdefault(name[: end + 1], []).append(place)
    candidates: dict[tuple[int, ...], str] = {}
    for is_binary, run in groupby(range(len(names)), key=lambda place: binary[place]):
        places = tuple(run)
        if is_binary and len(places) > 2:  # two columns that exclude one another may do so by chance
            candidates[places] = ""
    for prefix, group in by_prefix.items():  # a longer prefix of the same columns comes later, and is kept
        if len(group) > 1:
            candidates[tuple(group)] = prefix
    return candidates


def _group(columns: list[str], prefix: str, counts: list[int]) -> OneHotGuess:
    """A group with what its levels are called: the ends of the columns' names."""
    numbered = prefix in ("column ", "")
    levels = columns if numbered else [name[len(prefix) :].strip(f"{SEPARATORS}]") for name in columns]
    if "" in levels or len(set(levels)) < len(levels):
        levels = columns
    name = f"{columns[0]} to {columns[-1]}" if numbered else prefix.rstrip(SEPARATORS)
    return OneHotGuess(name=name, columns=tuple(columns), levels=tuple(zip(levels, counts, strict=True)))


def _target(
    columns: tuple[ColumnGuess, ...], groups: tuple[OneHotGuess, ...]
) -> tuple[str, tuple[tuple[str, int], ...]]:
    """What is most likely to be predicted, and its classes."""
    named = [column for column in columns if column.usable and _is_target_name(column.name)]
    usable = [column for column in columns if column.usable]
    last = columns[-1]
    if named:
        best = min(named, key=lambda column: (len(column.levels) == 0, TARGET_NAMES.index(_word(column.name))))
    elif groups and last.name in groups[-1].columns:
        return groups[-1].name, groups[-1].levels
    elif usable:
        best = last if last.usable else usable[-1]
    else:
        return last.name, ()
    is_class = best.kind == "category" or (best.kind == "integer" and 1 < len(best.levels) <= MOST_CLASSES)
    return best.name, best.levels if is_class else ()


def _word(name: str) -> str:
    """The word of `TARGET_NAMES` that a name is, or ends with; empty if none."""
    plain = name.strip().lower()
    return next((word for word in TARGET_NAMES if plain == word or re.search(rf"[_ .-]{word}$", plain)), "")


def _is_target_name(name: str) -> bool:
    return bool(_word(name))


def _notes(seen: _Pass, missing: list[str]) -> list[str]:
    if not seen.incomplete:
        return []
    tokens = ", ".join(f'"{token}"' if token else "an empty cell" for token in missing)
    lacking = f"{seen.incomplete:,} of {seen.rows:,} rows lack a value ({tokens} stands for nothing)."
    return [f"{lacking} They are left out, unless the columns that lack it are."]


def _problems(names: list[str], ragged: list[int]) -> tuple[str, ...]:
    problems = []
    if ragged:
        listed = ", ".join(map(str, ragged[:10])) + (", …" if len(ragged) > 10 else "")
        problems.append(
            f"{'Row' if len(ragged) == 1 else 'Rows'} {listed}: not {len(names)} cells as in the first row. Repair "
            "them in the file."
        )
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        listed = ", ".join(twice[:10]) + (", …" if len(twice) > 10 else "")
        problems.append(f"Several columns are called {listed}. Rename all but one in the file.")
    return tuple(problems)
