"""The notebooks run top to bottom on any corpus, ask a question a section, define nothing."""

import json
from pathlib import Path

import nbformat
import pytest

from analysis.errors import InputError
from analysis.notebooks import (
    PRESS_MISSING,
    caption,
    find_press_corpus,
    press_corpus,
    run_notebooks,
    run_press_notebook,
    settings,
)
from analysis.reproduction import hash_corpus, hash_values, read_manifest

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
TEXT = "قال الخبير في شؤون الهجرة سالم الحداد إن الشرطة تراقب الحدود. وبحث السفيران اتفاقا.\n"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_defines_no_function_and_ships_no_output(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert "def " not in cell.source
            assert "lambda" not in cell.source
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_section_opens_with_its_question(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            assert cell.source.splitlines()[0].endswith("?")


def test_the_first_notebook_goes_from_a_folder_to_a_figure_in_five_cells():
    cells = nbformat.read(NOTEBOOKS[0], as_version=4).cells
    assert sum(cell.cell_type == "code" for cell in cells) == 5


def test_all_notebooks_over_a_corpus_of_ones_own(tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    rows = [
        {"id": f"n{month}", "date": f"2031-{month:02}-05", "text": TEXT, "source": "صدى"}
        for month in range(1, 5)
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (corpus / "news.jsonl").write_text("\n".join(lines), "utf-8")
    figures = tmp_path / "figures"
    figures.mkdir()
    for name in ("mine.png", "earlier.csv", "04_balance.csv"):
        (figures / name).write_text("")
    (figures / "MANIFEST.json").write_text('{"figures": {"earlier": {}}}')
    made = run_notebooks(FOLDER, figures=figures, corpus=corpus, language="ar")
    assert (figures / "mine.png") not in made
    assert (figures / "mine.png").exists()
    assert not (figures / "earlier.csv").exists()
    stems = {path.stem for path in made}
    assert len(made) == 3 * len(stems)
    assert len(stems) >= 8
    manifest = read_manifest(figures / "MANIFEST.json")
    assert manifest["corpus"] == {"name": "corpus", "sha256": hash_corpus(corpus)}
    assert manifest["language"] == "ar"
    assert manifest["figures"].keys() == stems
    for name, figure in manifest["figures"].items():
        assert figure["data_sha256"] == hash_values(figures / f"{name}.csv")
        assert figure["svg_sha256"]
    contents = (figures / "contents.txt").read_text("utf-8").splitlines()
    assert contents[0] == f"{len(stems)} figures from corpus, in figures/ (SVG, PNG, CSV):"
    assert {line.split()[0] for line in contents[1:]} == stems
    executed = sorted((tmp_path / "figures" / "notebooks").glob("*.ipynb"))
    assert [path.name for path in executed] == [path.name for path in NOTEBOOKS]
    for path in executed:
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                assert output.get("name") != "stderr", output["text"]


def test_a_caption_is_text():
    assert caption("<b>قال</b>").data == '<p dir="auto">&lt;b&gt;قال&lt;/b&gt;</p>'


def test_a_missing_corpus_is_named(tmp_path):
    with pytest.raises(InputError) as error:
        run_notebooks(FOLDER, figures=tmp_path, corpus=tmp_path / "none")
    assert str(error.value) == (
        f"the corpus {str(tmp_path / 'none')!r} does not exist; check CORPUS=path."
    )


def test_settings_follow_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("KHITAB_CORPUS", str(tmp_path))
    monkeypatch.setenv("KHITAB_LANGUAGE", "ar")
    assert settings().corpus == tmp_path
    assert settings().language == "ar"
    monkeypatch.setenv("KHITAB_CORPUS", "")
    assert settings().corpus.name == "articles"


# A notebook that says which articles of 2018 it was given, in a table that is its figure.
ASK = """
import pandas as pd
from analysis.notebooks import press_corpus, settings

named = pd.DataFrame({"corpus": [str(press_corpus())], "read": [settings().corpus.name]})
named.to_csv(settings().figures / "06_asked.csv", index=False)
"""


@pytest.fixture
def asking(tmp_path, monkeypatch):
    """A folder with one notebook that asks for the articles of 2018, and a file of them."""
    for name in ("KHITAB_REAL", "KHITAB_SHARED"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.chdir(folder)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(ASK)])
    nbformat.write(notebook, folder / "06_press_of_2018.ipynb")
    articles = tmp_path / "ant_2018.jsonl"
    row = {"article_id": "1", "text": TEXT, "published": "2031-01-05"}
    articles.write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    return folder, articles


def read_answer(figures):
    return (figures / "06_asked.csv").read_text("utf-8").splitlines()[1]


def test_what_is_published_does_not_depend_on_the_articles_of_2018(asking, tmp_path, monkeypatch):
    folder, articles = asking
    monkeypatch.setenv("KHITAB_REAL", str(articles))
    run_notebooks(folder, figures=tmp_path / "figures")
    assert read_answer(tmp_path / "figures") == "None,articles"


def test_the_press_of_2018_is_read_when_asked(asking, tmp_path):
    folder, articles = asking
    figures = tmp_path / "figures" / "real"
    made = run_press_notebook(folder, figures=figures, corpus=articles)
    assert made == [figures / "06_asked.csv"]
    assert read_answer(figures) == f"{articles},ant_2018.jsonl"
    assert read_manifest(figures / "MANIFEST.json")["corpus"]["name"] == "ant_2018.jsonl"
    contents = (figures / "contents.txt").read_text("utf-8")
    assert contents.startswith("1 figures from ant_2018.jsonl, in real/ (SVG, PNG, CSV):\n")


def test_where_the_articles_of_2018_are_looked_for(asking, tmp_path, monkeypatch):
    folder, articles = asking
    shared = tmp_path / "shared" / "corpora" / "ant_2018.parquet"
    shared.parent.mkdir(parents=True)
    for place in (shared, folder / "ant_2018.parquet", folder / "ant_2018.jsonl"):
        place.write_text("")
    named = tmp_path / "named.jsonl"
    named.write_text("")
    monkeypatch.setenv("KHITAB_SHARED", str(tmp_path / "shared"))
    monkeypatch.setenv("KHITAB_REAL", str(named))
    for expected in (named, folder / "ant_2018.jsonl", folder / "ant_2018.parquet", articles):
        assert find_press_corpus() == expected
        expected.unlink()
        monkeypatch.delenv("KHITAB_REAL", raising=False)
    assert find_press_corpus() == shared
    monkeypatch.delenv("KHITAB_SHARED")
    assert find_press_corpus() is None


def test_without_the_articles_of_2018_it_is_said_how_to_get_them(asking, tmp_path):
    folder, articles = asking
    articles.unlink()
    assert press_corpus() is None
    with pytest.raises(InputError) as error:
        run_press_notebook(folder, figures=tmp_path / "figures")
    assert str(error.value) == PRESS_MISSING
    assert "khitab fetch ant_2018" in PRESS_MISSING
    assert "make real" in PRESS_MISSING
    with pytest.raises(InputError) as error:
        run_press_notebook(tmp_path, figures=tmp_path / "figures")
    assert str(error.value) == (
        f"there is no {str(tmp_path / '06_press_of_2018.ipynb')!r}; "
        "run this in a checkout of khitab."
    )


def test_articles_of_2018_that_are_named_must_be_there(asking, tmp_path, monkeypatch):
    folder, _ = asking
    message = f"the corpus {str(tmp_path / 'none')!r} does not exist; check REAL=path."
    monkeypatch.setenv("KHITAB_REAL", str(tmp_path / "none"))
    with pytest.raises(InputError) as error:
        press_corpus()
    assert str(error.value) == message
    with pytest.raises(InputError) as error:
        run_press_notebook(folder, figures=tmp_path / "figures", corpus=tmp_path / "none")
    assert str(error.value) == message
