import json
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import records
from analysis.articles import iter_articles, load_articles
from analysis.columns import FIELDS, load_column_names
from analysis.errors import InputError, NothingUsable
from analysis.readers import FORMATS, parts
from analysis.storage import save_table
from analysis.tables import ARTICLES, MANIFEST

SUFFIXES = ", ".join(FORMATS)
NO_DATE = "no date: name its column, or write YYYY-MM-DD into the name of a text file."
DAY_OR_MONTH = (
    " puts the day or the month first; write it as YYYY-MM-DD or give --date-order day|month."
)


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
        path.write_bytes(content.encode())
        return path

    return write


def outcomes(manifest):
    entries = manifest[["row", "status", "reason", "article_id"]].astype(object)
    return [tuple(entry) for entry in entries.where(entries.notna(), None).to_numpy()]


def test_a_folder_is_searched_in_order_without_what_is_hidden(write, tmp_path):
    seen = ["a/2031-05-06 خبر.txt", "a/c/d.txt", "b.txt", "z.unknown"]
    for name in [*reversed(seen), ".x.txt", ".git/y.txt"]:
        write(name, f"نص {name}")
    articles, manifest = load_articles(tmp_path)
    assert articles["article_id"].tolist() == ["a/2031-05-06 خبر", "a/c/d", "b"]
    assert articles["outlet"].tolist() == ["a", "c", ""]
    assert articles["published"].tolist() == [pd.Timestamp(2031, 5, 6), pd.NaT, pd.NaT]
    names = [".git", ".x.txt", *seen]
    assert manifest["source_file"].tolist() == [(tmp_path / name).as_posix() for name in names]
    hidden = (None, "skipped", "hidden: its name begins with a dot.", None)
    assert outcomes(manifest) == [
        hidden,
        hidden,
        (None, "read", "", "a/2031-05-06 خبر"),
        (None, "read", NO_DATE, "a/c/d"),
        (None, "read", NO_DATE, "b"),
        (None, "skipped", f"no reader for the suffix '.unknown'; supported are {SUFFIXES}.", None),
    ]


def test_a_hidden_file_or_folder_that_is_named_is_read(write, tmp_path):
    write(".x/.y.txt", "نص")
    assert load_articles(tmp_path / ".x/.y.txt")[0]["article_id"].tolist() == [".y"]
    with pytest.raises(NothingUsable):
        load_articles(tmp_path / ".x")


def test_a_file_that_is_reached_twice_is_read_once(write, tmp_path):
    path = write("a/b.txt", "نص")
    assert len(load_articles([tmp_path, path, str(path)])[1]) == 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("زيارة مرتقبة إلى الصفصاف\nوصل الوفد.", "زيارة مرتقبة إلى الصفصاف"),
        ("\n اقرأ المزيد \n هل يعود الوفد؟ \nوصل الوفد.", "هل يعود الوفد؟"),
        ("وصل الوفد.\nثم غادر.", ""),
        ("زيارة مرتقبة", ""),
        ("زيارة مرتقبة\nشارك", ""),
        ("كلمة " * 26 + "\nوصل الوفد.", ""),
    ],
)
def test_the_title_of_a_text_file_is_its_first_line_if_it_looks_like_one(write, text, title):
    article = load_articles(write("a.txt", text))[0].loc[0]
    assert (article["title"], article["text"]) == (title, text)


@pytest.mark.parametrize("field", FIELDS)
def test_common_column_names_are_found_in_any_case(write, field):
    row = {"id": "7", "text": "نص", "title": "عنوان", "published": "2031-05-06", "outlet": "صدى"}
    value = row.pop(field)
    for name in load_column_names()[field]:
        articles, _ = load_articles(write("a.jsonl", [{**row, name.upper(): value}]))
        assert articles.drop(columns="source_file").to_dict("records") == [
            {
                "article_id": "7",
                "outlet": "صدى",
                "published": pd.Timestamp(2031, 5, 6),
                "title": "عنوان",
                "text": "نص",
                "skip": [],
            }
        ]


