"""Arabic letters, words and sentences, always with offsets into the original text.

Normalisation serves matching only. Nothing here returns altered text for a reader:
a token carries the folded form it is matched by and the place where it stands.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
# Tatweel stretches a word; alone it is a dash.
WORD = re.compile(rf"[^\W_\u0640]+(?:[{MARKS}\u0640]+[^\W_\u0640]+)*[{MARKS}\u0640]*")
_TOKEN = re.compile(rf"{WORD.pattern}|[^\s{MARKS}]")
_UNWRITTEN = re.compile(f"[{MARKS}\u0640]")
_STOP = re.compile(r"[.!?؟…]+[»”\"]*(?=\s)")
_PARAGRAPH = re.compile(r"^[^\S\n]*+\S[^\n]*", re.MULTILINE)


class Tokens(NamedTuple):
    """Words and punctuation marks: the forms they are matched by, and where each stands.

    Three lists of one length, because a row for each word would cost more than reading it.
    """

    forms: list[str]
    starts: list[int]
    ends: list[int]


def _letter_table(letters: dict[str, str]) -> dict[int, str]:
    dropped = [chr(code) for code in range(0x0610, 0x06EE) if re.match(f"[{MARKS}]", chr(code))]
    letters |= dict.fromkeys([*dropped, "\u0640"], "")
    plain = str.maketrans(letters)
    for first, last in ((0xFB50, 0xFDFF), (0xFE70, 0xFEFC)):
        for code in range(first, last + 1):
            shaped = unicodedata.normalize("NFKC", chr(code))
            if shaped != chr(code):
                letters[chr(code)] = shaped.strip().translate(plain)
    return str.maketrans(letters)


_KEYBOARD = dict(zip("ٱکیہ", "اكيه", strict=True))
_FOLD = _letter_table(_KEYBOARD | dict(zip("أإآىة", "ااايه", strict=True)))
_LOOKUP = _letter_table(_KEYBOARD | {"ى": "ي", "ؤ": "ئ"})


def fold(word: str) -> str:
    """Return the form a word is matched by, never shown to a reader.

    Alef with hamza or madda becomes bare alef, alef maqsura becomes yeh, teh marbuta
    becomes heh, and short vowels and tatweel go: news writes all of these loosely.
    Presentation forms (U+FB50-FEFF) and Persian keyboard letters become the plain letter.
    Hamza on waw and yeh stays: سئل and سيل are different words.

    >>> fold("الإرهابيّــة")
    'الارهابيه'
    """
    return word.translate(_FOLD)


# News repeats its words; those of some thousand articles are kept.
_fold_word = lru_cache(maxsize=1 << 17)(fold)


def strip_marks(word: str) -> str:
    """Return a word without vowel marks and tatweel, its letters as they are.

    >>> strip_marks("إِرهــاب")
    'إرهاب'
    """
    return _UNWRITTEN.sub("", word)


def lookup_form(word: str) -> str:
    """Return the form a word is looked up by among the forms of a lexicon's entries.

    Unlike `fold` it keeps what tells words apart: where a hamza, a madda or the dots of teh
    marbuta are written, news writes them right (أعلام is never إعلام, شرطة never «its
    condition»). That they are often left out is the matter of `expand_word`.

    >>> lookup_form("الإعلامـىُّ"), lookup_form("مسؤول") == lookup_form("مسئول")
    ('الإعلامي', True)
    """
    return word.translate(_LOOKUP)


def tokenize(text: str) -> Tokens:
    """Split a text into words and single punctuation marks, white space left out.

    A word is a run of letters, digits and vowel marks; an underscore separates words, so
    the parts of a hashtag are found. Clitics are not split off: matching handles them.

    >>> tokenize("قال: «نَعم»")
    Tokens(forms=['قال', ':', '«', 'نعم', '»'], starts=[0, 3, 5, 6, 10], ends=[3, 4, 6, 10, 11])
    """
    spans = [match.span() for match in _TOKEN.finditer(text)]
    return Tokens(
        [_fold_word(text[start:end]) for start, end in spans],
        [start for start, _ in spans],
        [end for _, end in spans],
    )


def count_words(text: str) -> int:
    """Count the words of a text: the denominator of every rate.

    >>> count_words("وقالت الوزارة: «لا تعليق».")
    4
    """
    return len(WORD.findall(text))


def split_paragraphs(text: str) -> list[tuple[int, int]]:
    r"""Return the (start, end) of every line that holds anything but white space.

    >>> split_paragraphs("أول\n\nثان")
    [(0, 3), (5, 8)]
    """
    return [m.span() for m in _PARAGRAPH.finditer(text)]


def split_sentences(text: str) -> list[tuple[int, int]]:
    r"""Return the (start, end) of every sentence; a line break always ends one.

    A full stop inside a number or an abbreviation (3.5، د.أحمد) ends nothing, because no
    white space follows it. What it misses on purpose: a stop after a single-letter title
    that is followed by a space (د. أحمد) splits, as news writes it both ways.

    >>> text = "بلغت 3.5 بالمئة. هل تراجعت؟\nنعم"
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['بلغت 3.5 بالمئة.', 'هل تراجعت؟', 'نعم']
    """
    spans = []
    for line_start, line_end in split_paragraphs(text):
        start = line_start
        for stop in _STOP.finditer(text, line_start, line_end):
            spans.append((start, stop.end()))
            start = stop.end()
        spans.append((start, line_end))
    trimmed = []
    for start, end in spans:
        part = text[start:end]
        left = len(part) - len(part.lstrip())
        if part.strip():
            trimmed.append((start + left, start + len(part.rstrip())))
    return trimmed
