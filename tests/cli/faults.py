"""Commands that fail in every way there is."""

import warnings

import click

from jointbridge.errors import BackendError, LimitError, SpecError


def _raises(name, error):
    @click.command(name)
    def command():
        warnings.warn("a library talks to its developers", stacklevel=1)
        raise error

    return command


bug = _raises("bug", ZeroDivisionError("division\nby \x1b[31mzero"))
stop = _raises("stop", KeyboardInterrupt())
abort = _raises("abort", click.Abort())
limit = _raises("limit", LimitError("too large", hint="make it smaller"))
backend = _raises("backend", BackendError("no such library"))
spec = _raises("spec", SpecError("wrong \x1b[31m[bold]here", path="$.\u202esites"))
