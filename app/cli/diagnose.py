"""``corrie diagnose``: what a bug report should hold."""

import click

from app.cli.inputs import json_option
from app.cli.printing import print_facts, print_json
from app.views.diagnosis import diagnosis


@click.command("diagnose")
@json_option
def command(as_json: bool) -> int:
    """Print versions, graphics, threads and paths. Nothing is sent anywhere."""
    found = diagnosis()
    if as_json:
        print_json(found)
    else:
        print_facts([(name.replace("_", " "), str(value)) for name, value in found.items()])
    return 0
