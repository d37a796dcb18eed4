"""Commands with mistakes in them: what a user would see if one of the real ones had such a mistake."""

import click
import torch


@click.command("unforeseen")
@click.argument("kind")
def command(kind: str) -> int:
    """Fail in one of several ways."""
    match kind:
        case "bug":
            return len({}["missing"])
        case "memory":
            raise MemoryError
        case "tensor":
            return len(torch.empty(2**46, 2**10))
        case "disk":
            with open("/nowhere/at/all", encoding="utf-8"):  # noqa: PTH123  the error of the system itself
                return 0
        case "ctrl-c":
            raise KeyboardInterrupt
        case _:
            raise RecursionError("too deep")