def test_mapped_columns_win_and_the_others_pass_through(write):
    path = write("a.csv", "text,body,source,url\nقصير,النص الكامل,صدى,http://x\n")
    articles, _ = load_articles(path, columns={"text": "body", "title": "source"})
    assert articles.drop(columns="source_file").to_dict("records") == [
        {
            "article_id": "a-1",
            "outlet": "",
            "published": pd.NaT,
            "title": "صدى",
            "text": "النص الكامل",
            "skip": [],
            "input_text": "قصير",
            "url": "http://x",
        }
    ]


def test_mapped_columns_concern_tables_only(write, tmp_path):
    write("a.txt", "نص")
    write("b.csv", "body\nنص\n")
    assert len(load_articles(tmp_path, columns={"text": "body"})[0]) == 2


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (
            None,
            "no column for the text; the columns are: key, words; "
            "name it with --text or columns={'text': ...}.",
        ),
        (
            {"text": "words", "outlet": "paper"},
            "no column 'paper'; the columns are: key, words; "
            "correct --outlet or columns={'outlet': ...}.",
        ),
    ],
)
def test_a_table_without_a_needed_column_fails_once(write, columns, reason):
    path = write("a.csv", "key,words\n1,أ\n2,ب\n")
    with pytest.raises(NothingUsable) as error:
        load_articles(path, columns=columns)
    assert outcomes(error.value.manifest) == [(None, "failed", reason, None)]
    assert str(error.value) == (
        f"no article in '{path}': 1 failed; the first is {path.as_posix()}: {reason}"
    )


def test_rows_of_json_lines_answer_for_themselves(write):
    rows = [
        {"text": "أ", "when": "2031-05-06", "paper": "صدى"},
        {"text": "ب", "when": "2031-05-06"},
        {"words": "ج"},
        {"text": ["د"]},
        {"text": " \n"},
        {"text": None},
    ]
    columns = {"published": "when", "outlet": "paper"}
    articles, manifest = load_articles(write("a.jsonl", rows), columns=columns)
    assert articles["outlet"].tolist() == ["صدى", ""]
    assert outcomes(manifest) == [
        (1, "read", "", "a-1"),
        (2, "read", "no outlet: the row has no field 'paper'.", "a-2"),
        (3, "failed", "no column for the text; the columns are: words; "
                      "name it with --text or columns={'text': ...}.", None),
        (4, "failed", "the field 'text' holds list, not text.", None),
        (5, "skipped", "the text is empty.", None),
        (6, "skipped", "the text is empty.", None),
    ]  # fmt: skip


def test_ids_are_unique_and_repeated_rows_are_duplicates(write):
    rows = [("1", "أ"), ("1", "أ"), ("1", "ب"), ("1", "ب"), ("1", "ج"), ("1-2", "د"), ("2", "أ")]
    path = write("a.jsonl", [{"id": i, "text": t, "date": "2031-05-06"} for i, t in rows])
    _, manifest = load_articles(path)
    assert outcomes(manifest) == [
        (1, "read", "", "1"),
        (2, "duplicate", "the same id and text as '1'.", "1"),
        (3, "read", "the id '1' belongs to another text.", "1-2"),
        (4, "duplicate", "the same id and text as '1-2'.", "1-2"),
        (5, "read", "the id '1' belongs to another text.", "1-3"),
        (6, "read", "the id '1-2' belongs to another text.", "1-2-2"),
        (7, "read", "", "2"),
    ]


@pytest.mark.parametrize(
    ("value", "article_id"), [(12, "12"), (12.0, "12"), (1.5, "1.5"), ("007", "007"), (None, "a-1")]
)
def test_ids_become_text(write, value, article_id):
    path = write("a.jsonl", [{"id": value, "text": "نص"}])
    assert load_articles(path)[0]["article_id"].tolist() == [article_id]


