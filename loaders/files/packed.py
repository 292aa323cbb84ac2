"""The files behind a path: a folder's, a zip's, or one that may be packed by itself."""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from tastegraph.errors import InputError
from tastegraph.loaders.files.limits import is_bomb

MOST_FILES = 10_000
MOST_BYTES = 20 * 2**30
"""What a zip may hold, unpacked."""

# What reading packed files raises where they are damaged; a zip's entries may be of any kind.
_DAMAGE = (
    *(OSError, EOFError, RuntimeError, UnicodeDecodeError),
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
)

# Folders in folders that are looked into.
_DEPTH = 4

PACKED = (".gz", ".zst")


@dataclass(frozen=True)
class PackedFile:
    """One file: its ``name`` in the folder or zip without what it is packed by, and its bytes."""

    name: str
    source: str
    _open: Callable[[], IO[bytes]]

    @property
    def suffix(self) -> str:
        """The end of its name, in small letters."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Its name without folders and end."""
        return PurePosixPath(self.name).stem

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes; InputError where they can't be read or unpacked."""
        try:
            with self._open() as file:
                yield file
        except _DAMAGE as error:
            raise InputError(
                f"{self.source} can't be read ({error}): fetch it again, or unpack it first"
            ) from error

    def read(self) -> bytes:
        """All of its bytes; InputError as ``open``."""
        with self.open() as file:
            return file.read()

    def head(self, size: int = 65_536) -> bytes:
        """Its first bytes; InputError as ``open``."""
        with self.open() as file:
            return file.read(size)


class _Unpacked(io.RawIOBase):
    """The bytes that ``file`` unpacks to; OSError where they are more than listens pack to."""

    def __init__(self, file: IO[bytes], packed: int) -> None:
        self._file = file
        self._packed, self._read = packed, 0

    def readable(self) -> bool:
        """It can be read, as ``io.BufferedReader`` asks."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Read some bytes into ``buffer``."""
        found = self._file.read(len(buffer))
        self._read += len(found)
        if is_bomb(self._packed, self._read):
            raise OSError(f"its {self._packed:,} bytes unpack to more than {self._read:,}")
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        """Close the file behind it."""
        self._file.close()
        super().close()


def packed_files(path: Path) -> list[PackedFile]:
    """The files behind ``path``, by name; those that begin with a dot are left out.

    InputError for a zip that is none, holds paths that leave it, or unpacks to too much.
    """
    if path.is_dir():
        return [
            _single(file, str(file.relative_to(path)))
            for file in sorted(path.rglob("*"))
            if file.is_file() and len(file.relative_to(path).parts) <= _DEPTH and _shown(file)
        ][:MOST_FILES]
    if path.suffix.lower() == ".zip" or _starts(path, b"PK\x03\x04"):
        return _zipped(path)
    return [_single(path, path.name)]


def _single(path: Path, name: str) -> PackedFile:
    suffix = path.suffix.lower()
    bare = name[: -len(suffix)] if suffix in PACKED else name
    if suffix == ".gz":
        return PackedFile(bare, path.name, lambda: _unpacking(path, gzip.open(path)))
    if suffix == ".zst":
        return PackedFile(bare, path.name, lambda: _unpacking(path, _zstandard(path)))
    return PackedFile(bare, path.name, lambda: path.open("rb"))


def _unpacking(path: Path, file: Any) -> IO[bytes]:
    return io.BufferedReader(_Unpacked(file, path.stat().st_size), 2**20)


def _zstandard(path: Path) -> IO[bytes]:
    import pyarrow as pa

    stream: IO[bytes] = pa.input_stream(str(path), compression="zstd")
    return stream


def _zipped(path: Path) -> list[PackedFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = [info for info in archive.infolist() if not info.is_dir()]
    # IndexError: a file without a name.
    except (OSError, zipfile.BadZipFile, ValueError, IndexError, NotImplementedError) as error:
        raise InputError(
            f"{path} can't be read as a zip ({error}): fetch it again, or unpack it first"
        ) from error
    total, packed = sum(info.file_size for info in found), sum(info.compress_size for info in found)
    if len(found) > MOST_FILES or total > MOST_BYTES or is_bomb(packed, total):
        raise InputError(
            f"{path} would unpack to {len(found):,} files of {total / 2**30:,.1f} GB, which no "
            "history has: unpack by hand what is needed of it"
        )
    if outside := [info.filename for info in found if _leaves(info.filename)]:
        raise InputError(
            f"{path} holds the path {outside[0]!r}, which leads out of it: it was not read. "
            "Fetch it again from where it is made"
        )
    return [
        PackedFile(info.filename, f"{info.filename} in {path.name}", _opener(path, info.filename))
        for info in sorted(found, key=lambda info: info.filename)
        if _shown(PurePosixPath(info.filename))
    ]


def _opener(path: Path, name: str) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        archive = zipfile.ZipFile(path)
        file = archive.open(name)
        # The archive closes itself with its last open file.
        archive.close()
        return file

    return opened


def _leaves(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]


def _shown(path: Path | PurePosixPath) -> bool:
    return not path.name.startswith((".", "__")) and "__MACOSX" not in path.parts


def _starts(path: Path, magic: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(magic)) == magic
    except OSError:
        return False
