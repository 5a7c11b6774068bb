"""The same input gives the same bytes; a manifest says what was made and what differs."""

import copy
import hashlib
import math
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis import reproduction
from analysis.data_files import data_path
from analysis.datasets import sample_corpus
from analysis.errors import InputError
from analysis.lexicon import load_lexicons
from analysis.reproduction import (
    PUBLISHED,
    compare_figures,
    describe_figures,
    explain_incomparable,
    find_differences,
    hash_corpus,
    hash_values,
    main,
    read_manifest,
    report_reproduction,
    write_manifest,
)

ROOT = Path(__file__).parent.parent


def hash_of(tmp_path, *rows):
    path = tmp_path / "values.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return hash_values(path)


def test_a_table_is_hashed_by_nine_digits_of_its_numbers(tmp_path):
    written = 'outlet,share,mentions\n"المرصد, صدى",0.30000000000000004,3\nصدى,1e-17,1234567891\n'
    (tmp_path / "written.csv").write_text(written, "utf-8")
    counted = '["outlet", "share", "mentions"]\n["المرصد, صدى", "0.3", "3"]\n'
    counted += '["صدى", "0", "1234567891"]\n'
    expected = hashlib.sha256(counted.encode()).hexdigest()
    assert hash_values(tmp_path / "written.csv") == expected


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("0.1234567891", "0.1234567894", True),
        ("0.123456789", "0.123456788", False),
        ("1234567890.5", "1234567891.5", True),
        ("1234567890", "1234567891", False),  # whole numbers are exact
        ("-0.0", "0.0", True),
        ("1e-13", "0.0", True),
        ("1e-11", "0.0", False),
        ("2e5", "200000.0", True),
        ("1.10", "1.1", True),
        ("1.10 ", "1.1", False),  # words
        ("", "0.0", False),
        ("nan", "", False),
        ("True", "False", False),
        ("2031-01-01", "2031-01-02", False),
    ],
)
def test_which_cells_count_as_the_same(tmp_path, first, second, same):
    assert (hash_of(tmp_path, "x", first) == hash_of(tmp_path, "x", second)) is same


def test_rows_and_columns_are_told_apart(tmp_path):
    tables = [("a,b", "1,2"), ("a", "b", "1", "2"), ("b,a", "2,1"), ("a,b,1,2",)]
    assert len({hash_of(tmp_path, *rows) for rows in tables}) == len(tables)


@given(st.floats(-1e12, 1e12), st.integers(-3, 3))
def test_the_last_digits_of_a_number_do_not_count(tmp_path_factory, number, steps):
    """A number of six digits and its neighbours are written differently and hashed alike."""
    number = float(f"{number:.6g}")
    assume(abs(number) != 1e-12)  # the border to what counts as 0
    neighbour = number
    for _ in range(abs(steps)):
        neighbour = math.nextafter(neighbour, math.copysign(math.inf, steps))
    folder = tmp_path_factory.getbasetemp()
    assert hash_of(folder, "x", repr(number)) == hash_of(folder, "x", repr(neighbour))


def make_corpus(folder, texts):
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_a_corpus_is_hashed_by_paths_and_bytes(tmp_path):
    texts = {"صدى/one.txt": "الحدود هادئة.", "two.txt": "نعم."}
    first = hash_corpus(make_corpus(tmp_path / "first", texts))
    elsewhere = tmp_path / "elsewhere"
    assert hash_corpus(make_corpus(elsewhere, dict(reversed(texts.items())))) == first
    make_corpus(elsewhere, {".hidden/three.txt": "لا يقرأ."})
    assert hash_corpus(elsewhere) == first
    others = [
        {"صدى/one.txt": "الحدود هادئة!", "two.txt": "نعم."},
        {"one.txt": "الحدود هادئة.", "two.txt": "نعم."},
        {"صدى/one.txt": "الحدود هادئة.", "two.txt": "نعم.", "three.txt": ""},
        {"صدى/one.txt": "الحدود هادئة.نعم.", "two.txt": ""},
    ]
    hashes = {
        hash_corpus(make_corpus(tmp_path / str(number), texts))
        for number, texts in enumerate(others)
    }
    assert len(hashes | {first}) == 5


def test_a_corpus_in_one_file_is_hashed_by_its_bytes(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_bytes(b"{}" * 1_000_000)
    assert hash_corpus(path) == hashlib.sha256(b"{}" * 1_000_000).hexdigest()


@pytest.fixture
def figures(tmp_path):
    """A folder with two figures, one without a drawing."""
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "01_articles.csv").write_text('outlet,articles\n"المر\nصد",3\nصدى,4\n', "utf-8")
    (folder / "01_articles.svg").write_text("<svg/>", "utf-8")
    (folder / "02_themes.csv").write_text("category,share\n", "utf-8")
    return folder


