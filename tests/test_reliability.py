"""What happens to damaged and hostile files is what docs/reliability.md says."""

import re

import pytest
from conftest import ROOT
from damage import cases, outcome

TABLE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
CASES = {name: (suffix, make) for name, suffix, make in cases()}


def documented(name):
    (row,) = re.findall(rf"^\| {re.escape(name)} \| ([^|]+) \|", TABLE, re.MULTILINE)
    return row


def test_enough_is_tried_and_each_case_is_documented_once():
    assert len(CASES) >= 150
    for name in CASES:
        assert documented(name)


@pytest.mark.parametrize("name", CASES)
def test_damage(name, tmp_path):
    suffix, make = CASES[name]
    assert outcome(make(), suffix, tmp_path)[0] == documented(name)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests/cases/found").iterdir()), ids=lambda p: p.name
)
def test_what_fuzzing_found_stays_mended(path, tmp_path):
    counts, reasons = outcome(path.read_bytes(), path.name.partition(".")[2], tmp_path)
    assert counts
    assert "read" in counts or reasons
