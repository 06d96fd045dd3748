"""What a stranger may hand over, and what is said: one row for each bad input."""

import json
import pickle
import subprocess
import sys
import zipfile
from io import BytesIO

import numpy as np
import pytest
from safetensors.numpy import save as safetensors_bytes

from jointbridge.document import Limits, loads, validate
from jointbridge.errors import CODES, LimitError, SpecError

GOOD = {
    "jointbridge": "1.0",
    "plates": {"n": 3},
    "data": {"y": [1.0, 2.0, 3.0]},
    "sites": [
        {"sample": "mu", "dist": "Normal(loc=0, scale=5)"},
        {"sample": "z", "dist": "Normal(mu, 1)", "plates": ["n"], "observed": "y"},
    ],
}


def changed(**fields):
    """The good document with other top-level fields; None removes one."""
    document = {**GOOD, **fields}
    return json.dumps({k: v for k, v in document.items() if v is not None})


def sites(*more):
    return changed(sites=[*GOOD["sites"], *more])


def site(**fields):
    return sites({"sample": "new", "dist": "Normal(0, 1)", **fields})


def dist(text):
    return site(dist=text)


def value(text):
    return sites({"deterministic": "new", "value": text})


def data(entry):
    return changed(data={**GOOD["data"], "x": entry})


def raw(**texts):
    """The good document with raw JSON text in place of a field."""
    text = changed(**dict.fromkeys(texts, "HERE"))
    for replacement in texts.values():
        text = text.replace('"HERE"', replacement, 1)
    return text


def deep(depth):
    return raw(description="[" * depth + "]" * depth)


def zipped():
    file = BytesIO()
    np.savez(file, y=np.zeros(3))
    return file.getvalue()


def empty_zip():
    file = BytesIO()
    zipfile.ZipFile(file, "w").close()
    return file.getvalue()


def npy():
    file = BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def recurrence(**fields):
    scan = {"scan": "s", "carry": {"h": 0.0}, "length": 3, "next": {"h": "h + 1"}}
    return sites({**scan, "collect": {"hs": "h"}, **fields})