def test_an_article_without_date_is_read_with_the_reason(write):
    articles, manifest = load_articles(write("a.csv", "text,date\nنص,03/04/2031\n"))
    assert articles["published"].isna().all()
    reason = "no date: '03/04/2031'" + DAY_OR_MONTH
    assert outcomes(manifest) == [(1, "read", reason, "a-1")]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_column_that_proves_its_order_is_read_by_it(write, name):
    dates = ["03/04/2031", "25/12/2031", "", "30/04/2031"]
    rows = [{"date": day, "text": f"نص {day}"} for day in dates]
    table = "date,text\n" + "".join(f"{row['date']},{row['text']}\n" for row in rows)
    articles, manifest = load_articles(write(name, table if name == "a.csv" else rows))
    read = articles["published"].dt.strftime("%d.%m.").fillna("").tolist()
    assert read == ["03.04.", "25.12.", "", "30.04."]
    assert manifest["date_from"].tolist() == ["column", "column", "", "column"]


def test_all_parts_of_a_file_are_read_in_the_order_that_its_beginning_proves(write, monkeypatch):
    monkeypatch.setattr(parts, "PART_SIZE", 200)
    dates = ["25/04/2031", *["03/04/2031"] * 30]
    path = write("a.jsonl", [{"date": day, "text": f"نص {n}"} for n, day in enumerate(dates)])
    articles, _ = load_articles(path)
    read = articles["published"].dt.strftime("%d.%m.").fillna("").tolist()
    assert read == ["25.04.", *["03.04."] * 30]


@pytest.mark.parametrize(
    "fields",
    [
        {"views": 5}, {"views": "5k"}, {"tags": []}, {"tags": ["a"]}, {"tags": "a"},
        {"meta": {}}, {"meta": {"b": [1, "a"]}}, {"meta": [1]}, {"views": 10**30}, {"views": True},
        {"views": None}, {"views": 1.5},
    ],
)  # fmt: skip
def test_columns_of_any_kind_pass_through_and_can_be_written(write, tmp_path, fields):
    rows = [{"text": "أول", "views": 1, "tags": ["x"], "meta": {"k": 1}}, {"text": "ثان", **fields}]
    articles, _ = load_articles(write("a.jsonl", rows))
    for suffix in ("parquet", "csv", "jsonl", "xlsx"):
        assert save_table(articles, tmp_path / f"out.{suffix}").exists()
    assert articles.loc[0, "meta"] == '{"k": 1}'


@pytest.mark.parametrize(("order", "month"), [("day", 4), ("month", 3)])
def test_a_column_that_proves_nothing_is_read_as_one_says(write, order, month):
    path = write("a.csv", "date,text\n03/04/2031,نص\n")
    articles, _ = load_articles(path, date_order=order)
    assert articles["published"].dt.month.tolist() == [month]


def test_a_date_is_looked_for_in_the_column_then_the_byline(write):
    rows = [
        {"date": "2031-01-02", "text": "المرصد - 5 ماي 2031\nوصل الوفد."},
        {"date": "قريبا", "text": "المرصد - 5 ماي 2031\nوصل الوفد إلى المدينة."},
    ]
    articles, manifest = load_articles(write("a.jsonl", rows))
    assert articles["published"].tolist() == [pd.Timestamp(2031, 1, 2), pd.Timestamp(2031, 5, 5)]
    assert manifest["date_from"].tolist() == ["column", "byline"]
    assert manifest["reason"].tolist()[1].endswith(" The date is that of the byline.")


def test_the_name_of_a_file_goes_before_its_byline(write):
    text = "المرصد - 5 ماي 2031\nوصل الوفد."
    articles, manifest = load_articles(write("2031-05-07.txt", text))
    assert articles["published"].tolist() == [pd.Timestamp(2031, 5, 7)]
    assert manifest["date_from"].tolist() == ["file name"]


