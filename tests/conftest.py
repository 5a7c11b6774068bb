"""What many tests share: the sample corpus, composed articles, and the shared real corpora."""

import os
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from analysis.articles import load_articles
from analysis.datasets import sample_corpus
from analysis.tables import ARTICLES, make_table

ROOT = Path(__file__).parent.parent

# No example fails for being slow: the machine may be busy, and the first one fills caches.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real corpora and hand-made annotations, which cannot be shipped."""
    folder = os.environ.get("KHITAB_SHARED")
    if not folder:
        pytest.skip("needs the folder named by KHITAB_SHARED")
    return Path(folder)


@pytest.fixture
def camel(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CAMeL Tools' morphology database, from the shared folder."""
    monkeypatch.setenv("CAMELTOOLS_DATA", str(shared / "camel_data"))


@pytest.fixture(scope="session")
def sample() -> pd.DataFrame:
    """The articles of the sample corpus."""
    return load_articles(sample_corpus())[0]


@pytest.fixture
def make_articles():
    """A function from texts to an articles table."""

    def make(*texts: str) -> pd.DataFrame:
        rows = [
            {
                "article_id": f"a{number}",
                "outlet": "صدى المشرق",
                "published": pd.Timestamp(2031, 1, 1) + pd.Timedelta(days=31 * number),
                "title": "",
                "text": text,
                "skip": [],
                "source_file": "composed",
            }
            for number, text in enumerate(texts)
        ]
        return make_table(rows, ARTICLES)

    return make
