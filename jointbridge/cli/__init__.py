"""The command line.

Data goes to standard output, words and progress to standard error, and `-` is a pipe.
A command is imported when it is run: the table below is all that `--help` needs.
"""

import click

from jointbridge import __version__
from jointbridge.cli.group import Commands

#: Each command: the module it lives in, and what it does.
COMMANDS = {
    "Start": {
        "doctor": (
            "doctor",
            "what works on this machine, and the fix for what does not",
        ),
        "example": ("example", "a joint to start from; with no name, list them"),
    },
    "A joint in a file": {
        "validate": ("files", "every problem, with its place and a hint"),
        "show": ("show", "sites, shapes, data and the graph"),
        "check": ("check", "do the backends agree about it?"),
        "log-prob": ("numbers", "its log density at given values"),
        "sample": ("numbers", "draws from it"),
        "digest": ("files", "a fingerprint of what it says"),
    },
    "A model of your own": {
        "convert": ("convert", "to a file, or to source of another library"),
        "compare": ("compare", "do two models say the same, and where not, why?"),
    },
    "Who is right": {
        "conformance": (
            "conformance",
            "hold every backend against exact numbers, family by family",
        ),
        "divergence": ("divergence", "the known divergences, each with a script"),
    },
    "Look up": {
        "families": (
            "catalogue",
            "families, their parameters, and how backends spell them",
        ),
        "schema": ("files", "the JSON Schema of the file format"),
        "backends": (
            "registry",
            "the backends that are registered, and their versions",
        ),
        "completion": ("completion", "completion of commands for your shell"),
    },
}


@click.group(
    cls=Commands,
    sections=COMMANDS,
    package=__name__,
    epilog="First steps: jointbridge doctor, then: jointbridge check eight-schools",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, package_name="jointbridge")
@click.option("--debug", is_flag=True, help="Show tracebacks and warnings.")
def main(debug: bool) -> None:
    """Move joint distributions between libraries, and prove that the move was right.

    Exit codes: 0 yes, 1 the answer is no, 2 usage, 3 a backend is missing or lacks a
    feature, 4 a file cannot be read or written or is over a limit, 70 an internal error,
    130 interrupted.
    """
    del debug  # read by the group itself
