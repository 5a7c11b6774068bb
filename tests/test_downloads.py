"""A download goes on where it stopped, and is taken only with the right checksum."""

import hashlib
import http.server
import re
import socket
import threading
from contextlib import contextmanager
from pathlib import Path

import pooch
import pytest
import requests

from analysis.downloads import (
    choose_cache,
    download,
    download_newest,
    find_recorded,
    lock_folder,
    record_download,
)
from analysis.errors import InputError

CONTENT = bytes(range(256)) * 1200
DIGEST = hashlib.sha256(CONTENT).hexdigest()
CHECKSUM = f"sha256:{DIGEST}"
PART = f"one.bin.{DIGEST[:8]}.part"


class Server(http.server.ThreadingHTTPServer):
    """Files of a folder over HTTP, and what was asked for; it can be told to misbehave."""

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.requests = []
        self.cut_after = None
        self.has_ranges = True
        self.wrong_range = False

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        wanted = self.headers.get("Range")
        server.requests.append((self.path, wanted))
        file = server.folder / self.path.lstrip("/")
        if not file.is_file():
            self.send_error(404)
            return
        content = file.read_bytes()
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if not server.has_ranges:
            wanted, start = None, 0
        if start >= len(content):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if wanted else 200)
        if wanted:
            shown = 0 if server.wrong_range else start
            self.send_header("Content-Range", f"bytes {shown}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start : server.cut_after])
        self.close_connection = True

    def log_message(self, *arguments):
        pass


@contextmanager
def serving(folder):
    """A server of what is put into a new folder."""
    folder.mkdir()
    with Server(folder) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path / "served") as server:
        (server.folder / "one.bin").write_bytes(CONTENT)
        yield server


@pytest.fixture
def path(tmp_path):
    """Where the file belongs, in a cache that is not there yet."""
    return tmp_path / "cache" / "one.bin"