@pytest.fixture
def made(figures, tmp_path):
    corpus = make_corpus(tmp_path / "corpus", {"one.txt": "الحدود هادئة."})
    return describe_figures(figures.glob("*.csv"), corpus=corpus, language="ar")


def test_a_manifest_says_what_the_figures_depend_on(made, figures, tmp_path):
    assert made["language"] == "ar"
    assert made["khitab"] == version("khitab")
    assert made["python"] == platform.python_version()
    assert made["packages"]["numpy"] == version("numpy")
    assert list(made["packages"]) == sorted(made["packages"])
    assert made["corpus"] == {"name": "corpus", "sha256": hash_corpus(tmp_path / "corpus")}
    assert made["figures"] == {
        "01_articles": {
            "data": "01_articles.csv",
            "rows": 2,
            "data_sha256": hash_values(figures / "01_articles.csv"),
            "svg_sha256": hashlib.sha256(b"<svg/>").hexdigest(),
        },
        "02_themes": {
            "data": "02_themes.csv",
            "rows": 0,
            "data_sha256": hash_values(figures / "02_themes.csv"),
            "svg_sha256": None,
        },
    }


def test_a_manifest_names_every_file_of_language_data(made):
    files = {path.stem: path for path in data_path("lexicons").glob("*.yml")}
    assert made["lexicons"].keys() == files.keys()
    for name, path in files.items():
        assert made["lexicons"][name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    for lexicon in load_lexicons():
        assert made["lexicons"][lexicon.name]["version"] == lexicon.version
    assert "version" not in made["lexicons"]["names"]


def test_packages_that_are_not_installed_are_left_out(monkeypatch, tmp_path):
    monkeypatch.setattr(reproduction, "PACKAGES", ("numpy", "no-such-package"))
    corpus = make_corpus(tmp_path, {"one.txt": ""})
    manifest = describe_figures([], corpus=corpus, language="en")
    assert manifest["packages"] == {"numpy": version("numpy")}


def test_a_manifest_is_read_as_it_was_written(made, tmp_path):
    path = write_manifest(made, tmp_path / "MANIFEST.json")
    assert read_manifest(path) == made
    first = path.read_bytes()
    write_manifest(dict(reversed(made.items())), path)
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no PATH; run `make figures` first."),
        ("{", "PATH cannot be read (Expecting property name enclosed in double quotes: line 1 "
         "column 2 (char 1)); make it anew."),
        ("[]", "PATH has no `khitab`; make it anew."),
        ('{"khitab": "1", "python": "3"}', "PATH has no `packages`; make it anew."),
    ],
)  # fmt: skip
def test_a_manifest_that_cannot_be_used_is_named(tmp_path, content, message):
    path = tmp_path / "MANIFEST.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError) as error:
        read_manifest(path)
    assert str(error.value) == message.replace("PATH", repr(str(path)))


def outcomes(made, published):
    return dict(compare_figures(made, published))


def test_figures_made_again_are_reproduced(made):
    assert outcomes(made, copy.deepcopy(made)) == {
        "01_articles": "reproduced",
        "02_themes": "reproduced",
    }
    assert find_differences(made, copy.deepcopy(made)) == []


def test_every_way_to_differ_has_its_word(made):
    published = copy.deepcopy(made)
    published["figures"]["01_articles"]["svg_sha256"] = "0"
    published["figures"]["02_themes"]["data_sha256"] = "0"
    published["figures"]["03_voices"] = published["figures"]["01_articles"]
    made["figures"]["04_balance"] = made["figures"]["01_articles"]
    assert outcomes(made, published) == {
        "01_articles": "drawing differs",
        "02_themes": "data differ",
        "03_voices": "published, not made",
        "04_balance": "not published",
    }


@pytest.mark.parametrize(
    "change", [{"python": "3.99"}, {"khitab": "9"}, {"packages": {"numpy": "9"}}]
)
def test_other_versions_may_draw_the_same_data_otherwise(made, change):
    published = copy.deepcopy(made) | change
    published["figures"]["01_articles"]["svg_sha256"] = "0"
    assert outcomes(made, published)["01_articles"] == "reproduced"


