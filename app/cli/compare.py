"""``corrie compare``: what differs between two sessions."""

from pathlib import Path

import click

from app.cli.inputs import file_type, json_option
from app.cli.printing import print_json
from app.cli.progress import run_with_progress
from app.cli.tables import lined_up
from core.errors import InvalidRequest
from core.exchange.original.importing import open_any
from core.job import JobContext
from core.review.comparison.comparing import compare_sessions
from core.review.comparison.record import FINDING_WORDS, Comparison, Pair, Row
from core.review.comparison.words import kind_name, summary_sentence, verdict_words
from core.review.comparison.writing import check_ending, comparison_values, write_comparison

DIFFERENT = 3  # the exit status that --exit-code asks for


@click.command("compare")
@click.argument("a", metavar="A", type=file_type)
@click.argument("b", metavar="B", type=file_type)
@click.option(
    "--to",
    "target",
    type=file_type,
    help="Also write a report, by the ending: .html, .pdf or .csv. A file that is there is replaced.",
)
@click.option("--title", default="", help="Of the report; else the names of both files.")
@click.option("--all", "everything", is_flag=True, help="Print also what is the same.")
@click.option("--exit-code", is_flag=True, help=f"Exit with {DIFFERENT} unless all items are the same or agree.")
@json_option
def command(a: Path, b: Path, target: Path | None, title: str, everything: bool, exit_code: bool, as_json: bool) -> int:
    """Compare A and B, two sessions: which items belong together, and what differs in numbers, requests and networks.

    Numbers are the same where every bit is, and agree where the errors that both sessions state allow for their
    difference. Exits with 0 whatever was found, unless --exit-code is given.
    """
    if target is not None:
        if target.resolve() in (a.resolve(), b.resolve()):
            raise InvalidRequest(f"{target} is one of the sessions. Give the report a name of its own.")
        check_ending(target)  # before anything is read

    found: list[Comparison] = []

    def work(job: JobContext) -> None:
        one, other = open_any(a, job), open_any(b, job)
        compared = compare_sessions(one, other, a_name=_called(a, b), b_name=_called(b, a), job=job)
        if target is not None:
            write_comparison(compared, one, other, target, title=title, job=job)
        found.append(compared)

    run_with_progress(f"Comparison of {a.name} and {b.name}", work, lambda _result, _complete: None)
    comparison = found[0]
    if as_json:
        written = {} if target is None else {"file": str(target)}
        print_json({"sessions": [str(a), str(b)], **comparison_values(comparison), **written})
    else:
        _print(comparison, everything=everything)
        if target is not None:
            print(f"\n{target}")
    return DIFFERENT if exit_code and not comparison.alike else 0


def _called(path: Path, other: Path) -> str:
    """The name of a file, with its folder where both are called the same."""
    return str(path) if path.name == other.name else path.name


def _print(comparison: Comparison, *, everything: bool) -> None:
    sides = (("A", comparison.a), ("B", comparison.b))
    print(lined_up([(letter, f"{side.name}, {side.items:,} items") for letter, side in sides]))
    print(f"\n{summary_sentence(comparison)}")
    for pair in comparison.pairs:
        if everything or pair.verdict != "same":
            _print_pair(pair, everything=everything)


def _print_pair(pair: Pair, *, everything: bool) -> None:
    named = (pair.a_id or pair.b_id, pair.name, f"({kind_name(pair.kind)})")
    print("\n" + "  ".join(filter(None, named)))
    facts = [("verdict", verdict_words(pair))]
    facts += [(row.what, _line(row)) for row in pair.rows if everything or row.differs]
    print(lined_up(facts, indent="    "))


def _line(row: Row) -> str:
    """What stands in both sessions, how far apart that is, and what it says."""
    if not row.differs:
        return f"{row.a} (same)" if row.a else "same"
    sides = f"{row.a} → {row.b}" if row.a or row.b else ""
    difference = "" if row.difference == sides else row.difference
    said = f"{difference}; {FINDING_WORDS[row.finding]}" if difference else FINDING_WORDS[row.finding]
    mark = " !" if row.loud else ""
    return f"{sides}{mark}\n{said}" if sides else f"{said}{mark}"
