import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from pathlib import PurePosixPath

import pytest
import zstandard

from analysis.readers import containers
from analysis.readers.containers import iter_members, show_name

TEXT = "وصل الوفد إلى الضفة صباح الأحد.".encode()
COMPRESSED = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.compress,
}
BOMB = (
    "more than 200 times larger than its compressed bytes, as no news is; if you trust it, "
    "unpack it first."
)


def make_zip(members, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, **options)
    return packed.getvalue()


def make_tar(members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def members(content, name="news.zip"):
    return [
        (str(member.name), member.file.read() if member.file else (member.status, member.reason))
        for member in iter_members(io.BytesIO(content), PurePosixPath(name))
    ]


def test_a_file_that_is_no_archive_is_itself():
    assert members(TEXT, "a.txt") == [("a.txt", TEXT)]


@pytest.mark.parametrize(("suffix", "compress"), COMPRESSED.items())
def test_a_compressed_file_has_the_name_without_the_suffix(suffix, compress):
    assert members(compress(TEXT), f"a.txt.{suffix}") == [("a.txt", TEXT)]


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_members_stand_below_their_archive(make):
    content = make({"ب/ج.txt": TEXT, "أ.txt": b"x"})
    assert sorted(members(content)) == [("news.zip/أ.txt", b"x"), ("news.zip/ب/ج.txt", TEXT)]


@pytest.mark.parametrize(("suffix", "compress"), COMPRESSED.items())
def test_archives_in_archives(suffix, compress):
    inner = compress(make_tar({"a.txt": TEXT}))
    content = make_zip({f"inner.tar.{suffix}": inner})
    assert members(content) == [("news.zip/inner.tar/a.txt", TEXT)]


def test_archives_in_archives_come_to_an_end():
    content = TEXT
    for _ in range(5):
        content = make_zip({"a.zip": content})
    ((_, (status, reason)),) = members(content)
    assert (status, reason) == (
        "failed",
        "more than 3 archives one inside the other; unpack it.",
    )


@pytest.mark.parametrize("make", [make_zip, make_tar])
@pytest.mark.parametrize("name", ["../a.txt", "/etc/a.txt", "C:\\a.txt", "b/../../a.txt"])
def test_a_path_that_leads_out_is_not_opened(make, name):
    found = members(make({name: TEXT, "good.txt": TEXT}))
    assert ("news.zip/good.txt", TEXT) in found
    (refused,) = [what for where, what in found if where != "news.zip/good.txt"]
    assert refused == ("failed", "its path leads out of the archive; not opened.")


def test_hidden_members_are_skipped():
    found = members(make_zip({"__MACOSX/a.txt": b"x", ".b/c.txt": b"x", "d.txt": TEXT}))
    assert dict(found) == {
        "news.zip/__MACOSX/a.txt": ("skipped", "a hidden file."),
        "news.zip/.b/c.txt": ("skipped", "a hidden file."),
        "news.zip/d.txt": TEXT,
    }


def test_links_and_devices_are_not_followed():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, kind in [("a", tarfile.SYMTYPE), ("b", tarfile.LNKTYPE), ("c", tarfile.FIFOTYPE)]:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    assert [reason for _, (_, reason) in members(packed.getvalue())] == [
        "a link to another file; not followed.",
        "a link to another file; not followed.",
        "no ordinary file; not opened.",
    ]
    link = zipfile.ZipInfo("a")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert members(packed.getvalue()) == [
        ("news.zip/a", ("failed", "a link to another file; not followed."))
    ]


@pytest.mark.parametrize(("suffix", "compress"), COMPRESSED.items())
def test_what_grows_beyond_all_measure_is_not_unpacked(monkeypatch, suffix, compress):
    monkeypatch.setattr(containers, "SMALLEST_BOMB", 1_000_000)
    assert members(compress(bytes(4_000_000)), f"a.txt.{suffix}") == [("a.txt", ("failed", BOMB))]


def test_a_member_beyond_all_measure_leaves_the_others(monkeypatch):
    monkeypatch.setattr(containers, "SMALLEST_BOMB", 1_000_000)
    found = members(make_zip({"bomb.txt": bytes(3_000_000), "good.txt": TEXT}))
    assert found == [("news.zip/bomb.txt", ("failed", BOMB)), ("news.zip/good.txt", TEXT)]


def test_many_small_members_beyond_all_measure_are_stopped(monkeypatch):
    monkeypatch.setattr(containers, "SMALLEST_BOMB", 1_000_000)
    found = members(make_zip({f"{n:02}.txt": bytes(900_000) for n in range(20)}))
    assert found[-1] == ("news.zip", ("failed", f"{BOMB} The rest was not read."))
    assert len(found) < 20


def test_small_archives_in_an_archive_do_not_multiply_without_end(monkeypatch):
    monkeypatch.setattr(containers, "SMALLEST_BOMB", 1_000_000)
    inner = make_zip({f"{n}.txt": bytes(400_000) for n in range(6)})
    found = members(make_zip({f"{n}.zip": inner for n in range(6)}))
    assert sum(len(what) for _, what in found if isinstance(what, bytes)) < 2_000_000
    assert found[-1] == ("news.zip", ("failed", f"{BOMB} The rest was not read."))


def test_members_of_the_folder_itself_are_read():
    for make in (make_zip, make_tar):
        assert members(make({"./a.txt": TEXT, "./ب/c.txt": TEXT})) == [
            ("news.zip/a.txt", TEXT),
            ("news.zip/ب/c.txt", TEXT),
        ]


def test_a_tar_that_is_damaged_in_the_middle_is_told():
    content = bytearray(make_tar(dict.fromkeys(("a.txt", "b.txt", "c.txt"), TEXT)))
    content[1024] ^= 1
    first, told = members(bytes(content))
    assert first == ("news.zip/a.txt", TEXT)
    assert told[1][0] == "failed"
    assert members(make_tar({"a.txt": TEXT}) + make_tar({"b.txt": TEXT}))[-1] == (
        "news.zip",
        (
            "failed",
            "damaged, or several archives one behind the other; unpack it; the rest was not read.",
        ),
    )


@pytest.mark.parametrize(("suffix", "compress"), COMPRESSED.items())
def test_streams_one_after_the_other_are_all_read_or_the_file_fails(suffix, compress):
    both = compress(TEXT) + compress(TEXT)
    assert members(both, f"a.txt.{suffix}") == [("a.txt", TEXT * 2)]
    damaged = bytearray(both)
    damaged[len(both) // 2] ^= 0xFF
    ((_, what),) = members(bytes(damaged), f"a.txt.{suffix}")
    assert what[0] == "failed"


def test_a_member_larger_than_the_limit_fails(monkeypatch):
    monkeypatch.setattr(containers, "LARGEST_MEMBER", 10)
    assert members(make_zip({"a.txt": TEXT})) == [
        ("news.zip/a.txt", ("failed", "larger than 10 bytes; divide it."))
    ]


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr(containers, "MOST_MEMBERS", 2)
    content = dict.fromkeys("abc", TEXT)
    assert members(make_zip(content)) == [("news.zip", ("failed", "more than 2 files; divide it."))]
    assert members(make_tar(content), "n.tar")[-1] == ("n.tar", ("failed", "more than 2 files."))


@pytest.mark.parametrize(("suffix", "compress"), COMPRESSED.items())
@pytest.mark.parametrize("keep", [12, 30, -9])
def test_compressed_bytes_that_break_off_fail(suffix, compress, keep):
    ((name, what),) = members(compress(TEXT * 50)[:keep], f"a.txt.{suffix}")
    assert name == "a.txt"
    assert what[0] == "failed" or what != TEXT * 50


def test_an_archive_that_breaks_off_fails():
    ((_, (status, reason)),) = members(make_zip({"a.txt": TEXT})[:-30])
    assert status == "failed"
    assert reason == (
        "cannot be unpacked (File is not a zip file); get it again, or pack it with another "
        "program."
    )


def test_an_encrypted_member_is_told():
    content = bytearray(make_zip({"a.txt": TEXT}))
    for mark, place in [(b"PK\3\4", 6), (b"PK\1\2", 8)]:
        content[content.index(mark) + place] |= 1
    assert members(bytes(content)) == [
        ("news.zip/a.txt", ("failed", "encrypted; unpack it with its password first."))
    ]


def test_a_member_whose_checksum_is_wrong_fails_alone():
    content = bytearray(make_zip({"a.txt": TEXT, "b.txt": TEXT}))
    place = content.index(b"PK\1\2") + 16
    content[place] ^= 0xFF
    first, second = members(bytes(content))
    assert first[1][0] == "failed"
    assert first[1][1].startswith("cannot be unpacked (Bad CRC-32")
    assert second == ("news.zip/b.txt", TEXT)


def test_names_that_old_programs_wrote_are_read():
    content = make_zip({"0123456789.txt": TEXT}).replace(b"0123456789", "خبر.a12".encode())
    assert members(content) == [("news.zip/خبر.a12.txt", TEXT)]


@pytest.mark.parametrize("encoding", ["cp1256", "cp720"])
def test_names_that_arabic_windows_wrote_are_read(encoding):
    name = "المرصد/خبر عاجل.txt"
    written = name.encode(encoding)
    content = make_zip({"0" * len(written): TEXT}).replace(b"0" * len(written), written)
    assert members(content) == [(f"news.zip/{name}", TEXT)]


def test_names_in_other_letters_stay(monkeypatch):
    content = make_zip({"00000000": TEXT}).replace(b"00000000", "café.txt".encode("cp437"))
    assert members(content) == [("news.zip/café.txt", TEXT)]


def test_names_show_what_would_hide_in_them():
    assert show_name("خبر\u202egpj\n\udcff.txt") == "خبر\\u202egpj\\n\\udcff.txt"
    assert show_name("می\u200cخواهم/خبر.txt") == "می\u200cخواهم/خبر.txt"
