"""Hand-made tables for the tests of captions, with the columns the analyses declare."""

import pandas as pd

ARABIC = {
    "security": "الأمن",
    "diplomacy": "الدبلوماسية",
    "migration": "الهجرة",
    "terrorism": "الإرهاب",
    "official": "مسؤول رسمي",
    "expert": "خبير",
    "media": "وسيلة إعلام",
}


def make_rows(columns, rows, **same):
    """Build a table; a column that the analysis does not declare is an error."""
    table = pd.DataFrame(rows).assign(**same)
    assert {*table} <= {*columns}, {*table} - {*columns}
    kinds = {name: kind for name, kind in columns.items() if name in table}
    return table[list(kinds)].astype(kinds)
