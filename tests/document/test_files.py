"""Files: what is refused, what is written, and what survives a failure."""

import hashlib
import io
import json
import os
import stat
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import save as safetensors_bytes

from jointbridge.document import Limits, digest, dumps, load, loads, save, validate
from jointbridge.errors import FileError, LimitError, SpecError
from jointbridge.spec import Data, Factor, Spec
from jointbridge.syntax import parse

LARGE = np.arange(5000.0).reshape(50, 100)


def spec_of(**arrays):
    total = " + ".join(f"sum({name})" for name in arrays) or "0.0"
    data = tuple(Data.of(name, array) for name, array in arrays.items())
    return Spec((Factor("total", parse(total)),), data=data)


def write(path, **fields):
    document = {"jointbridge": "1.0", "sites": [], **fields}
    path.write_text(json.dumps(document))
    return path


# -- paths --------------------------------------------------------------------


def _directory(folder):
    return folder


def _fifo(folder):
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def _unreadable(folder):
    path = write(folder / "secret.json")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user reads everything")
    return path


PATHS = {
    "18 directory": (_directory, "is a directory"),
    "18 missing": (lambda folder: folder / "no.json", "No such file"),
    "18 folder missing": (lambda folder: folder / "no" / "no.json", "No such file"),
    "18 below a file": (
        lambda folder: write(folder / "a.json") / "b",
        "Not a directory",
    ),
    "18 no permission": (_unreadable, "Permission denied"),
    "18 a NUL": (lambda _: "a\0b", "is not a path"),
    "17 FIFO": (_fifo, "not a regular file"),
    "17 /dev/zero": (lambda _: "/dev/zero", "not a regular file"),
}


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("read", [load, validate])
def test_paths_that_cannot_be_read(tmp_path, name, read):
    make, fragment = PATHS[name]
    path = make(tmp_path)
    with pytest.raises(FileError, match=fragment) as caught:
        read(path)
    assert caught.value.exit_code == 4
    assert str(path).replace("\0", "\\x00") in str(caught.value)


def test_a_large_file_is_not_read(tmp_path):
    path = tmp_path / "sparse.json"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(LimitError, match="16,777,216 bytes"):
        load(path)
    with pytest.raises(LimitError, match="more than 10 bytes"):
        load(write(tmp_path / "m.json"), limits=Limits(max_bytes=10))


def test_a_dash_is_standard_input(monkeypatch):
    text = dumps(spec_of())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert load("-") == spec_of()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    with pytest.raises(LimitError, match="standard input"):
        load("-", limits=Limits(max_bytes=10))


def test_validate_takes_paths_and_texts(tmp_path):
    path = write(tmp_path / "m.json", oops=1)
    for given in (path, str(path), path.read_text(), path.read_bytes()):
        assert [p.code for p in validate(given)] == ["unknown-field"]
    assert [p.code for p in validate("")] == ["json"]


# -- writing ------------------------------------------------------------------


def test_save_and_load(tmp_path):
    spec = spec_of(x=LARGE, y=np.arange(4096), z=np.array([True] * 4097))
    save(spec, tmp_path / "m.json")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.json", "m.safetensors"]
    assert load(tmp_path / "m.json") == spec
    assert loads(dumps(spec)) == spec
    assert digest(load(tmp_path / "m.json")) == digest(spec)
    written = json.loads((tmp_path / "m.json").read_text())["data"]
    assert written["x"] == {
        "kind": "float",
        "shape": [50, 100],
        "file": "m.safetensors",
        "key": "data.x",
        "sha256": hashlib.sha256(LARGE.tobytes()).hexdigest(),
    }
    assert written["y"] == list(range(4096))


def test_arrays_beside_the_file_keep_their_bits(tmp_path):
    odd = np.resize([np.nan, np.inf, -0.0, 5e-324, 0.1], 5000)
    spec = Spec((), data=(Data.of("__metadata__", odd), Data.of("a b/../c", LARGE.T)))
    save(spec, tmp_path / "m.json")
    for one, other in zip(load(tmp_path / "m.json").data, spec.data, strict=True):
        assert one.values.tobytes() == other.values.tobytes()


def test_save_does_not_replace_unasked(tmp_path):
    path = tmp_path / "m.json"
    save(spec_of(), path)
    with pytest.raises(FileError, match="exists"):
        save(spec_of(x=1.0), path)
    assert load(path) == spec_of()
    save(spec_of(x=1.0), path, overwrite=True)
    assert load(path) == spec_of(x=1.0)
    (tmp_path / "n.safetensors").write_bytes(b"precious")
    with pytest.raises(FileError, match=r"n.safetensors exists"):
        save(spec_of(x=LARGE), tmp_path / "n.json")
    assert not (tmp_path / "n.json").exists()


UNWRITABLE = {
    "a directory": lambda folder: folder,
    "no folder": lambda folder: folder / "no" / "m.json",
    "below a file": lambda folder: write(folder / "a.json") / "b.json",
}