def test_differences_are_told_in_words(made):
    published = copy.deepcopy(made) | {"khitab": "0.0.1", "python": "3.10.0"}
    made["packages"] = {"numpy": "2.4", "pandas": "3.1", "scipy": "1.17"}
    published["packages"] = {"numpy": "2.3", "pandas": "3.1", "ruptures": "1.1"}
    made["lexicons"] = {
        "cues": {"sha256": "1"},
        "events": {"sha256": "1"},
        "frames": {"sha256": "1", "version": 3},
        "names": {"sha256": "1"},
        "themes": {"sha256": "1", "version": 2},
    }
    published["lexicons"] = {
        "cues": {"sha256": "2"},
        "frames": {"sha256": "2", "version": 2},
        "names": {"sha256": "1"},
        "roles": {"sha256": "1"},
        "themes": {"sha256": "2", "version": 2},
    }
    assert find_differences(made, published) == [
        f"khitab {version('khitab')} (published with 0.0.1)",
        f"Python {platform.python_version()} (published with 3.10.0)",
        "numpy 2.4 (published with 2.3)",
        "scipy 1.17 (published with none)",
        "ruptures is missing (published with 1.1)",
        "lexicon cues was edited",
        "lexicon events is new",
        "lexicon frames has version 3 (published with 2)",
        "lexicon themes was edited",
        "lexicon roles is missing",
    ]


def test_the_report_counts_and_names_what_was_reproduced(made):
    assert report_reproduction(made, copy.deepcopy(made)) == (
        [
            "2 of 2 published figures were reproduced:",
            "  01_articles                  reproduced",
            "  02_themes                    reproduced",
        ],
        True,
    )
    published = copy.deepcopy(made)
    published["figures"]["02_themes"]["data_sha256"] = "0"
    lines, complete = report_reproduction(made, published)
    assert lines == [
        "1 of 2 published figures were reproduced:",
        "  01_articles                  reproduced",
        "  02_themes                    data differ",
        "What else differs: no version, no lexicon.",
    ]
    assert not complete
    published["python"] = "3.10.0"
    lines, _ = report_reproduction(made, published)
    assert lines[-1] == (
        f"What else differs: Python {platform.python_version()} (published with 3.10.0)."
    )


def test_a_figure_that_is_not_published_is_not_reproduced(made):
    published = copy.deepcopy(made)
    del published["figures"]["02_themes"]
    lines, complete = report_reproduction(made, published)
    assert lines[:3] == [
        "1 of 1 published figures were reproduced:",
        "  01_articles                  reproduced",
        "  02_themes                    not published",
    ]
    assert not complete


def test_figures_of_another_corpus_or_language_are_not_compared(made):
    published = copy.deepcopy(made) | {"corpus": {"name": "corpus", "sha256": "0"}}
    line = "Another corpus was read (corpus) than the published figures show; nothing is compared."
    assert report_reproduction(made, published) == ([line], False)
    published = copy.deepcopy(made) | {"language": "en"}
    line = "The published figures are in another language (en, not ar); nothing is compared."
    assert report_reproduction(made, published) == ([line], False)
    assert explain_incomparable(made, made) is None


@pytest.fixture
def command(made, figures, tmp_path, monkeypatch):
    """The command on these figures; the published ones are in a folder of the test's own."""
    write_manifest(made, figures / "MANIFEST.json")
    published = tmp_path / "published.json"

    def run(*arguments):
        line = ["reproduction", "--figures", str(figures), "--published", str(published)]
        monkeypatch.setattr(sys, "argv", [*line, *arguments])
        return main()

    return run


def test_without_published_figures_one_line_says_so(command, capsys):
    assert command() == 0
    assert capsys.readouterr().out == (
        "There are no published figures to compare with; "
        "`make publish` writes data/published_figures.json.\n"
    )
    assert command("--strict") == 1


def test_figures_are_published_and_compared(command, made, figures, tmp_path, capsys):
    assert command("--publish") == 0
    assert capsys.readouterr().out == f"{tmp_path / 'published.json'}: 2 figures\n"
    assert command("--strict") == 0
    assert capsys.readouterr().out.startswith("2 of 2 published figures were reproduced:\n")
    made["figures"]["01_articles"]["data_sha256"] = "0"
    write_manifest(made, figures / "MANIFEST.json")
    assert command() == 0
    assert "  01_articles                  data differ\n" in capsys.readouterr().out
    assert command("--strict") == 1


def test_a_folder_without_figures_is_bad_usage(command, figures, capsys):
    (figures / "MANIFEST.json").unlink()
    with pytest.raises(SystemExit) as stop:
        command()
    assert stop.value.code == 2
    path = figures / "MANIFEST.json"
    assert capsys.readouterr().err == f"there is no {str(path)!r}; run `make figures` first.\n"


