"""The command ``corrie`` and its verbs. A verb's module is imported only when it is called."""

import difflib
import importlib
import os
import sys

import click

from app.cli.interrupted import Interrupted
from app.cli.streams import abandon_output, forgive_streams, say
from core import __version__
from core.errors import CorrieError

VERBS = {
    "window": ("app.cli.window", "Open the window (the default)."),
    "example": ("app.cli.example", "Analyse the built-in example."),
    "landscape": ("app.cli.landscape", "Compute a loss surface."),
    "spectrum": ("app.cli.spectrum", "Compute the top eigenvalues of the Hessian."),
    "robustness": ("app.cli.robustness", "Attack a network, and count what it still gets right."),
    "complexity": ("app.cli.complexity", "Measure norms, margins and sharpness against the generalisation gap."),
    "corrections": ("app.cli.corrections", "Find the smallest stable change of an input that changes the verdict."),
    "cases": ("app.cli.cases", "Correct all rejected rows of a table, and find rules that correct most."),
    "tutor": ("app.cli.tutor", "Complete a drawing, and prove where its lines may end."),
    "train": ("app.cli.train", "Train a network, or a sweep of many."),
    "data": ("app.cli.data", "Fetch public data sets, and list those there are."),
    "export": ("app.cli.export", "Write a figure, the numbers or a 3-D body of a result."),
    "compare": ("app.cli.compare", "Compare two sessions: numbers, requests, networks and how they were made."),
    "report": ("app.cli.report", "Write a report of a session as PDF or HTML."),
    "import": ("app.cli.importing", "Take results in files of loss-landscape into a session."),
    "info": ("app.cli.info", "List what is in a session."),
    "diagnose": ("app.cli.diagnose", "Print versions, graphics, threads and paths, for bug reports."),
}


class Verbs(click.Group):
    """A group that knows its verbs by name, and imports one when it is called.

    Arguments that begin with no verb, and no option of the group's own, are files for the window.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(VERBS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the verbs without importing their modules."""
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, help_text) for verb, (_, help_text) in VERBS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "--version", "-h"}
        if not args or (args[0] not in VERBS and args[0] not in own):
            if args and _looks_like_a_verb(args[0]):
                raise click.UsageError(_unknown_verb(args[0]), ctx)
            args = ["window", *args]
        return super().parse_args(ctx, args)


def _looks_like_a_verb(word: str) -> bool:
    """Whether a first argument can only be a misspelt verb: it is no option, no path, and no file that is there."""
    return word.replace("-", "").replace("_", "").isalpha() and word[0] != "-" and not os.path.lexists(word)


def _unknown_verb(word: str) -> str:
    close = difflib.get_close_matches(word.lower(), VERBS, n=1)
    meant = f'Did you mean "{close[0]}"?' if close else f"The verbs are: {', '.join(VERBS)}."
    return f'There is no verb, and no file here, called "{word}". {meant}'


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="corrie")
def corrie() -> None:
    """Why a trained neural network behaves as it does, and what would change its verdict.

    Without a verb, opens the window; `corrie FILE…` opens files in it.
    """


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit status: 0, 1 explained failure, 2 wrong usage, 130 interrupted."""
    forgive_streams()
    try:
        status = corrie.main(args=arguments, prog_name="corrie", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:  # a Ctrl-C before there was a job to stop
        say("Stopped. Nothing was written.")
        return 130
    except Interrupted as stopped:
        say(f"{stopped} There was nothing to keep yet.")
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        abandon_output()
        return 1
    except Exception as error:  # noqa: BLE001  no traceback ever reaches a user
        return _explained(error, arguments)
    return status if isinstance(status, int) else 0


def _explained(error: Exception, arguments: list[str]) -> int:
    """Say in one sentence what went wrong; details that only help a programmer go to a file."""
    if isinstance(error, CorrieError):
        say(str(error))
        return 1
    from app.cli.failures import explain_system_error, explain_unexpected  # noqa: PLC0415  only now and then needed

    if isinstance(error, OSError):
        if error.filename is None:
            abandon_output()  # what could not be printed would fail once more at the end
        say(explain_system_error(error))
    else:
        say(explain_unexpected(error, arguments))
    return 1