@pytest.mark.parametrize(
    ("name", "content", "note"),
    [
        (
            "a.txt",
            "أ\n=====\nب\n=====\nج",
            "2 lines of signs divide it; save each article by itself.",
        ),
        ("a.jsonl", [{"text": "وصل الوفد … [+266 chars]"}], "NewsAPI gives its beginning alone."),
    ],
)
def test_what_may_be_more_or_less_than_an_article_is_noted(write, name, content, note):
    _, manifest = load_articles(write(name, content))
    assert note in manifest.loc[0, "reason"]


def test_an_order_that_is_none_is_refused(write):
    with pytest.raises(InputError) as error:
        load_articles(write("a.txt", "نص"), date_order="year")
    assert str(error.value) == "date_order is 'year'; choose one of None, 'day', 'month'."


def test_tables_have_their_columns_and_types_in_every_batch(write, tmp_path):
    write("a.jsonl", [{"text": "نص\nشارك", "url": "x"}, {"text": ""}, {"text": "نص"}])
    for articles, manifest in iter_articles(tmp_path, batch_size=1):
        assert articles.dtypes.astype(str).to_dict().items() >= dict(ARTICLES).items()
        assert manifest.dtypes.astype(str).to_dict() == dict(MANIFEST)
    articles, manifest = load_articles(tmp_path)
    assert articles.dtypes.astype(str).to_dict() == {**ARTICLES, "url": "str"}
    assert manifest.dtypes.astype(str).to_dict() == dict(MANIFEST)


def test_the_table_of_articles_comes_back_from_parquet(write, tmp_path):
    rows = [
        {"text": "زيارة\nاقرأ المزيد", "date": "2031-05-06 07:08", "source": "صدى", "url": "x"},
        {"text": "بلا تاريخ"},
    ]
    articles, _ = load_articles(write("a.jsonl", rows))
    path = tmp_path / "b.parquet"
    articles.to_parquet(path)
    again, _ = load_articles(path)
    pd.testing.assert_frame_equal(again, articles.assign(source_file=path.as_posix()))


@pytest.mark.parametrize(
    ("skip", "kept"),
    [([], True), ([[0, 2]], True), ([[0, 99]], False), ([[2, 3], [0, 1]], False), ("yes", False)],
)
def test_spans_of_an_earlier_run_are_kept_and_other_columns_named_skip_pass_through(
    write, skip, kept
):
    text = "نص\nشارك"
    article = load_articles(write("a.jsonl", [{"text": text, "skip": skip}]))[0].loc[0]
    assert article["skip"] == ([tuple(span) for span in skip] if kept else [(3, 7)])
    assert article.get("input_skip") == (None if kept else skip)


lines = st.one_of(
    st.builds(
        lambda row: json.dumps(row, ensure_ascii=False),
        st.fixed_dictionaries(
            {"text": st.sampled_from(["أ", "أ\r\nب\n", " ج ", "", "شارك"])},
            optional={"id": st.sampled_from(["1", "2", "1-2"]), "date": st.text(max_size=3)},
        ),
    ),
    st.sampled_from(["{", "[]", "3", '{"title": "x"}', '{"text": 5}']),
)


@given(st.lists(lines, min_size=1, max_size=12), st.integers(1, 5))
def test_every_row_is_accounted_for_once_and_texts_are_verbatim(tmp_path_factory, rows, size):
    path = tmp_path_factory.mktemp("laws") / "a.jsonl"
    path.write_text("\n".join(rows), "utf-8")
    articles, manifests = [], []
    try:
        for batch, manifest in iter_articles(path, batch_size=size):
            articles += batch.to_dict("records")
            manifests.append(manifest)
    except NothingUsable as error:
        assert articles == []
        pd.testing.assert_frame_equal(error.manifest, pd.concat(manifests, ignore_index=True))
    manifest = pd.concat(manifests, ignore_index=True)
    assert manifest["row"].tolist() == list(range(1, len(rows) + 1))
    used = manifest[manifest["status"] == "read"]
    assert used["article_id"].is_unique
    assert used["article_id"].tolist() == [article["article_id"] for article in articles]
    assert [json.loads(rows[row - 1])["text"] for row in used["row"]] == [
        article["text"] for article in articles
    ]