# name: (text or bytes, code, part of what is said)
TEXTS = {
    # not JSON
    "1 empty": ("", "json", "the file is empty"),
    "1 blank": (" \n\t", "json", "the file is empty"),
    "2 truncated": ('{"jointbridge": "1.0",\n "sites": [', "json", "line 2, column"),
    "2 open text": ('{"jointbridge": "1.', "json", "Unterminated string"),
    "3 trailing garbage": (changed() + "x", "json", "Extra data"),
    "3 two documents": (changed() + changed(), "json", "Extra data"),
    "4 comment": ('{ // hello\n"a": 1}', "json", "JSON has no comments"),
    "4 hash comment": ('{"a": 1} # hello', "json", "JSON has no comments"),
    "4 trailing comma": ('{"a": 1,}', "json", "trailing comma"),
    "4 trailing comma in a list": ('{"a": [1,]}', "json", "trailing comma"),
    "4 single quotes": ("{'a': 1}", "json", "double quotes"),
    "4 Python's True": ('{"a": True}', "json", "true, false and null"),
    "5 byte order mark": (b"\xef\xbb\xbf{}", "json", "byte order mark"),
    "5 byte order mark in a text": ("\ufeff{}", "json", "byte order mark"),
    "6 UTF-16": (changed().encode("utf-16"), "json", "UTF-16"),
    "6 latin-1": ('{"a": "µ"}'.encode("latin-1"), "json", "byte 7 is not UTF-8"),
    "7 escaped surrogate": (changed(description="\ud800"), "json", "$.description"),
    "7 surrogate in a key": (
        r'{"jointbridge": "1.0", "\ud800": 1}',
        "json",
        "surrogate",
    ),
    "7 surrogate in a text": (
        '{"a": "\ud800"}',
        "json",
        "lone surrogate at character 7",
    ),
    "8 NaN": (raw(description="NaN"), "json", "NaN is not JSON"),
    "8 Infinity": (raw(description="-Infinity"), "json", "-Infinity is not JSON"),
    "9 1e400": (data("HERE").replace('"HERE"', "[1e400]"), "json", "1e400 is out of"),
    "9 1e400 in a text": (dist("Normal(0, 1e400)"), "syntax", "1e400 is out of"),
    "10 5000 digits": (raw(plates="9" * 5000), "json", "5000 digits"),
    "13 key twice": (raw(plates='{"n": 3, "n": 4}'), "structure", "at $.plates.n"),
    "13 key twice on top": ('{"name": "a", "name": "b"}', "structure", "at $.name"),
    "13 key twice, deep": (
        raw(sites='[{"sample": "a", "dist": "Normal(0, 1)", "dist": "Normal(0, 2)"}]'),
        "structure",
        "at $.sites[0].dist: the key 'dist' is repeated",
    ),
    "14 tag twice": (
        raw(sites='[{"sample": "a", "sample": "b", "dist": "Normal(0, 1)"}]'),
        "structure",
        "the key 'sample' is repeated",
    ),
    "15 deep lists": (deep(1000), "limit", "nested more than 64 deep"),
    "15 deeper lists": (deep(1_000_000), "limit", "nested more than 64 deep"),
    "15 deep objects": ('{"a":' * 100_000, "limit", "nested more than 64 deep"),
    "15 brackets in a text": ('{"[[[": "' + "[" * 99 + '\\"[[["}', "missing-field", ""),
    "15 an open quote": ('"' * 3 + "\\" * 100_001, "json", "not JSON"),
    "16 large": (b"{" + b" " * (17 * 2**20), "limit", "16,777,216"),
    "19 a list": ("[]", "structure", "expected an object, got a list"),
    "19 a text": ('"spec"', "structure", "expected an object, got the text 'spec'"),
    "19 null": ("null", "structure", "expected an object, got null"),
    "70 npz": (zipped(), "json", "looks like a zip"),
    "70 empty zip": (empty_zip(), "json", "looks like an empty zip"),
    "70 npy": (npy(), "json", "looks like an npy array"),
    "70 hdf5": (b"\x89HDF\r\n\x1a\n\x00", "json", "looks like an HDF5 file"),
    "70 safetensors": (
        safetensors_bytes({"y": np.zeros(3)}),
        "json",
        "looks like safetensors",
    ),
    "70 gzip": (b"\x1f\x8b\x08\x00", "json", "looks like a gzip"),
    **{
        f"70 pickle {protocol}": (
            pickle.dumps(GOOD, protocol),
            "json",
            "looks like a pickle" if protocol > 1 else "not",
        )
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    # the top level
    "20 unknown key": (changed(plate={}), "unknown-field", "did you mean 'plates'?"),
    "20 misspelt version": (
        changed(jointbridge=None, jointbrige="1.0"),
        "missing-field",
        "in place of 'jointbrige'",
    ),
    "22 version 2.0": (
        changed(jointbridge="2.0"),
        "version",
        "needs a newer jointbridge",
    ),
    "22 version 1.1": (changed(jointbridge="1.1"), "version", "reads up to 1.0"),
    "22 no version": (
        changed(jointbridge=None),
        "missing-field",
        '"jointbridge": "1.0"',
    ),
    "22 a number": (changed(jointbridge=1.0), "version", 'write it as a text: "1.0"'),
    "22 three parts": (changed(jointbridge="1.0.0"), "version", "1.0.0"),
    "22 null": (raw(jointbridge="null"), "version", "got null"),
    "23 version 0.9": (changed(jointbridge="0.9"), "version", "never released"),
    "no sites": (changed(sites=None), "missing-field", "misses 'sites'"),
    "sites in an object": (changed(sites={}), "structure", "list of statements"),
    "a site in a text": (sites("mu ~ Normal(0, 1)"), "structure", "as an object"),
    "a name of a number": (changed(name=3), "structure", "expected a name as a text"),
    "an empty name": (changed(name=""), "name", "1 to 128 characters, got 0"),
    "a hostile name": (changed(name="a\x1b[31m"), "name", r"\x1b[31m"),
    "description of a list": (changed(description=[]), "structure", "a description"),
    # statements
    "no tag": (sites({"smaple": "a"}), "missing-field", "did you mean 'sample'?"),
    "an empty object": (sites({}), "missing-field", "one of sample, deterministic"),
    "two tags": (sites({"sample": "a", "factor": "b"}), "structure", "'sample' and"),
    "misses dist": (sites({"sample": "a"}), "missing-field", "misses 'dist'"),
    "misses value": (sites({"let": "a"}), "missing-field", "misses 'value'"),
    "unknown field": (site(observd="y"), "unknown-field", "did you mean 'observed'?"),
    "extension inside": (site(**{"x-note": 1}), "unknown-field", "x-note"),
    "plates in a text": (site(plates="n"), "structure", "list of plates"),
    "shape of a number": (site(shape=3), "structure", "as in [3]"),
    "negative shape": (site(shape=[-1]), "structure", "from 0 on, got -1"),
    "shape with a point": (site(shape=[3.0]), "structure", "without a point"),
    "hints in a list": (site(hints=["x"]), "structure", "an object of hints"),
    "nested hints": (site(hints={"a": {}}), "structure", "got an object"),
    "a list for a value": (value([1, 2]), "structure", "got a list"),
    "a distribution for a value": (value("Normal(0, 1)"), "kind", "value is needed"),
    "not a support": (
        sites({"param": "a", "init": 1.0, "support": "postive"}),
        "unknown-support",
        "did you mean 'positive'",
    ),
    "support of a number": (
        sites({"param": "a", "init": 1.0, "support": 1}),
        "structure",
        "a support",
    ),
    # numbers
    "11 no float": (
        dist("Normal(9007199254740993, 1)"),
        "kind",
        "loc=9007199254740993",
    ),
    "11 no float, nested": (
        value("log_prob(Normal(9007199254740993, 1), 0.0)"),
        "kind",
        "loc=9007199254740993",
    ),
    "11 no float in data": (
        data([0.5, 2**53 + 1]),
        "data",
        "not exactly representable",
    ),
    "11 no float by kind": (
        data({"values": [2**53 + 1], "kind": "float"}),
        "data",
        "not exactly representable",
    ),
    "11 no int64": (data([2**63]), "data", "not exactly representable as int"),
    "11 far from a float": (data([0.5, 10**308 * 9]), "data", "not exactly"),
    "11 a large literal": (value(10**18), "kind", "18 digits"),
    "12 null": (site(observed=None), "structure", "leave the field out"),
    "12 a text for a size": (changed(plates={"n": "3"}), "structure", "without quotes"),
    "12 true for a size": (changed(plates={"n": True}), "structure", "got true"),
    "12 true among numbers": (data([1.0, True]), "data", "got true at index [1]"),
    "12 null among numbers": (data([1, None]), "data", "got null at index [1]"),
    "12 text among numbers": (data([1, "2"]), "data", "got the text '2' at index [1]"),
    # families and functions
    "25 unknown family": (dist("Norml(0, 1)"), "unknown-family", "'Normal'"),
    "27 os.system": (dist("os.system('ls')"), "syntax", "unexpected '.'"),
    "27 os.system bare": (dist("os.system"), "syntax", "unexpected '.'"),
    "27 __class__": (dist("__class__"), "unknown-family", "no family '__class__'"),
    "27 __class__ called": (dist("__class__(x=1)"), "unknown-family", "__class__"),
    "27 __import__": (dist("__import__('os')"), "syntax", "expected a value"),
    "27 Distribution": (dist("Distribution(0)"), "unknown-family", "Distribution"),
    "27 eval": (value("eval(mu)"), "unknown-function", "no function 'eval'"),
    "27 getattr": (value("getattr(mu, mu)"), "unknown-function", "getattr"),
    "28 unknown parameter": (dist("Normal(mean=0)"), "arguments", "'mean'"),
    "28 missing parameter": (dist("Poisson()"), "arguments", "misses 'rate'"),
    "28 extra parameter": (dist("Poisson(1.0, 2.0)"), "arguments", "takes 1 arguments"),
    "28 no parameters": (dist("Normal"), "arguments", "write its parameters"),
    "29 both": (
        dist("Bernoulli(probs=0.5, logits=0.0)"),
        "arguments",
        "exactly one of",
    ),
    "30 case slip": (dist("normal(0, 1)"), "unknown-family", "did you mean 'Normal'"),
    "30 case slip bare": (dist("normal"), "unknown-family", "did you mean 'Normal'"),
    "a value for a distribution": (dist("mu + 1"), "kind", "expected a distribution"),
    "a number for a distribution": (dist(1), "structure", "a distribution"),
    "46 unknown function": (value("exq(mu)"), "unknown-function", "'exp'"),
    "46 arity": (value("exp(mu, mu)"), "arguments", "takes 1 arguments, got 2"),
    # names
    "31 name twice": (site(sample="mu"), "duplicate-name", "$.sites[0]"),
    "32 name of data": (site(sample="y"), "duplicate-name", "$.data.y"),
    "32 name of a plate": (site(sample="n"), "duplicate-name", "$.plates.n"),
    "33 micro and mu": (
        sites(*({"let": name, "value": 1.0} for name in ("µ", "μ"))),
        "similar-name",
        "one name after normalisation",
    ),
    "34 empty": (site(sample=""), "name", "got 0"),
    "34 long": (site(sample="a" * 10_000), "name", "got 10000"),
    "34 long in data": (changed(data={"a" * 129: 1.0}), "name", "got 129"),
    "35 NUL": (site(sample="a\0"), "name", r"a\x00"),
    "35 bidi": (site(sample="a\u202eb"), "name", r"a\u202eb"),
    "35 zero width": (site(sample="a\u200bb"), "name", r"a\u200bb"),
    "35 private use": (site(sample="a\ue000"), "name", r"a\ue000"),
    "38 code": (site(sample="x=1\nimport os"), "name", r"x=1\nimport os"),
    "38 code in a plate": (changed(plates={"n\nimport os": 3}), "name", r"\nimport"),
    "38 code in a carry": (recurrence(carry={"h\n": 0.0}), "name", r"h\n"),
    "38 code in a body": (
        recurrence(body=[{"let": "a\nb", "value": "h"}]),
        "name",
        r"a\nb",
    ),
    "40 ANSI escape": (site(sample="\x1b[31mred"), "name", r"\x1b[31mred"),
    "a backquote": (site(sample="a`b"), "name", "a`b"),
    "a number for a name": (site(sample=1), "structure", "expected a name"),
    # references
    "42 nothing": (dist("Normal(nu, 1)"), "unknown-name", "no site or data 'nu'"),
    "42 misspelt": (dist("Normal(zz, mu_)"), "unknown-name", "did you mean"),
    "43 later": (
        sites({"let": "a", "value": "b"}, {"let": "b", "value": 1.0}),
        "later-name",
        "'b' is defined later",
    ),
    "43 itself": (value("new + 1"), "later-name", "refers to itself"),
    "44 a plate": (value("n + 1"), "unknown-name", "is a plate, not a value"),
    "44 inside a scan": (
        recurrence(body=[{"let": "a", "value": "zz"}]),
        "unknown-name",
        "zz",
    ),
    "unknown plate": (site(plates=["m"]), "unknown-plate", "no plate 'm'"),
    "plate of nothing": (changed(plates={"n": {"of": "q"}}), "unknown-name", "'q'"),
    "plate of no axis": (
        changed(plates={"n": {"of": "y", "axis": 1}}),
        "shape",
        "no axis 1",
    ),
    "plate of a text": (
        changed(plates={"n": {"of": "y", "axis": "0"}}),
        "structure",
        "without quotes",
    ),
    # shapes
    "47 matmul": (value("y @ [1.0, 2.0]"), "shape", "3 columns meet 2 rows"),
    "47 broadcast": (value("y + [1.0, 2.0]"), "shape", "[3] and [2] do not broadcast"),
    "48 hidden axis": (dist("Normal(0, y)"), "shape", "broadcast to [3]"),
    "50 negative": (changed(plates={"n": -1}), "structure", "from 0 on, got -1"),
    "50 a fraction": (changed(plates={"n": 1.5}), "structure", "without a point"),
    "50 2**63": (changed(plates={"n": 2**63}, data={}), "unknown-name", "'y'"),
    "51 many elements": (site(shape=[10**5] * 3), "limit", "1,000,000,000,000,000"),
    "51 many in an expression": (
        value("sum(full((100000, 100000), 0.0))"),
        "limit",
        "10,000,000,000 elements",
    ),
    "51 many by broadcasting": (
        value("sum(arange(0, 99999)[:, None] + arange(0, 99999))"),
        "limit",
        "elements",
    ),
    "51 many in a scan": (
        recurrence(body=[{"let": "a", "value": "sum(eye(1000000))"}]),
        "limit",
        "elements",
    ),
    # data
    "52 ragged": (data([[1, 2], [3]]), "data", "2 items first, 1 items at index [1]"),
    "52 ragged, deep": (data([[[1], [2]], [[3], []]]), "data", "at index [1, 1]"),
    "52 a number among lists": (data([[1], 2]), "data", "the number 2 at index [1]"),
    "52 a list among numbers": (data([1, [2]]), "data", "a list among numbers"),
    "52 an object among numbers": (data([1, {}]), "data", "an object among numbers"),
    "52 a text": (data("1.0"), "data", "expected a number"),
    "52 null": (data(None), "data", "got null"),
    "53 shape": (data({"values": [1, 2], "shape": [3]}), "data", "the shape says [3]"),
    "53 empty shape": (
        data({"values": [], "shape": [3]}),
        "data",
        "the shape says [3]",
    ),
    "53 huge shape": (data({"kind": "int", "shape": [10**9] * 9}), "limit", "elements"),
    "53 huge and empty": (
        data({"values": [], "kind": "int", "shape": [0, 2**70]}),
        "limit",
        "elements",
    ),
    "53 many axes": (
        data({"values": [], "shape": [0] * 100}),
        "structure",
        "a shape of 100 axes",
    ),
    "54 no kind": (data({"kind": "object", "shape": []}), "kind", "float, int, bool"),
    "54 a width": (data({"kind": "float32", "shape": []}), "kind", "to the build"),
    "54 kind of a list": (data({"kind": [], "shape": []}), "kind", "got a list"),
    "55 0.1 as int": (data({"values": [0.1], "kind": "int"}), "data", "expected int"),
    "55 1 as bool": (data({"values": [1], "kind": "bool"}), "data", "expected bool"),
    "56 nan": (data(["nan"]), "data", "allow_nonfinite"),
    "56 other words": (
        data({"values": ["NaN"], "allow_nonfinite": True}),
        "data",
        "expected a number, got the text 'NaN'",
    ),
    "56 nan in int": (
        data({"values": ["nan"], "kind": "int", "allow_nonfinite": True}),
        "data",
        "expected int",
    ),
    "56 no flag": (
        data({"values": [1.0], "allow_nonfinite": "yes"}),
        "structure",
        "true or false",
    ),
    "declared without shape": (
        data({"kind": "int"}),
        "missing-field",
        "misses 'shape'",
    ),
    "declared and more": (
        data({"kind": "int", "shape": [], "dtype": "i4"}),
        "unknown-field",
        "'dtype'",
    ),
    "too many axes": (
        data(json.loads("[" * 40 + "1" + "]" * 40)),
        "data",
        "more than 32 axes",
    ),
    "a file and values": (data({"file": "a", "values": []}), "structure", "'file' and"),
    "a file without a folder": (
        data(
            {
                "file": "a.safetensors",
                "key": "k",
                "kind": "int",
                "shape": [],
                "sha256": "0" * 64,
            }
        ),
        "data",
        "load the spec from a path",
    ),
    # recurrences
    "a name twice in a body": (
        recurrence(body=[{"sample": "h", "dist": "Normal(0, 1)"}]),
        "duplicate-name",
        "'h' is the name of two things in one body",
    ),
    "a sample that does not fit its body": (
        recurrence(body=[{"sample": "e", "dist": "Normal([0, 1], 1)"}]),
        "shape",
        "the parameters broadcast to [2]",
    ),
    "an unknown plate in a body": (
        recurrence(
            body=[{"sample": "e", "dist": "Normal(0, 1)", "plates": ["nowhere"]}]
        ),
        "unknown-plate",
        "no plate 'nowhere'",
    ),
    "a sample in a body called as data": (
        recurrence(
            body=[
                {"sample": "s", "dist": "Normal(0, 1)"},
                {"sample": "hs", "dist": "Normal(0, 1)"},
            ]
        ),
        "duplicate-name",
        "'hs' is already the name of",
    ),
    "factor in a scan": (
        recurrence(body=[{"factor": "e", "value": 1.0}]),
        "missing-field",
        "a statement of a body with one of let, sample",
    ),
    "a body in an object": (
        recurrence(body={"a": "h"}),
        "structure",
        "list of lets and samples",
    ),
    "carry in a list": (recurrence(carry=[]), "structure", "names with expressions"),
    "no steps": (recurrence(length=0), "structure", "from 1 on, got 0"),
    "half of a scan": (sites({"scan": "s"}), "missing-field", "misses 'carry'"),
    # size
    "71 many sites": (
        changed(sites=[{"let": str(i), "value": 1} for i in range(10_001)]),
        "limit",
        "10,001 sites",
    ),
    "71 a long sum": (value(" + ".join(["mu"] * 5000)), "limit", "more than 64 nodes"),
    "71 a chain of indices": (value("mu" + "[0]" * 5000), "limit", "64 nodes deep"),
    "71 deep parentheses": (value("(" * 100 + "mu" + ")" * 100), "limit", "nested"),
    "71 a long text": (value("a" * 100_001), "limit", "100,001 characters"),
    "71 many problems": (
        changed(sites=[{"let": "a"}] * 5000),
        "limit",
        "more than 1,000 problems",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_bad_text_is_refused(name):
    text, code, fragment = TEXTS[name]
    with pytest.raises((SpecError, LimitError)) as caught:
        loads(text)
    found = caught.value.problems
    matching = [p for p in found if p.code == code and fragment in str(p)]
    assert matching, f"expected {code}: {fragment}\n{caught.value}"
    assert all(p.code in CODES and p.path and p.severity == "error" for p in found)
    assert (code == "limit") == isinstance(caught.value, LimitError)
    said = validate(
        text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    )
    assert set(found) <= set(said) or "surrogate" in fragment


WARNINGS = {
    "33 equal but for case": (
        sites({"let": "Mu", "value": 1.0}),
        "similar-name",
        "differ only in case",
    ),
    "45 unused data": (data(1.0), "unused", "'x' is never used"),
    "45 unused plate": (
        changed(plates={"n": 3, "m": 2}),
        "unused",
        "'m' is never used",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_suspicious_text_is_a_warning(name):
    text, code, fragment = WARNINGS[name]
    loads(text)
    (problem,) = validate(text)
    assert (problem.code, problem.severity) == (code, "warning")
    assert fragment in problem.message


FINE = {
    "as it is": changed(),
    "21 extensions": changed(**{"x-note": {"a": [1, None, "b"]}}),
    "24 $schema": changed(**{"$schema": "file:///etc/passwd"}),
    "24 $schema on the net": changed(**{"$schema": "http://localhost:9/schema"}),
    "36 odd names": sites(
        *(
            {"let": name, "value": 1.0}
            for name in ("x y", "a/b", "theta[0]", "β", "1x", "class", "lambda")
        )
    ),
    "37 taken names": sites(
        *(
            {"let": n, "value": 1.0}
            for n in ("jnp", "dist", "print", "self", "__init__")
        )
    ),
    "39 words in a description": changed(
        description='"""\\ {} %s </script> \n \x1b[31m'
    ),
    "41 names of files": sites(
        *({"let": n, "value": 1.0} for n in ("../x", "CON", "a:b"))
    ),
    "49 size 0": site(shape=[0]),
    "56 nan where it is meant": data({"values": ["nan", 1.0], "allow_nonfinite": True}),
    "a literal": site(mask=True, scale=2, observed=1.5),
    "a text of a literal": site(mask="True", scale="2", observed="1.5"),
    "a surrogate pair": changed(description="😀"),
    "bytes": changed().encode(),
}


@pytest.mark.parametrize("name", FINE)
def test_odd_but_valid_text_is_read(name):
    loads(FINE[name])
    assert not [p for p in validate(FINE[name]) if p.severity == "error"]


def test_all_problems_are_listed_at_once():
    text = changed(
        plates={"n": -1},
        data={"y": [1, "a"], "x": {"kind": "complex", "shape": []}},
        sites=[
            {"sample": "a", "dist": "Norml(0, 1)", "shape": 3, "extra": 1},
            {"let": "b", "value": "1 +"},
            {"deterministic": "c"},
        ],
    )
    found = {(p.code, p.path) for p in validate(text)}
    assert found == {
        ("structure", "$.plates.n"),
        ("data", "$.data.y"),
        ("kind", "$.data.x.kind"),
        ("unknown-family", "$.sites[0].dist"),
        ("structure", "$.sites[0].shape"),
        ("unknown-field", "$.sites[0].extra"),
        ("syntax", "$.sites[1].value"),
        ("missing-field", "$.sites[2]"),
    }


LIMITS = {
    "max_bytes": ({"max_bytes": 100}, changed(), "at most 100"),
    "max_depth": ({"max_depth": 2}, changed(), "nested more than 2 deep"),
    "max_sites": ({"max_sites": 1}, changed(), "2 sites; at most 1"),
    "max_nodes": ({"max_nodes": 4}, changed(), "more than 4 nodes"),
    "max_elements": ({"max_elements": 2}, changed(), "more than 2 elements"),
    "max_elements of a site": ({"max_elements": 9}, site(shape=[2, 5]), "10 elements"),
    "json beyond Python's stack": ({"max_depth": 10**6}, deep(10**5), "too deep"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_arguments(name):
    limits, text, fragment = LIMITS[name]
    with pytest.raises(LimitError, match=fragment) as caught:
        loads(text, limits=Limits(**limits))
    assert caught.value.exit_code == 4
    assert validate(text, limits=Limits(**limits)) == list(caught.value.problems)


def test_names_have_a_limit():
    with pytest.raises(SpecError, match="1 to 1 characters, got 2"):
        loads(changed(), limits=Limits(max_name=1))


SPY = """
import sys
from jointbridge.document import validate
from jointbridge.functions import FUNCTIONS

bad, good = {bad!r}, {good!r}
validate(good)
watched = ("open", "import", "exec", "compile", "socket", "subprocess", "os.", "ctypes")
# The signatures of our own functions are read with ast.parse, when first used.
ours = {{row.signature.encode() for row in FUNCTIONS.values()}}
seen = []

def spy(event, args):
    if event.startswith(watched) and not (event == "compile" and args[0] in ours):
        seen.append((event, args))

sys.addaudithook(spy)
for text in bad:
    validate(text.encode())
assert not seen, seen
"""


def test_reading_opens_nothing_and_runs_nothing():
    texts = [t for t, *_ in TEXTS.values() if isinstance(t, str)]
    texts = [t for t in texts if t.isascii() and len(t) < 10_000]
    script = SPY.format(bad=texts, good=changed())
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