def test_what_is_published_is_of_the_sample_and_the_language_data_as_they_are():
    """After a change of either, `make publish` writes it anew."""
    published = read_manifest(ROOT / PUBLISHED)
    now = describe_figures([], corpus=sample_corpus(), language="en")
    for field in ("corpus", "language", "lexicons", "khitab"):
        assert published[field] == now[field]


# What stands in the notebooks, on a part of the sample in a shuffled order.
MAKE = """
import sys
from pathlib import Path

import analysis
from analysis import figures
from analysis.breaks import find_breaks
from analysis.cooccurrence import balance_by_voice, count_carried_themes
from analysis.copies import find_copies, mark_copies
from analysis.decomposition import decompose_change
from analysis.dispersion import measure_dispersion
from analysis.events import compare_around_events, load_events
from analysis.keyness import compare_wording
from analysis.leads import correlate_at_lags
from analysis.robustness import check_robustness
from analysis.storage import save_table
from analysis.term_shifts import compare_terms
from analysis.trends import describe_series, smooth_series
from analysis.voices import compare_voices, count_voices

folder, seed = Path(sys.argv[1]), int(sys.argv[2])


def shuffled(table):
    return table.sample(frac=1, random_state=seed)


few = {"replicates": 100}
articles = shuffled(analysis.load_sample().iloc[::2])
quotes = shuffled(analysis.find_quotes(articles))
mentions = shuffled(analysis.find_themes(articles, quotes=quotes))
counts = mark_copies(shuffled(analysis.count_themes(articles, mentions)), find_copies(articles))
framing = analysis.framing_by_period(counts, freq="QS", copies="weight", **few)
outlets = analysis.count_by_period(counts, freq="YS", by="outlet")
frames = framing[framing["category"].isin(["security", "diplomacy"])]
halves = {"before": ("2014-01-01", "2018-12-31"), "after": ("2019-01-01", "2024-12-31")}
late = articles["published"] >= "2019"
slices = {"first": articles.loc[~late, "article_id"], "second": articles.loc[late, "article_id"]}
compared = compare_voices(mentions, quotes, articles, **few)
voices = count_voices(quotes)
lags = correlate_at_lags(framing, **few)
around = compare_around_events(
    counts, load_events(), categories=["security"], days=180, fewest_articles=2, **few
)
parts = decompose_change(counts, category="security", **halves, **few)
shift = compare_terms(mentions, counts, categories=["security"], **slices, **few)
grid = check_robustness(counts, mentions, category="security", **halves, **few)
spread = measure_dispersion(mentions, counts, of="term")
wording = compare_wording(articles, least_articles=12, **slices, **few)
carried = count_carried_themes(articles, mentions, freq="YS")
by_voice = balance_by_voice(mentions, quotes, articles, **few)
drawn = {
    "framing": (analysis.plot_framing(frames, y="per_1000", smooth=smooth_series(frames)), frames),
    "balance": (figures.plot_balance(framing), framing),
    "themes": (figures.plot_themes(framing, language="ar"), framing),
    "heat_map": (figures.plot_heat_map(framing), framing),
    "articles": (figures.plot_articles(outlets), outlets),
    "voices": (figures.plot_voices(voices), voices),
    "compared": (figures.plot_compared_voices(compared), compared),
    "lags": (figures.plot_lags(lags), lags),
    "events": (figures.plot_events(around), around),
    "parts": (figures.plot_decomposition(parts), parts),
    "shift": (figures.plot_shift(shift, language="ar"), shift),
    "grid": (figures.plot_robustness(grid), grid),
    "spread": (figures.plot_dispersion(spread[spread["category"] == "security"]), spread),
    "wording": (figures.plot_keyness(wording, q_below=2), wording),
    "carried": (figures.plot_carried_themes(carried), carried),
    "by_voice": (figures.plot_balance_by_voice(by_voice), by_voice),
}
for name, (axes, table) in drawn.items():
    analysis.save_figure(axes, folder / name, table)
tables = {
    "breaks": find_breaks(frames, noise="independent", **few),
    "series": describe_series(frames, **few),
    "speakers": analysis.count_speakers(quotes, articles=articles, mentions=mentions),
}
for name, table in tables.items():
    save_table(table, folder / f"{name}.csv")
"""


def make_in_a_process_of_its_own(folder, seed):
    folder.mkdir()
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-c", MAKE, folder, str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_two_processes_make_the_same_bytes_whatever_the_order_of_rows(tmp_path):
    first, second = (make_in_a_process_of_its_own(tmp_path / str(seed), seed) for seed in (1, 2))
    assert len(first) == 16 * 3 + 3
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
