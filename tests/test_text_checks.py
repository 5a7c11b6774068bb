"""Damaged letters and other languages are told; what is only unusual is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles import load_articles
from analysis.errors import DataFileError
from analysis.text_checks import (
    DAMAGE,
    FEWEST_LETTERS,
    SAMPLE,
    find_damage,
    load_languages,
    tell_language,
)

NEWS = (
    "أعلنت وزارة الزراعة في الضفة أن الحقول الجديدة ستروى بماء البحيرة القديمة، وقالت المهندسة "
    "سلمى الراوي إن المضخة الكبيرة وصلت إلى القرية يوم الثلاثاء."
)


# ── damage ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "قال<br>الوزير",
        "قال<BR />الوزير",
        "<p>قال الوزير",
        '<a href="https://almarsad.example/1">قال</a>',
        "قال&nbsp;الوزير",
        "قال &#8220;نعم&#8221;",
        "قال &#x201C;نعم",
        "خبر <!-- إعلان -->",
    ],
)
def test_remains_of_html_are_told(text):
    assert find_damage(text) == ("html",)


@pytest.mark.parametrize(
    "text",
    [
        "المرصد < الضفة",
        "<< تقرير اليوم >>",
        "شركة الشرق & الغرب",
        "AT&T; وشركات أخرى",
        "https://almarsad.example/?a=1&b=2",
        "5 < 7 و 9 > 8",
        "<المرصد>",
        "<briefing>",
    ],
)
def test_what_only_looks_like_html_is_not(text):
    assert find_damage(text) == ()


def shape(text):
    """Return a text in presentation forms: every letter in the form that stands alone."""
    forms = dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "ﺍﺏﺕﺙﺝﺡﺥﺩﺫﺭﺯﺱﺵﺹﺽﻁﻅﻉﻍﻑﻕﻙﻝﻡﻥﻩﻭﻱ", strict=True))
    return "".join(forms.get(letter, letter) for letter in text)


def test_presentation_forms_are_told_from_more_than_one_letter_in_a_hundred():
    assert find_damage(shape(NEWS)) == ("presentation_forms",)
    assert find_damage("ب" * 99 + "ﺏ") == ()
    assert find_damage("ب" * 98 + "ﺏ") == ("presentation_forms",)
    assert find_damage("قال النبي ﷺ ﴿كلمة﴾ ﷲ") == ()


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp1256"])
def test_utf_8_read_in_another_encoding_is_told(encoding):
    damaged = NEWS.encode().decode(encoding, "ignore")
    assert "mojibake" in find_damage(damaged)
    assert "mojibake" in find_damage("خبر سليم يليه " + damaged[:40] + " ثم خبر سليم")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_windows_1256_read_as_western_is_told(encoding):
    assert find_damage(NEWS.encode("cp1256").decode(encoding, "replace")) == ("mojibake",)


@pytest.mark.parametrize(
    "text",
    [
        "Le ministère a dit que l'été précédent était déjà très chaud à l'étranger.",
        "طط؟ طع، ظ؛ غط»",
        "çà et là",
        "Øster Ålborg, Ångström",
    ],
)
def test_other_letters_are_no_mojibake(text):
    assert find_damage(text) == ()


@pytest.mark.parametrize(
    "text", ["قال �لوزير", "??? ?????? ??", "قال: ?? ??? ?? ثم", "????\n???\n??"]
)
def test_lost_letters_are_told(text):
    assert find_damage(text) == ("lost_letters",)


@pytest.mark.parametrize(
    "text", ["لماذا؟؟؟ كيف؟؟؟ متى؟؟؟", "really??? why???", "??? خبر ??? خبر ???"]
)
def test_question_marks_alone_are_no_loss(text):
    assert find_damage(text) == ()


def backwards(text):
    return "\n".join(line[::-1] for line in text.split("\n"))


def test_words_written_backwards_are_told():
    assert find_damage(backwards(NEWS)) == ("reversed",)
    assert find_damage(NEWS) == ()
    assert find_damage("ةعورزملا ةديدجلا") == ()
    assert find_damage("المواطن/ة والطالب/ة والعامل/ة والمعلم/ة") == ()
    assert find_damage(f"{NEWS} ةب ةت ةث") == ()


def test_several_kinds_are_told_in_their_order():
    assert find_damage(shape(NEWS) + "<br> ???? ?? ??? ") == (
        "html",
        "presentation_forms",
        "lost_letters",
    )


@given(st.text(max_size=60))
def test_law_any_text_has_damage_of_the_known_kinds(text):
    assert set(find_damage(text)) <= set(DAMAGE)


@given(st.text(st.characters(min_codepoint=0x621, max_codepoint=0x64A)))
def test_law_letters_of_arabic_alone_are_never_mojibake_or_lost(text):
    assert not {"mojibake", "lost_letters", "html", "presentation_forms"} & set(find_damage(text))


# ── languages ────────────────────────────────────────────────────────────────────────────

SENTENCES = {
    "ar": NEWS,
    "fa": "وزیر کشاورزی در شهر گفت که آب دریاچه به زمین‌های تازه می‌رسد و پمپ بزرگ سه‌شنبه آمد",
    "ur": "وزیر زراعت نے شہر میں کہا کہ جھیل کا پانی نئے کھیتوں تک پہنچے گا اور بڑا پمپ آ گیا ہے",
    "sdh": "وەزیری کشتوکاڵ لە شارەکە گوتی کە ئاوی دەریاچەکە دەگاتە کێڵگە نوێکان و پەمپەکە گەیشت",
    "ps": "د کرنې وزیر په ښار کې وویل چې د جهيل اوبه به نویو ځمکو ته ورسېږي او لوی پمپ راغی",
    "en": "The minister of agriculture said that the water of the lake will reach the new fields",
    "fr": "Le ministre de l'agriculture a dit que l'eau du lac arrivera aux nouveaux champs",
    "he": "שר החקלאות אמר בעיר כי מי האגם יגיעו לשדות החדשים והמשאבה הגדולה הגיעה",
    "tr": "Tarım bakanı şehirde gölün suyunun yeni tarlalara ulaşacağını söyledi",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_the_language_of_a_sentence(code):
    assert tell_language(SENTENCES[code]) == code


def test_persian_on_an_arabic_keyboard_is_persian():
    assert tell_language(SENTENCES["fa"].replace("ی", "ي").replace("ک", "ك")) == "fa"


def test_arabic_in_presentation_forms_is_arabic():
    assert tell_language(shape(NEWS)) == "ar"


def test_arabic_with_names_in_latin_letters_is_arabic_up_to_a_half():
    names = "Marsad Media Group "
    assert tell_language(NEWS + names * 2) == "ar"
    assert tell_language("Today in the news of the city and the world: " * 4 + NEWS) == "en"


def test_a_few_letters_tell_nothing():
    assert tell_language("ب" * (FEWEST_LETTERS - 1) + "123 ..." * 20) == ""
    assert tell_language(NEWS[:FEWEST_LETTERS] + NEWS) == "ar"
    assert tell_language("") == ""


def test_only_the_beginning_is_read():
    long = (NEWS + " ") * (SAMPLE // len(NEWS) + 1)
    assert tell_language(long + SENTENCES["en"] * 100) == "ar"


@given(st.text(max_size=80))
def test_law_any_text_has_a_known_language(text):
    languages = load_languages()
    assert tell_language(text) in {"", *languages.arabic_script, *languages.other}


def test_real_news_is_arabic_and_sound(shared):
    articles = load_articles(shared / "corpora" / "ant_2018.parquet")[0].iloc[::15]
    told = [tell_language(text) for text in articles["text"]]
    assert sum(code not in ("ar", "") for code in told) <= 0.005 * len(told)
    damage = [find_damage(text) for text in articles["text"]]
    assert sum(bool(set(kinds) - {"presentation_forms"}) for kinds in damage) == 0


def test_a_mistake_in_the_list_of_languages_is_told_with_its_line(tmp_path, monkeypatch):
    path = tmp_path / "health.yml"
    monkeypatch.setattr("analysis.text_checks.data_path", lambda *_: path)
    for content, message in {
        "checks: {}": f"{path}:1: the field `languages` is missing; add it.",
        "checks: {}\nlanguages:\n  other: {en: English}": (
            f"{path}:2: the field `arabic_script` is missing; add it."
        ),
        "checks: {}\nlanguages:\n  arabic_script: {ar: Arabic}\n  other:\n    xx: Lost": (
            f"{path}:5: the language model does not know 'xx'; remove it."
        ),
        "checks: {}\nlanguages:\n  arabic_script: [ar]\n  other: {en: English}": (
            f"{path}:3: expected codes with names, found ['ar']."
        ),
    }.items():
        path.write_text(content, "utf-8")
        load_languages.cache_clear()
        with pytest.raises(DataFileError) as error:
            load_languages()
        assert str(error.value) == message
    load_languages.cache_clear()
