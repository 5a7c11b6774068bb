"""A first look at all inputs: which lines many articles of one outlet share."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from analysis.parallel import map_in_order
from analysis.readers.folders import InputFile
from analysis.readers.parts import Task, group_parts
from analysis.records import Reading, read_entries
from analysis.repeated_lines import LineCounts, choose_repeated, count_lines, merge_counts


def survey_lines(files: Iterable[InputFile], reading: Reading, *, processes: int = 1) -> Reading:
    """Read all files once and return the reading with the lines that their outlets repeat.

    No text is kept: of every short line at the edge of a text a number is, and how many
    articles of the outlet have it.
    """
    work = functools.partial(_count_lines_of, reading=reading)
    counts = map_in_order(work, group_parts(files), processes=processes)
    return reading._replace(repeated=choose_repeated(merge_counts(counts)))


def _count_lines_of(task: Task, *, reading: Reading) -> LineCounts:
    return count_lines(_iter_texts(task, reading))


def _iter_texts(task: Task, reading: Reading) -> Iterator[tuple[str, str, str]]:
    for file, part in task:
        for _, entry in read_entries(file, part, reading):
            if entry.article:
                yield entry.article["outlet"], entry.article["title"], entry.article["text"]
