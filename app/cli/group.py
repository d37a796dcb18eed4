"""The command ``corrie`` and its verbs. A verb's module is imported only when it is called."""

import importlib
import sys

import click

from core import __version__
from core.errors import CorrieError

VERBS = {
    "window": ("app.cli.window", "Open the window (the default)."),
    "example": ("app.cli.example", "Analyse the built-in example."),
    "landscape": ("app.cli.landscape", "Compute a loss surface."),
    "spectrum": ("app.cli.spectrum", "Compute the top eigenvalues of the Hessian."),
    "corrections": ("app.cli.corrections", "Find the smallest stable change of an input that changes the verdict."),
    "export": ("app.cli.export", "Write a figure or the numbers of a result."),
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
            args = ["window", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="corrie")
def corrie() -> None:
    """Why a trained neural network behaves as it does, and what would change its verdict.

    Without a verb, opens the window; `corrie FILE…` opens files in it.
    """


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit status: 0, 1 explained failure, 2 wrong usage, 130 interrupted."""
    try:
        status = corrie.main(args=arguments, prog_name="corrie", standalone_mode=False)
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CorrieError as error:
        print(f"corrie: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has gone, as with `| head`
        sys.stderr.close()
        return 1
    return status if isinstance(status, int) else 0