@pytest.mark.parametrize("name", UNWRITABLE)
def test_paths_that_cannot_be_written(tmp_path, name):
    path = UNWRITABLE[name](tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(FileError) as caught:
        save(spec_of(x=LARGE), path, overwrite=True)
    assert caught.value.exit_code == 4
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace"])
def test_a_failure_leaves_old_files_untouched(tmp_path, monkeypatch, error, call):
    path = tmp_path / "m.json"
    save(spec_of(x=LARGE), path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def fail(*_):
        raise error

    monkeypatch.setattr(call, fail)
    expected = FileError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        save(spec_of(x=LARGE + 1), path, overwrite=True)
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
    assert load(path) == spec_of(x=LARGE)


def test_permissions_and_links_are_kept(tmp_path):
    (tmp_path / "real").mkdir()
    save(spec_of(), tmp_path / "real" / "m.json")
    (tmp_path / "real" / "m.json").chmod(0o640)
    (tmp_path / "link.json").symlink_to(tmp_path / "real" / "m.json")
    save(spec_of(x=LARGE), tmp_path / "link.json", overwrite=True)
    assert (tmp_path / "link.json").is_symlink()
    assert load(tmp_path / "link.json") == spec_of(x=LARGE)
    assert stat.S_IMODE((tmp_path / "real" / "m.json").stat().st_mode) == 0o640


def test_the_same_spec_gives_the_same_bytes():
    script = (
        "from jointbridge.document import *; import sys\n"
        "s = loads(sys.stdin.read()); print(digest(s)); print(dumps(s))"
    )
    text = dumps(spec_of(x=LARGE, n=3))
    outputs = {
        subprocess.run(
            [sys.executable, *flags, "-c", script],
            input=text,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed, flags in (("0", []), ("1", ["-O"]), ("2", ["-W", "error"]))
    }
    assert outputs == {f"{digest(spec_of(x=LARGE, n=3))}\n{text}\n"}


# -- arrays in another file ---------------------------------------------------

X = np.arange(3.0)


def reference(array=X, **fields):
    sha256 = hashlib.sha256(np.asarray(array).tobytes()).hexdigest()
    found = {"file": "a.safetensors", "key": "x", "kind": "float", "shape": [3]}
    return {**found, "sha256": sha256, **fields}


def tensors(**arrays):
    return safetensors_bytes({"x": X, **arrays})


def patched(old, new):
    raw = tensors()
    assert old in raw
    assert len(old) == len(new)
    return raw.replace(old, new)


def handmade(header, raw):
    return len(header).to_bytes(8, "little") + header.encode() + raw


NAN = np.array([0.0, np.nan, 1.0])
HEADER = 8 + int.from_bytes(tensors()[:8], "little")

# name: (bytes of a.safetensors, reference, part of what is said)
SIDECARS = {
    "66 empty": (b"", reference(), "not a safetensors file"),
    "66 giant header": (b"\xff" * 8 + b"{}", reference(), "not a safetensors file"),
    "66 truncated": (tensors()[:-1], reference(), "not a safetensors file"),
    "66 trailing bytes": (tensors() + b"\0", reference(), "not a safetensors file"),
    "66 only a header": (tensors()[:HEADER], reference(), "not a safetensors file"),
    "66 bad dtype": (patched(b'"F64"', b'"Q64"'), reference(), "not a safetensors"),
    "66 offsets": (patched(b"[0,24]", b"[8,24]"), reference(), "not a safetensors"),
    "66 shape overflow": (
        patched(b'"shape":[3]', b'"shape":[9]'),
        reference(),
        "not a safetensors",
    ),
    "66 not at all": (b"PK\x03\x04" + b"\0" * 99, reference(), "not a safetensors"),
    "67 missing key": (tensors(), reference(key="z"), "no array 'z'"),
    "67 more keys": (tensors(y=X), reference(), "an array 'y' that the spec does not"),
    "67 hostile key": (
        safetensors_bytes({"x": X, "../../y\x1b": X}),
        reference(),
        r"an array '../../y\x1b'",
    ),
    "67 digest": (tensors(), reference(X + 1), "do not have the digest"),
    "67 NaN": (safetensors_bytes({"x": NAN}), reference(NAN), "not finite"),
    "67 infinity": (
        safetensors_bytes({"x": np.full(3, np.inf)}),
        reference(np.full(3, np.inf)),
        "not finite",
    ),
    "shape": (tensors(), reference(shape=[4]), "has shape [3], not [4]"),
    "rank": (tensors(), reference(shape=[3, 1]), "has shape [3], not [3, 1]"),
    "kind": (tensors(), reference(kind="int"), "stored as F64, which is no int"),
    "unsigned 64": (
        safetensors_bytes({"x": X.astype("u8")}),
        reference(X.astype("u8"), kind="int"),
        "stored as U64, which is no int",
    ),
    "a bool of 2": (
        handmade('{"x":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}', b"\0\1\2"),
        reference(np.array([0, 1, 2], "u1"), kind="bool"),
        "neither 0 nor 1",
    ),
    "68 absolute": (tensors(), reference(file="/etc/a.safetensors"), "plain name"),
    "68 above": (tensors(), reference(file="../a.safetensors"), "plain name"),
    "68 below": (tensors(), reference(file="b/a.safetensors"), "plain name"),
    "68 here": (tensors(), reference(file="./a.safetensors"), "plain name"),
    "68 URL": (tensors(), reference(file="http://h/a.safetensors"), "plain name"),
    "68 UNC": (tensors(), reference(file=r"\\h\s\a.safetensors"), "plain name"),
    "68 drive": (tensors(), reference(file="C:a.safetensors"), "plain name"),
    "68 device": (tensors(), reference(file="/dev/zero"), "plain name"),
    "68 other suffix": (tensors(), reference(file="a.json"), "plain name"),
    "68 NUL": (tensors(), reference(file="a\0.safetensors"), "plain name"),
    "68 dots": (tensors(), reference(file=".."), "plain name"),
    "68 number": (tensors(), reference(file=3), "expected a file name"),
    "68 missing": (tensors(), reference(file="b.safetensors"), "No such file"),
    "short digest": (tensors(), reference(sha256="0"), "64 hexadecimal digits"),
    "number for a digest": (tensors(), reference(sha256=0), "64 hexadecimal digits"),
    "no digest": (tensors(), {**reference(), "sha256": None}, "64 hexadecimal"),
}


@pytest.mark.parametrize("name", SIDECARS)
def test_bad_sidecars_are_refused(tmp_path, name):
    raw, entry, fragment = SIDECARS[name]
    (tmp_path / "a.safetensors").write_bytes(raw)
    path = write(tmp_path / "m.json", data={"x": entry})
    with pytest.raises(SpecError) as caught:
        load(path)
    assert fragment in str(caught.value)
    assert "$.data" in caught.value.problems[0].path
    assert set(caught.value.problems) <= set(validate(path))


SIDECAR_PLACES = {
    "a link": lambda target, path: path.symlink_to(target),
    "a dangling link": lambda _, path: path.symlink_to("nowhere"),
    "a directory": lambda _, path: path.mkdir(),
    "a FIFO": lambda _, path: os.mkfifo(path),
}


@pytest.mark.parametrize("name", SIDECAR_PLACES)
def test_sidecars_are_plain_files(tmp_path, name):
    (tmp_path / "real").write_bytes(tensors())
    SIDECAR_PLACES[name](tmp_path / "real", tmp_path / "a.safetensors")
    with pytest.raises(SpecError, match=r"a\.safetensors"):
        load(write(tmp_path / "m.json", data={"x": reference()}))


GOOD_SIDECARS = {
    "float64": X,
    "float32": X.astype("f4"),
    "float16": X.astype("f2"),
    "int8": X.astype("i1"),
    "uint32": X.astype("u4"),
    "bool": X > 1,
}


@pytest.mark.parametrize("name", GOOD_SIDECARS)
def test_narrow_arrays_are_widened(tmp_path, name):
    array = GOOD_SIDECARS[name]
    kind = Data.of("x", array).type.kind
    (tmp_path / "a.safetensors").write_bytes(safetensors_bytes({"x": array}))
    path = write(tmp_path / "m.json", data={"x": reference(array, kind=kind)})
    assert load(path).data == (Data.of("x", array),)


def test_one_file_serves_many_entries(tmp_path):
    (tmp_path / "a.safetensors").write_bytes(tensors(y=NAN))
    nan = reference(NAN, key="y", allow_nonfinite=True)
    path = write(
        tmp_path / "m.json", data={"a": reference(), "b": reference(), "c": nan}
    )
    assert [d.name for d in load(path).data] == ["a", "b", "c"]


def test_elements_beside_the_file_count(tmp_path):
    (tmp_path / "a.safetensors").write_bytes(tensors())
    path = write(tmp_path / "m.json", data={"x": reference()})
    with pytest.raises(LimitError, match="elements"):
        load(path, limits=Limits(max_elements=2))
    with (tmp_path / "a.safetensors").open("ab") as file:
        file.truncate(2**40)
    with pytest.raises(LimitError, match="bytes"):
        load(path)


def test_a_swapped_sidecar_is_noticed(tmp_path):
    save(spec_of(x=LARGE), tmp_path / "m.json")
    save(spec_of(x=LARGE + 1), tmp_path / "n.json")
    (tmp_path / "n.safetensors").replace(tmp_path / "m.safetensors")
    with pytest.raises(SpecError, match="do not belong together"):
        load(tmp_path / "m.json")
