"""``corrie data``: the public data sets, listed and fetched."""

import click

from app.cli.inputs import json_option
from app.cli.printing import print_facts, print_json
from app.cli.progress import run_with_progress
from app.cli.streams import say
from app.cli.tables import table
from core.data.builtin import NAMES
from core.data.public.catalogue import SETS, PublicSet, find_set
from core.data.public.downloads import Arrived, bytes_there, data_folder, fetch_set, recorded_sha256, state_of
from core.job import JobContext

INTERRUPTED = 130


@click.group("data")
def command() -> None:
    """Public data sets: fetched from their origin when asked for, checked, and kept in the user's cache.

    CORRIE_DATA names another folder for them, CORRIE_DATA_MIRROR a copy of such a folder to fetch from.
    """


@command.command("list")
@json_option
def list_sets(as_json: bool) -> int:
    """List the sets with their size, licence and whether they are there."""
    if as_json:
        print_json({"folder": str(data_folder()), "sets": [_values(wanted) for wanted in SETS]})
        return 0
    rows = [(s.name, _size(s.size), _state(s), s.licence, s.samples) for s in SETS]
    print(table(("name", "size", "state", "licence", "samples"), rows))
    print(f"\nThey are kept in {data_folder()}. Built in, without a download: {', '.join(NAMES)}.")
    return 0


@command.command("get")
@click.argument("name")
@json_option
def get(name: str, as_json: bool) -> int:
    """Fetch the set NAME, such as mnist. What an earlier try brought is kept and used."""
    wanted = find_set(name)

    def work(job: JobContext) -> object:
        return fetch_set(wanted, job)

    def keep(result: object, complete: bool) -> Arrived | None:
        return result if isinstance(result, Arrived) and not complete else None

    stopped = run_with_progress(wanted.title, work, keep, unit="B")
    if stopped is not None:
        say(f"Stopped at {_size(stopped.done)} of {_size(stopped.total)}. `corrie data get {name}` goes on from there.")
        return INTERRUPTED
    if as_json:
        print_json(_values(wanted))
        return 0
    sums = [
        f"{file.name}: {recorded_sha256(wanted, file)} (recorded now; its origin publishes none)"
        for file in wanted.files
        if not file.sha256
    ]
    print_facts(
        [
            ("set", f"{wanted.title}: {wanted.samples}"),
            ("folder", str(data_folder() / wanted.folder)),
            ("sha256", "\n".join(sums) or "as published"),
            ("licence", wanted.licence),
            ("cite", wanted.citation),
            ("open as", ", ".join(f"{wanted.name}:{part}" if part else wanted.name for part, _ in wanted.parts)),
        ]
    )
    return 0


def _values(wanted: PublicSet) -> dict[str, object]:
    return {
        "name": wanted.name,
        "title": wanted.title,
        "samples": wanted.samples,
        "bytes": wanted.size,
        "bytes_there": bytes_there(wanted),
        "state": state_of(wanted),
        "folder": str(data_folder() / wanted.folder),
        "licence": wanted.licence,
        "citation": wanted.citation,
        "homepage": wanted.homepage,
    }


def _state(wanted: PublicSet) -> str:
    state = state_of(wanted)
    return (
        f"{_size(bytes_there(wanted))} there" if state == "partly" else {"there": "there", "absent": "not yet"}[state]
    )


def _size(size: int | None) -> str:
    return "unknown" if size is None else f"{size / 1e6:.1f} MB"