def test_batches_together_are_the_whole(write, tmp_path):
    write("a.jsonl", [{"id": str(i % 4), "text": f"نص {i % 7}"} for i in range(40)])
    write("b.txt", "نص")
    whole = load_articles(tmp_path)
    batches = list(iter_articles(tmp_path, batch_size=7))
    assert [len(manifest) for _, manifest in batches] == [7, 7, 7, 7, 7, 6]
    for table, tables in zip(whole, zip(*batches, strict=True), strict=True):
        filled = [part for part in tables if not part.empty]
        pd.testing.assert_frame_equal(table, pd.concat(filled, ignore_index=True))


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_a_large_file_is_never_in_memory_as_a_whole(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    table = pd.DataFrame({"text": [f"{i} " + "x" * 20_000 for i in range(1000)]})
    if suffix == "parquet":
        table.to_parquet(path, row_group_size=50, compression="none")
    elif suffix == "csv":
        table.to_csv(path, index=False)
    else:
        table.to_json(path, orient="records", lines=True)
    size = path.stat().st_size
    del table
    next(iter_articles(path, batch_size=1))
    tracemalloc.start()
    rows = sum(len(articles) for articles, _ in iter_articles(path, batch_size=20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 1000
    assert peak < size / 4


def test_nothing_to_read(tmp_path):
    with pytest.raises(NothingUsable) as error:
        load_articles(tmp_path)
    assert str(error.value) == (
        f"no article in '{tmp_path}': there is no file; supported are {SUFFIXES}."
    )
    assert list(error.value.manifest) == list(MANIFEST)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"inputs": []}, "inputs is empty; name at least one file or folder."),
        ({"inputs": ["gone.txt"]}, "there is no file or folder 'gone.txt'; check the path."),
        (
            {"inputs": ".", "columns": {"date": "when"}},
            "a key of columns is 'date'; "
            "choose one of 'id', 'text', 'title', 'published', 'outlet'.",
        ),
        (
            {"inputs": ".", "batch_size": 0},
            "batch_size is 0; give a whole number, 1 or more.",
        ),
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_read(
    tmp_path, monkeypatch, arguments, message
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as error:
        iter_articles(**arguments)
    assert str(error.value) == message


def test_progress_goes_to_standard_error(write, capsys):
    load_articles(write("a.txt", "نص"), progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "1 rows" in shown.err


def test_real_files_are_read_whole(shared: Path):
    path = shared / "corpora/moroccan_2019.parquet"
    articles, manifest = load_articles(path)
    texts = pd.read_parquet(path, columns=["text"])["text"]
    used = manifest.loc[manifest["status"] == "read", "row"].astype(int) - 1
    assert len(manifest) == len(texts)
    assert articles["text"].tolist() == texts.iloc[used].tolist()


def test_ids_stay_unique_beyond_what_is_kept_in_a_dictionary(monkeypatch, write):
    monkeypatch.setattr(records, "_LAST", 3)
    rows = [(str(number % 10), f"نص {number // 20} {number % 10}") for number in range(60)]
    path = write("a.jsonl", "\n".join(json.dumps({"id": i, "text": text}) for i, text in rows))
    articles, manifest = load_articles(path)
    assert articles["article_id"].is_unique
    assert len(articles) == 30
    assert manifest["status"].value_counts().to_dict() == {"read": 30, "duplicate": 30}
    assert articles["article_id"].tolist()[:12] == [*map(str, range(10)), "0-2", "1-2"]
