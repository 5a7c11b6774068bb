"""The notebooks run top to bottom on any corpus, ask a question a section, define nothing."""

import json
from pathlib import Path

import nbformat
import pytest

from analysis.errors import InputError
from analysis.notebooks import caption, run_notebooks, settings

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
    (figures / "manifest.json").write_text('{"figures": {"earlier": {}}}')
    made = run_notebooks(FOLDER, figures=figures, corpus=corpus, language="ar")
    assert (figures / "mine.png") not in made
    assert (figures / "mine.png").exists()
    assert not (figures / "earlier.csv").exists()
    stems = {path.stem for path in made}
    assert len(made) == 3 * len(stems)
    assert len(stems) >= 8
    manifest = json.loads((tmp_path / "figures" / "manifest.json").read_text("utf-8"))
    assert manifest["corpus"] == "corpus"
    assert manifest["figures"].keys() == stems
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
