"""``corrie diagnose``: what a bug report should hold."""

import click

from app.cli.inputs import json_option, print_summary
from app.views.diagnosis import diagnosis


@click.command("diagnose")
@json_option
def command(as_json: bool) -> int:
    """Print versions, graphics, threads and paths. Nothing is sent anywhere."""
    print_summary(diagnosis(), as_json=as_json)
    return 0
