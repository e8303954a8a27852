from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from svc.source import Source, Unreadable, from_stdin, load
from svc.specs import find


def refused(result: Source | Unreadable) -> Unreadable:
    assert isinstance(result, Unreadable)
    return result


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("a: ü\r\nb: 1\n".encode())
    assert load(path, name="a.yaml") == Source("a.yaml", "a: ü\r\nb: 1\n")
    assert load(path) == Source(path.as_posix(), "a: ü\r\nb: 1\n")


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert load(path, name="x") == Source("x", "a: 1\n")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_other_encodings_are_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(("\ufeff" if encoding.endswith("be") else "").encode(encoding) + "a: 1\n".encode(encoding))
    assert refused(load(path, name="x")).id == "file-not-utf8"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: 1\nb: \xff\n", "byte 0xff on line 2 is not UTF-8"),
        (b"\xef\xbb\xbfa: \xfc", "byte 0xfc on line 1 is not UTF-8"),
        (b"\xed\xa0\x80", "byte 0xed on line 1 is not UTF-8"),
    ],
)
def test_bytes_that_are_not_utf8_are_shown(data: bytes, message: str) -> None:
    assert refused(from_stdin(io.BytesIO(data))).message == message


def test_the_limit_is_exact() -> None:
    assert from_stdin(io.BytesIO(b"12345"), limit=5) == Source("<stdin>", "12345")
    assert refused(from_stdin(io.BytesIO(b"123456"), limit=5)).id == "file-too-large"


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert refused(load(pipe)).id == "file-not-regular"
    assert refused(load("/dev/zero")).id == "file-not-regular"
    assert refused(load(tmp_path)).id == "file-is-folder"


def test_a_missing_file_is_data(tmp_path: Path) -> None:
    missing = refused(load(tmp_path / "none", name="none"))
    assert (missing.id, missing.diagnostic.place.file) == ("file-missing", "none")
    assert refused(load(tmp_path / "none" / "x\0y", name="none")).id in ("file-missing", "file-unreadable")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert refused(load(loop)).id == "file-unreadable"


def test_lines_are_split_at_yaml_breaks_only() -> None:
    assert Source("x", "a\r\nb\rc\n\u2028d\n").lines == ["a", "b", "c", "\u2028d", ""]


def test_a_spec_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    spec = tmp_path / "shop" / "service.yaml"
    spec.parent.mkdir()
    spec.write_text("apiVersion: svc/v1\nname: shop\n", "utf-8")
    (tmp_path / "key.pem").write_text("secret", "utf-8")
    read = find([spec], (), lambda path: path.name).wanted[0].read
    assert refused(read("../key.pem")).id == "file-outside"
    (spec.parent / "link").symlink_to(tmp_path / "key.pem")
    assert refused(read("link")).id == "file-outside"