def closed_address():
    """An address where nobody listens."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{place.getsockname()[1]}/"


def names_in(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def keep_part(path, content, name=PART):
    path.parent.mkdir(parents=True)
    (path.parent / name).write_bytes(content)


def ranges(server):
    return [asked for _, asked in server.requests]


def test_a_file_is_downloaded_once(server, path):
    assert download(f"{server.address}one.bin", CHECKSUM, path) == path
    assert path.read_bytes() == CONTENT
    assert names_in(path.parent) == ["one.bin"]
    assert download(f"{server.address}one.bin", CHECKSUM, path) == path
    assert server.requests == [("/one.bin", None)]


def test_a_file_that_is_there_needs_no_connection(path):
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    assert download(closed_address(), CHECKSUM, path) == path
    assert names_in(path.parent) == ["one.bin"]


def test_a_checksum_may_be_of_another_algorithm(server, path):
    checksum = f"sha1:{hashlib.sha1(CONTENT).hexdigest()}"  # noqa: S324
    assert download(f"{server.address}one.bin", checksum, path).read_bytes() == CONTENT


def test_the_system_has_a_place_for_files_where_none_is_named(monkeypatch):
    monkeypatch.setenv("KHITAB_CACHE", "named")
    assert choose_cache(None) == Path("named")
    assert choose_cache("mine") == Path("mine")
    monkeypatch.delenv("KHITAB_CACHE")
    assert choose_cache(None) == pooch.os_cache("khitab")
    assert choose_cache("~/mine").is_absolute()


@pytest.mark.parametrize("has_ranges", [True, False])
def test_a_download_that_was_cut_goes_on(server, path, has_ranges):
    address = f"{server.address}one.bin"
    server.cut_after = 150_000
    with pytest.raises(OSError, match="cannot be downloaded") as error:
        download(address, CHECKSUM, path)
    assert str(error.value) == (
        f"{address} cannot be downloaded: the connection was cut. 131,072 bytes are kept, and the "
        "next call goes on from there. Check the network and fetch again, or put the file there "
        f"yourself, as {path}."
    )
    assert names_in(path.parent) == [PART]
    assert (path.parent / PART).read_bytes() == CONTENT[:131_072]
    server.cut_after, server.has_ranges = None, has_ranges
    download(address, CHECKSUM, path)
    assert ranges(server) == [None, "bytes=131072-"]
    assert path.read_bytes() == CONTENT
    assert names_in(path.parent) == ["one.bin"]


def test_a_range_that_was_not_asked_for_is_not_taken(server, path):
    keep_part(path, CONTENT[:100])
    server.wrong_range = True
    download(f"{server.address}one.bin", CHECKSUM, path)
    assert ranges(server) == ["bytes=100-", None]
    assert path.read_bytes() == CONTENT


def test_a_part_that_is_whole_is_taken(server, path):
    keep_part(path, CONTENT)
    download(f"{server.address}one.bin", CHECKSUM, path)
    assert ranges(server) == [f"bytes={len(CONTENT)}-"]
    assert path.read_bytes() == CONTENT
    assert names_in(path.parent) == ["one.bin"]


def test_a_part_that_is_too_long_is_not_taken(server, path):
    keep_part(path, CONTENT + b"more")
    download(f"{server.address}one.bin", CHECKSUM, path)
    assert ranges(server) == [f"bytes={len(CONTENT) + 4}-", None]
    assert path.read_bytes() == CONTENT
    assert names_in(path.parent) == ["one.bin"]


def test_the_part_of_another_edition_is_removed_and_that_of_another_file_stays(server, path):
    keep_part(path, b"older", "one.bin.01234567.part")
    (path.parent / "two.bin.01234567.part").write_bytes(b"other")
    download(f"{server.address}one.bin", CHECKSUM, path)
    assert ranges(server) == [None]
    assert names_in(path.parent) == ["one.bin", "two.bin.01234567.part"]


def test_a_file_with_a_wrong_checksum_is_refused(server, path):
    with pytest.raises(InputError) as error:
        download(f"{server.address}one.bin", f"sha256:{'0' * 64}", path)
    assert str(error.value) == (
        f"{server.address}one.bin is not the file that was published: its SHA256 is not "
        f"{'0' * 64}. It was removed; fetch again. If that does not help, the publisher has "
        "changed it, or something between alters what is downloaded."
    )
    assert names_in(path.parent) == []


def test_a_damaged_file_is_fetched_again(server, path):
    path.parent.mkdir()
    path.write_bytes(b"damaged")
    download(f"{server.address}one.bin", CHECKSUM, path)
    assert ranges(server) == [None]
    assert path.read_bytes() == CONTENT


def test_a_missing_file_is_named(server, path):
    with pytest.raises(OSError, match="404") as error:
        download(f"{server.address}none.bin", CHECKSUM, path)
    assert str(error.value) == (
        f"{server.address}none.bin cannot be downloaded: the server answered 404 Not Found. "
        f"Check the network and fetch again, or put the file there yourself, as {path}."
    )
    assert names_in(path.parent) == []


def test_without_a_network_it_is_said_where_to_put_the_file(path):
    address = closed_address()
    with pytest.raises(OSError, match="no connection") as error:
        download(f"{address}one.bin", CHECKSUM, path)
    assert str(error.value) == (
        f"{address}one.bin cannot be downloaded: there is no connection to the server. Check the "
        f"network and fetch again, or put the file there yourself, as {path}."
    )
    assert names_in(path.parent) == []


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (requests.exceptions.SSLError(), "the certificate of the server is not accepted"),
        (requests.exceptions.ReadTimeout(), "the server does not answer"),
        (requests.exceptions.InvalidURL("no host"), "the address is no good (no host)"),
    ],
)
def test_what_goes_wrong_with_a_connection_is_said_plainly(path, monkeypatch, error, problem):
    def fail(*arguments, **options):
        raise error

    monkeypatch.setattr(requests, "get", fail)
    with pytest.raises(OSError, match=re.escape(f"one.bin cannot be downloaded: {problem}. ")):
        download("http://sada.example/one.bin", CHECKSUM, path)


def test_a_full_disk_is_named(server, path):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    path.parent.mkdir()
    (path.parent / PART).symlink_to("/dev/full")
    with pytest.raises(OSError, match="full") as error:
        download(f"{server.address}one.bin", CHECKSUM, path)
    assert str(error.value) == (
        f"the disk of {path.parent} is full; make room, or name another folder with --cache or "
        "KHITAB_CACHE."
    )


def test_a_folder_that_cannot_be_written_is_named_and_needs_no_lock(tmp_path):
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "cache"
    with lock_folder(place), pytest.raises(OSError, match="cannot be written") as error:
        download(closed_address(), CHECKSUM, place / "one.bin")
    assert str(error.value) == (
        f"{place} cannot be written; name another folder with --cache or KHITAB_CACHE."
    )


def test_a_file_without_a_checksum_is_fetched_whole_at_every_call(server, path):
    keep_part(path, b"older", "one.bin.part")
    assert download_newest(f"{server.address}one.bin", path).read_bytes() == CONTENT
    (server.folder / "one.bin").write_bytes(b"newer")
    assert download_newest(f"{server.address}one.bin", path).read_bytes() == b"newer"
    assert ranges(server) == [None, None]
    assert names_in(path.parent) == ["one.bin"]


def test_a_file_without_a_checksum_stays_when_a_newer_one_cannot_be_fetched(server, path):
    path.parent.mkdir()
    path.write_bytes(b"older")
    server.cut_after = 150_000
    assert download_newest(f"{server.address}one.bin", path).read_bytes() == b"older"
    assert download_newest(f"{closed_address()}one.bin", path).read_bytes() == b"older"
    assert names_in(path.parent) == ["one.bin"]


def test_no_part_of_a_file_without_a_checksum_is_kept(server, path):
    server.cut_after = 150_000
    with pytest.raises(OSError, match="cannot be downloaded: the connection was cut"):
        download_newest(f"{server.address}one.bin", path)
    assert names_in(path.parent) == []


def test_a_recorded_file_is_found_as_long_as_it_is_the_same(path):
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    assert find_recorded(path.parent) is None
    record_download(path.parent, path, {"address": "http://sada.example/one.bin"})
    assert find_recorded(path.parent) == path
    path.write_bytes(b"damaged")
    assert find_recorded(path.parent) is None
    path.unlink()
    assert find_recorded(path.parent) is None
