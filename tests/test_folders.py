import os
import socket
from pathlib import Path

import pytest

from analysis.articles import load_articles
from analysis.errors import InputError
from analysis.readers.folders import find_files


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "خبر"
    folder.mkdir()
    return folder


def found(folder):
    return [(str(file.name), file.status, file.reason) for file in find_files([folder])]


def test_files_are_found_to_the_bottom_in_sorted_order(folder):
    for name in ["ب.txt", "أ/ج/د.txt", "أ/a.txt"]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("نص", "utf-8")
    assert found(folder) == [("أ/a.txt", "", ""), ("أ/ج/د.txt", "", ""), ("ب.txt", "", "")]


def test_hidden_files_and_folders_are_skipped_in_one_line_each(folder):
    (folder / ".git" / "b").mkdir(parents=True)
    (folder / ".git" / "b" / "c.txt").write_text("نص", "utf-8")
    (folder / ".a.txt").write_text("نص", "utf-8")
    reason = "hidden: its name begins with a dot."
    assert found(folder) == [(".a.txt", "skipped", reason), (".git", "skipped", reason)]


def test_links_to_files_are_read_and_others_are_told(folder):
    (folder / "a.txt").write_text("نص", "utf-8")
    (folder / "b.txt").symlink_to(folder.parent / "away.txt")
    (folder / "c").symlink_to(folder.parent, target_is_directory=True)
    (folder.parent / "d.txt").write_text("نص آخر", "utf-8")
    (folder / "d.txt").symlink_to(folder.parent / "d.txt")
    assert found(folder) == [
        ("a.txt", "", ""),
        ("b.txt", "failed", "a link that leads nowhere; remove it."),
        ("c", "skipped", "a link to a folder; not followed."),
        ("d.txt", "", ""),
    ]


def test_a_link_that_leads_to_itself_is_told(folder):
    (folder / "a.txt").symlink_to(folder / "a.txt")
    assert found(folder) == [("a.txt", "failed", "a link that leads nowhere; remove it.")]


def test_what_is_no_file_is_never_opened(folder):
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "s.txt"))
        reason = "no ordinary file; not opened."
        assert found(folder) == [("pipe.txt", "skipped", reason), ("s.txt", "skipped", reason)]


def test_a_folder_that_cannot_be_listed_is_told(folder, monkeypatch):
    (folder / "a").mkdir()
    (folder / "b.txt").write_text("نص", "utf-8")
    scan = os.scandir

    def refuse(path):
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert found(folder) == [
        ("a", "failed", "cannot be listed: Permission denied; change its permissions."),
        ("b.txt", "", ""),
    ]


def test_names_that_hide_something_are_written_out(folder):
    name = "خبر\u202etxt\n.txt"
    (folder / name).write_text("وصل الوفد", "utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_text("غادر الوفد", "utf-8")
    articles, manifest = load_articles(folder)
    shown = [f"{folder.as_posix()}/خبر\\u202etxt\\n.txt", f"{folder.as_posix()}/\\udcff.txt"]
    assert sorted(manifest["source_file"]) == sorted(shown)
    assert sorted(articles["article_id"]) == ["\\udcff", "خبر\\u202etxt\\n"]


def test_a_path_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(InputError) as error:
        find_files([tmp_path / "لا"])
    assert str(error.value) == (
        f"there is no file or folder {str(tmp_path / 'لا')!r}; check the path."
    )


def test_what_word_and_browsers_leave_behind_is_skipped(folder):
    (folder / "صفحة_files").mkdir()
    (folder / "صفحة_files" / "frame.html").write_text("<p>إعلان", "utf-8")
    (folder / "صفحة.html").write_text("<p>نص", "utf-8")
    (folder / "my_files").mkdir()
    (folder / "my_files" / "a.txt").write_text("نص", "utf-8")
    (folder / "~$a.docx").write_bytes(b"x")
    assert found(folder) == [
        ("my_files/a.txt", "", ""),
        ("~$a.docx", "skipped", "left by Word while a document was open."),
        ("صفحة.html", "", ""),
        (
            "صفحة_files",
            "skipped",
            "what a browser saved beside a page: its pictures and scripts.",
        ),
    ]


def test_folders_of_days_are_no_outlets(folder):
    path = folder / "صدى الساحل" / "2031" / "يوليو" / "10" / "a.txt"
    path.parent.mkdir(parents=True)
    path.write_text("وصل الوفد", "utf-8")
    assert load_articles(folder)[0]["outlet"].tolist() == ["صدى الساحل"]
