"""Reading no more than a bound, and writing all of a file or none of it."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from jointbridge.errors import FileError, LimitError

_HINTS = {
    errno.ENOENT: "check the spelling of the path",
    errno.EACCES: "check the permissions",
    errno.ENOSPC: "the disk is full",
    errno.ELOOP: "links are not followed here",
}

_CHUNK = 2**20

#: Without O_NONBLOCK, opening a FIFO waits for somebody to write.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@contextmanager
def _as_file_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        hint = _HINTS.get(error.errno or 0, "")
        raise FileError(f"{path}: {reason}", hint=hint) from None
    except ValueError:  # a NUL in the path
        raise FileError(f"{str(path)!r} is not a path") from None


def read_bounded(path: Path, most: int, *, follow: bool = True) -> bytes:
    """The bytes of a regular file.

    Args:
        path: The file.
        most: More bytes than this are refused, whatever the file claims to have.
        follow: Whether the last part of the path may be a link.

    Raises:
        FileError: It cannot be read, or is no regular file.
        LimitError: It is too large.
    """
    with _as_file_error(path):
        if not follow and path.is_symlink():
            raise FileError(f"{path} is a link", hint="links are not followed here")
        flags = _OPEN if follow else _OPEN | getattr(os, "O_NOFOLLOW", 0)
        number = os.open(path, flags)
        try:
            _check(path, os.fstat(number), most)
        except BaseException:
            os.close(number)
            raise
        with os.fdopen(number, "rb") as file:
            return _read(file, most, str(path))


def _check(path: Path, status: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise FileError(f"{path} is a directory", hint="give a file")
    if not stat.S_ISREG(status.st_mode):
        hint = "pipe it in, with - in place of the path"
        raise FileError(f"{path} is not a regular file", hint=hint)
    if status.st_size > most:
        raise _too_large(str(path), most)


def _too_large(where: str, most: int) -> LimitError:
    return LimitError(f"{where} has more than {most:,} bytes")


def read_stdin(most: int) -> bytes:
    """All of standard input, up to a bound.

    Raises:
        LimitError: There is more.
    """
    return _read(sys.stdin.buffer, most, "standard input")


def _read(file: BinaryIO, most: int, where: str) -> bytes:
    # Whatever size it claims: a file may grow, and a pipe claims none.
    chunks, left = [], most + 1
    while left and (chunk := file.read(min(left, _CHUNK))):
        chunks.append(chunk)
        left -= len(chunk)
    if not left:
        raise _too_large(where, most)
    return b"".join(chunks)


def write_all(contents: Mapping[Path, bytes], *, overwrite: bool) -> None:
    """Write several files, all of them complete before the first one appears.

    Args:
        contents: What each path gets; they appear in this order.
        overwrite: Whether files that exist may be replaced.

    Raises:
        FileError: A file exists, or cannot be written; old files are untouched.
    """
    for path in contents:
        if not overwrite and os.path.lexists(path):
            raise FileError(f"{path} exists", hint="overwrite=True replaces it")
        if path.is_dir():
            raise FileError(f"{path} is a directory", hint="give a file")
    written: dict[Path, Path] = {}
    try:
        for path, raw in contents.items():
            with _as_file_error(path):
                _write_beside(path, raw, written)
        for path, temporary in written.items():
            with _as_file_error(path):
                temporary.replace(path)
    finally:
        for temporary in written.values():
            with suppress(FileNotFoundError):
                temporary.unlink()


def _write_beside(path: Path, raw: bytes, written: dict[Path, Path]) -> None:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    with temporary.open("xb") as file:
        written[path] = temporary
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        shutil.copymode(path, temporary)
