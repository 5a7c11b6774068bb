"""Language data is checked on load, and the message says where."""

import re

import pytest

from analysis.data_files import data_path, load_yaml
from analysis.errors import DataFileError


def message(tmp_path, text, read=load_yaml):
    path = tmp_path / "data.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DataFileError) as error:
        read(path)
    return str(error.value).removeprefix(f"{path}:")


def test_a_duplicate_key_names_its_line(tmp_path):
    found = message(tmp_path, "قال: 1\nأكد: 2\nقال: 3\n")
    assert found == "3: the key `قال` stands twice; remove one."


def test_a_syntax_mistake_names_its_line(tmp_path):
    found = message(tmp_path, "terms:\n  - [a, b\n")
    assert re.fullmatch(r"3: not valid YAML: .+\.", found)


def test_an_empty_file(tmp_path):
    assert message(tmp_path, "") == "1: the file is empty; see the README beside it."


def test_another_encoding(tmp_path):
    found = message(tmp_path, "كلمة".encode("cp1256"))
    assert found == "1: not UTF-8 text (byte 0); save the file as UTF-8."


def test_a_missing_file(tmp_path):
    with pytest.raises(DataFileError) as error:
        load_yaml(tmp_path / "none.yml")
    assert str(error.value) == f"{tmp_path / 'none.yml'}:1: there is no such file; check the path."


def check(path):
    source = load_yaml(path)
    for number, value in enumerate(source.content["terms"]):
        source.check_fields(("terms", number), value, required=["term"], optional=["note"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "terms:\n  - term: أمن\n    pos: noun\n",
            "3: unknown field `pos`; choose from: term, note.",
        ),
        ("terms:\n  - note: لا\n", "2: the field `term` is missing; add it."),
        ("terms:\n\n  - أمن\n", "3: expected fields, found 'أمن'."),
    ],
)
def test_fields_are_checked_where_they_stand(tmp_path, text, expected):
    assert message(tmp_path, text, check) == expected


def test_every_shipped_file_is_valid_yaml():
    paths = sorted(data_path().rglob("*.yml"))
    assert len(paths) >= 8
    for path in paths:
        assert load_yaml(path).content, path
