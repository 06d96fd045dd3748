"""Commands that compute: log-prob and sample."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.text import Text

from jointbridge import backends as registry
from jointbridge.analysis import analyse
from jointbridge.cli import source
from jointbridge.cli.console import err, note, out, row, table
from jointbridge.cli.packages import require
from jointbridge.cli.records import json_option, write_json
from jointbridge.comparison.report import plain
from jointbridge.document.files import read_bounded, read_stdin
from jointbridge.document.lexical import read_json
from jointbridge.document.limits import Limits
from jointbridge.errors import ValueMismatchError
from jointbridge.joint import Joint
from jointbridge.spec import Deterministic
from jointbridge.support import SUPPORTS
from jointbridge.syntax import show

#: Values may be draws, and many.
_LIMITS = Limits(max_bytes=256 * 2**20)

_backend: Callable[[Any], Any] = click.option(
    "-b", "--backend", metavar="NAME", help="The reference by default."
)
_dtype: Callable[[Any], Any] = click.option(
    "--dtype",
    type=click.Choice(["float64", "float32"]),
    default="float64",
    show_default=True,
    help="The width of floats.",
)


@click.command()
@source.joint_argument
@click.option(
    "--values",
    required=True,
    metavar="FILE|-",
    help="A JSON object: a value for each site, or many with a leading axis.",
)
@click.option("--parts", is_flag=True, help="The density of each site too.")
@click.option(
    "--accurate",
    is_flag=True,
    help="By the catalogue's formula where the library is known to lose digits.",
)
@_backend
@_dtype
@json_option
def log_prob(
    file: str,
    values: str,
    parts: bool,
    as_json: bool,
    **how: Any,
) -> None:
    """Print the log density of a joint, one number for each draw.

    Observed sites take their data where no value is given. Draws that `sample` wrote can
    be piped in. Outside the support the log density is -inf.
    """
    if file == values == "-":
        raise click.UsageError("only one of the joint and its values can be a pipe")
    require(how["backend"] or registry.REFERENCE)
    joint = Joint(source.read(file))
    given = _values(joint, values)
    total = joint.log_prob(given, **how)
    each = joint.log_prob_parts(given, **how)
    _outside(joint, each)
    if as_json:
        write_json({"log_prob": total} | ({"parts": each} if parts else {}))
    elif parts:
        out().print(_parts(each, total))
    else:
        for number in np.ravel(total):
            click.echo(repr(float(number)))


def _values(joint: Joint, file: str) -> dict[str, Any]:
    """The values in a file; those that can be computed are left out."""
    most = _LIMITS.max_bytes
    raw = read_stdin(most) if file == "-" else read_bounded(Path(file), most)
    value = read_json(raw, _LIMITS)
    if not isinstance(value, dict):
        hint = 'as {"mu": 0.5, "theta": [1.0, 2.0]}'
        raise ValueMismatchError("values are a JSON object of sites", hint=hint)
    computed = {s.name for s in joint.spec.statements if isinstance(s, Deterministic)}
    return {n: _array(n, x) for n, x in value.items() if n not in computed}


def _array(name: str, value: Any) -> np.ndarray:
    """An array from nested lists; `nan`, `inf` and `-inf` may stand as texts."""
    try:
        array = np.asarray(value)
        return array.astype(float) if array.dtype.kind in "US" else array
    except ValueError:
        message = "expected a number, or nested lists of numbers of one shape"
        raise ValueMismatchError(message, path=name) from None


def _outside(joint: Joint, each: Mapping[str, np.ndarray]) -> None:
    """Say where a density is zero, and what is inside; and where there is none."""
    sites = analyse(joint.spec).sites
    for name, numbers in each.items():
        if np.isneginf(numbers).any() and name in sites:
            support = sites[name].support
            note(
                f"the log density of {name!r} is -inf: its value is outside the support "
                f"{show(support)} ({SUPPORTS[support.name].meaning}), or too far out"
            )
        if np.isnan(numbers).any():
            note(
                f"the log density of {name!r} is nan: one of its parameters is outside "
                "its domain, or a value is nan"
            )


def _parts(each: Mapping[str, np.ndarray], total: np.ndarray) -> Any:
    made = table("", "log density")
    for name, numbers in each.items():
        row(made, name, _text(numbers))
    row(made, Text("total", "bold"), _text(total))
    return made


def _text(numbers: np.ndarray) -> str:
    return " ".join(repr(float(x)) for x in np.ravel(numbers))


@click.command()
@source.joint_argument
@click.option(
    "-n",
    "--number",
    type=click.IntRange(0),
    metavar="N",
    help="So many draws, as a leading axis; one without it by default.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    show_default=True,
    help="The same seed gives the same draws.",
)
@_backend
@_dtype
@click.option("-o", "--output", metavar="FILE", help="Write to a file.")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@json_option
def sample(
    file: str,
    number: int | None,
    seed: int,
    backend: str | None,
    dtype: str,
    output: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Draw from a joint: a JSON object with every site and computed value.

    Observed sites are drawn too: these are draws from the joint, not given its data.
    """
    del as_json  # it is JSON in any case
    require(backend or registry.REFERENCE)
    joint = Joint(source.read(file))
    shape = () if number is None else (number,)
    drawn = joint.sample(seed, shape, backend=backend, dtype=dtype)
    lines = (f"{json.dumps(n)}: {_json(x)}" for n, x in drawn.items())
    source.write(output or "-", "{" + ",\n ".join(lines) + "}\n", force=force)
    if output not in (None, "-"):
        err().print(Text(f"wrote {output}"))


def _json(array: np.ndarray) -> str:
    return json.dumps(plain(array), allow_nan=False)
