"""The command line: every command works, every mistake has its message and exit status."""

import json
import subprocess
import sys

import pandas as pd
import pytest

from analysis.cli import main
from analysis.tables import COUNTS, MENTIONS, QUOTES

TEXT = (
    "قالت الباحثة في شؤون الهجرة منى السالمي إن مراقبة الحدود لا توقف الهجرة السرية. "
    "وأضافت أن السفراء يبحثون اتفاقا جديدا.\n"
)


@pytest.fixture
def corpus(tmp_path):
    """A good file and a bad line between two good ones."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    rows = [
        json.dumps(
            {"id": f"n{number}", "date": f"2031-0{number}-05", "text": TEXT, "source": "صدى"}
        )
        for number in (1, 2, 3)
    ]
    rows.insert(1, '{"id": "n9", "text": ')
    (folder / "news.jsonl").write_text("\n".join(rows), "utf-8")
    (folder / "2031-04-01-one.txt").write_text(TEXT, "utf-8")
    return folder


COMMANDS = {
    "themes": MENTIONS,
    "counts": COUNTS,
    "quotes": QUOTES,
    "label": ["article_id", "terrorism", "migration", "cybercrime", "olympics"],
    "framing": ["period", "category", "articles", "share", "per_1000", "low", "high", "method"],
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_each_command_writes_its_table_and_a_manifest(corpus, tmp_path, command, suffix, capsys):
    out = tmp_path / f"out.{suffix}"
    assert main([command, str(corpus), "--out", str(out)]) == 0
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet}.get(
        suffix, lambda path: pd.read_json(path, lines=True)
    )
    table = read(out)
    assert set(COMMANDS[command]) <= set(table.columns)
    assert len(table) > 0
    manifest = pd.read_csv(tmp_path / "out.manifest.csv")
    assert manifest["status"].value_counts().to_dict() == {"read": 4, "failed": 1}
    told = capsys.readouterr()
    assert told.out == f"{out}: 4 articles\n"
    assert f"khitab: warning: 1 of 5 inputs failed; see {tmp_path / 'out.manifest.csv'}" in told.err


def test_mentions_name_the_quote_they_stand_in(corpus, tmp_path):
    out = tmp_path / "mentions.csv"
    assert main(["themes", str(corpus), "--out", str(out)]) == 0
    assert pd.read_csv(out)["quote_id"].notna().any()


def test_what_was_not_read_is_said(tmp_path, capsys):
    rows = [{"id": str(number), "text": TEXT, "date": "06/07/2031"} for number in range(3)]
    table = tmp_path / "news.csv"
    pd.DataFrame([*rows, rows[0]]).to_csv(table, index=False)
    out = tmp_path / "counts.csv"
    assert main(["counts", str(table), "--out", str(out)]) == 0
    manifest = tmp_path / "counts.manifest.csv"
    assert capsys.readouterr().err.splitlines()[-2:] == [
        f"khitab: note: 3 of 3 articles have no date; see {manifest}",
        f"khitab: note: 1 inputs duplicate; see {manifest}",
    ]
    assert main(["framing", str(table), "--out", str(tmp_path / "framing.csv")]) == 3
    manifest = tmp_path / "framing.manifest.csv"
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"khitab: no article has a date that could be read; see {manifest}."
    )
    assert len(pd.read_csv(manifest)) == 4


def test_results_do_not_stand_among_the_input(corpus, capsys):
    for command, out in (("run", corpus / "out"), ("counts", corpus / "counts.csv")):
        assert main([command, str(corpus), "--out", str(out)]) == 2
        assert capsys.readouterr().err == (
            f"khitab: {str(out)!r} lies in the input {str(corpus)!r}, where the next run would "
            "read it as articles; write to a folder outside.\n"
        )
        assert not out.exists()


def test_kwic_takes_a_word_with_its_clitics(corpus, tmp_path):
    out = tmp_path / "kwic.csv"
    assert main(["kwic", str(corpus), "حدود", "--out", str(out)]) == 0
    assert pd.read_csv(out)["node"].tolist() == ["الحدود"] * 4


def test_strict_makes_a_failed_input_the_exit_status(corpus, tmp_path):
    out = tmp_path / "counts.csv"
    assert main(["counts", str(corpus), "--out", str(out), "--strict"]) == 4
    assert out.exists()


def test_nothing_usable_is_3_and_still_leaves_the_manifest(tmp_path, capsys):
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{", "utf-8")
    assert main(["counts", str(broken), "--out", str(tmp_path / "counts.csv")]) == 3
    assert capsys.readouterr().err.splitlines()[-1].startswith("khitab: ")
    assert pd.read_csv(tmp_path / "counts.manifest.csv")["status"].tolist() == ["failed"]
    assert not (tmp_path / "counts.csv").exists()


def test_an_empty_folder_is_3(tmp_path):
    (tmp_path / "empty").mkdir()
    assert main(["run", str(tmp_path / "empty"), "--out", str(tmp_path / "out")]) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["counts", "CORPUS", "--out", "counts.doc"],
            "khitab: cannot write 'counts.doc'; end the name in .parquet, .csv, .jsonl or .xlsx.\n",
        ),
        (
            ["framing", "CORPUS", "--out", "OUT.csv", "--by", "desk"],
            "khitab: the table `counts` has no column `desk`; "
            "it has: article_id, outlet, published, category, mentions, tokens.\n",
        ),
        (
            ["fetch", "reuters"],
            "khitab: corpus is 'reuters'; choose one of 'ant', 'ant_2018', "
            "'saudinewsnet', 'wikinews'.\n",
        ),
    ],
)
def test_bad_usage_is_2_with_a_message(corpus, tmp_path, arguments, message, capsys):
    places = {"CORPUS": str(corpus), "OUT.csv": str(tmp_path / "out.csv")}
    assert main([places.get(argument, argument) for argument in arguments]) == 2
    assert capsys.readouterr().err.endswith(message)


def test_an_unknown_frequency_is_bad_usage(corpus, tmp_path):
    with pytest.raises(SystemExit) as stop:
        main(["framing", str(corpus), "--out", str(tmp_path / "f.csv"), "--freq", "D"])
    assert stop.value.code == 2


def test_columns_are_mapped_by_name(tmp_path):
    table = tmp_path / "news.csv"
    pd.DataFrame({"الرقم": ["7"], "النص": [TEXT], "اليوم": ["2031-05-06"]}).to_csv(
        table, index=False
    )
    out = tmp_path / "counts.csv"
    named = ["--id", "الرقم", "--text", "النص", "--published", "اليوم"]
    assert main(["counts", str(table), "--out", str(out), *named]) == 0
    counts = pd.read_csv(out, dtype={"article_id": "str"})
    assert set(counts["article_id"]) == {"7"}
    assert counts["published"].str.startswith("2031-05-06").all()


def test_help_is_short_and_names_every_command(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert len(text.splitlines()) <= 30
    for command in [*COMMANDS, "run", "kwic", "fetch"]:
        assert f"    {command} " in text


def test_python_m_analysis_is_khitab():
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "--version"], capture_output=True, text=True
    )
    assert done.returncode == 0
    assert done.stdout.startswith("khitab ")


def test_counts_can_write_the_mentions_too(corpus, tmp_path):
    out, mentions = tmp_path / "counts.csv", tmp_path / "mentions.csv"
    assert main(["counts", str(corpus), "--out", str(out), "--mentions", str(mentions)]) == 0
    counted = pd.read_csv(out).groupby("category")["mentions"].sum()
    listed = pd.read_csv(mentions).groupby("category").size()
    assert listed.to_dict() == counted[counted > 0].to_dict()


def test_mentions_without_quotes_are_the_same_mentions(corpus, tmp_path):
    with_quotes, without = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    assert main(["themes", str(corpus), "--out", str(with_quotes)]) == 0
    assert main(["themes", str(corpus), "--no-quotes", "--out", str(without)]) == 0
    first, second = (pd.read_json(path, lines=True) for path in (with_quotes, without))
    assert first["quote_id"].notna().any()
    assert second["quote_id"].isna().all()
    pd.testing.assert_frame_equal(first.drop(columns="quote_id"), second.drop(columns="quote_id"))


LEXICON = (
    "version: 1\nkind: theme\ncategories:\n  study:\n    label: {ar: بحث, en: Study}\n"
    "    terms: [باحث]\n"
)


def test_a_lexicon_of_ones_own(corpus, tmp_path):
    lexicon = tmp_path / "mine.yml"
    lexicon.write_text(LEXICON, "utf-8")
    out = tmp_path / "counts.csv"
    assert main(["counts", str(corpus), "--lexicon", str(lexicon), "--out", str(out)]) == 0
    assert pd.read_csv(out).groupby("category")["mentions"].sum().to_dict() == {"study": 4}
    assert main(["kwic", str(corpus), "study", "--lexicon", str(lexicon), "--out", str(out)]) == 0
    assert pd.read_csv(out)["node"].tolist() == ["الباحثة"] * 4


def test_a_lexicon_is_checked(tmp_path, capsys):
    lexicon = tmp_path / "mine.yml"
    lexicon.write_text(LEXICON, "utf-8")
    assert main(["lexicon", "check", str(lexicon)]) == 0
    assert capsys.readouterr().out == (
        f"{lexicon}: 1 categories, 1 terms, 0 found by another term too\n"
    )
    lexicon.write_text(LEXICON.replace("[باحث]", "[باحث, باحثة]"), "utf-8")
    assert main(["lexicon", "check", str(lexicon)]) == 0
    assert capsys.readouterr().out.startswith(
        f"{lexicon}:6: `باحثة` of `study` is also a form of `باحث` of `study` (line 6); "
    )
    lexicon.write_text(LEXICON.replace("[باحث]", "[NATO]"), "utf-8")
    assert main(["lexicon", "check", str(lexicon)]) == 2
    assert capsys.readouterr().err == (
        f"khitab: {lexicon}:6: 'NATO' is not an Arabic word or phrase; write it in Arabic "
        "letters.\n"
    )


@pytest.mark.usefixtures("camel")
def test_a_lexicon_is_audited_and_expanded(corpus, tmp_path, capsys):
    lexicon = tmp_path / "mine.yml"
    lexicon.write_text(LEXICON, "utf-8")
    assert main(["lexicon", "audit", str(lexicon), str(corpus)]) == 0
    told = capsys.readouterr().out
    assert "study · باحث · hits: 4, 0 of 4 analysed doubtful\n  الباحثة 4\n" in told
    assert told.endswith(
        "1 terms: 4 hits in 4 articles; of 4 analysed hits 0 doubtful; 0 words "
        "of the terms' lemmas missed\n"
    )
    out = tmp_path / "audit.csv"
    assert main(["lexicon", "audit", str(lexicon), str(corpus), "--out", str(out)]) == 0
    assert pd.read_csv(out)["form"].tolist() == ["الباحثة"]
    assert pd.read_csv(tmp_path / "audit.summary.csv")["hits"].tolist() == [4]
    assert main(["lexicon", "expand", str(lexicon), str(corpus), "--out", str(out)]) == 0
    assert {"term", "reason", "g2"} <= set(pd.read_csv(out).columns)


def test_framing_can_drop_or_weigh_copied_articles(tmp_path):
    report = " ".join(f"اجتمع الوزير رقم {number} مع السفير في العاصمة" for number in range(12))
    other = " ".join(f"زرع فلاح القرية {number} شجرة زيتون" for number in range(12))
    rows = [
        {"id": "1", "outlet": "المرصد", "date": "2031-01-02", "text": report},
        {"id": "2", "outlet": "الضفة", "date": "2031-01-03", "text": f"خبر عاجل. {report}"},
        {"id": "3", "outlet": "الضفة", "date": "2031-01-04", "text": other},
    ]
    table = tmp_path / "news.csv"
    pd.DataFrame(rows).to_csv(table, index=False)
    articles, shares = [], []
    for copies in ("count", "weight", "drop"):
        out = tmp_path / f"{copies}.parquet"
        assert main(["framing", str(table), "--out", str(out), "--copies", copies]) == 0
        row = pd.read_parquet(out).set_index("category").loc["diplomacy"]
        articles.append(row["articles"])
        shares.append(row["share"])
    assert articles == [3, 2, 2]
    assert shares == pytest.approx([2 / 3, 1 / 2, 1 / 2])


def test_a_corpus_is_checked(corpus, tmp_path, capsys):
    out = tmp_path / "health.csv"
    assert main(["check", str(corpus), "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == "4 articles were read, of 5 rows in 2 files."
    assert "WHAT TO LOOK AT" in shown
    checks = pd.read_csv(out)
    assert "failed" in checks["check"].tolist()
    manifest = pd.read_csv(tmp_path / "health.manifest.csv")
    assert manifest["status"].value_counts().to_dict() == {"read": 4, "failed": 1}
    assert main(["check", str(corpus), "--strict"]) == 4


def test_a_corpus_of_nothing_is_checked_too(tmp_path, capsys):
    (tmp_path / "a.xyz").write_text("نص", "utf-8")
    assert main(["check", str(tmp_path)]) == 3
    assert "no reader for the suffix" in capsys.readouterr().out


def test_dates_are_read_in_the_order_one_names(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"date,text\n03/04/2031,{TEXT}\n", "utf-8")
    out = tmp_path / "counts.csv"
    assert main(["counts", str(path), "--out", str(out), "--date-order", "day"]) == 0
    assert set(pd.read_csv(out)["published"]) == {"2031-04-03"}


def test_a_table_for_excel(corpus, tmp_path):
    out = tmp_path / "counts.xlsx"
    assert main(["counts", str(corpus), "--out", str(out)]) == 0
    assert len(pd.read_excel(out)) == 4 * 6
