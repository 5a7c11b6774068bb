"""Runs that are killed, hindered or doubled."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from analysis import pipeline, resuming
from analysis.cli import main
from analysis.errors import InputError
from analysis.pipeline import run

TEXT = "قالت وزيرة الري إن الحكومة ستكافح الإرهاب والهجرة السرية. وأضافت أن العمل بدأ."


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "news.csv"
    days = pd.date_range("2031-01-01", periods=120)
    texts = [f"{TEXT} {place}" for place in range(len(days))]
    pd.DataFrame({"date": days.astype(str), "text": texts}).to_csv(path, index=False)
    return path


def contents(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def start(corpus, out):
    command = [sys.executable, "-m", "analysis", "run", str(corpus), "--out", str(out)]
    return subprocess.Popen(
        [*command, "--processes", "2"], stderr=subprocess.DEVNULL, start_new_session=True
    )


@pytest.mark.parametrize("batches", [0, 1])
def test_a_run_that_is_killed_goes_on_and_leaves_the_same_bytes(
    corpus, tmp_path, monkeypatch, batches
):
    run(corpus, tmp_path / "whole" / "out")
    out = tmp_path / "out"
    running = start(corpus, out)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and running.poll() is None:
        if (
            sum(1 for _ in (out / "unfinished" / "batches").glob("[0-9]*")) >= batches
            and out.exists()
        ):
            break
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    run(corpus, out)
    assert contents(out) == contents(tmp_path / "whole" / "out")


def test_processes_end_with_the_one_that_started_them(tmp_path):
    script = tmp_path / "wait.py"
    script.write_text(
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from analysis.parallel import map_in_order\n"
        "def work(number):\n"
        "    Path(sys.argv[1], str(os.getpid())).touch()\n"
        "    time.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    list(map_in_order(work, range(2), processes=2))\n",
        "utf-8",
    )
    seen = tmp_path / "seen"
    seen.mkdir()
    parent = subprocess.Popen([sys.executable, str(script), str(seen)])
    deadline = time.monotonic() + 30
    while len(list(seen.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    workers = [int(path.name) for path in seen.iterdir()]
    assert len(workers) == 2
    while any(map(is_running, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_running, workers))


def is_running(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_second_run_into_a_folder_says_so(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(resuming, "LONGEST_WAIT", 0.1)
    out = tmp_path / "out"
    (out / "unfinished").mkdir(parents=True)
    with FileLock(out / "unfinished" / "lock"), pytest.raises(InputError) as error:
        run(corpus, out)
    assert str(error.value) == (
        f"another run is writing to {str(out)!r}; wait for it, or choose another place for the "
        "results."
    )
    run(corpus, out)
    assert (out / "report.html").exists()
    assert not (out / "unfinished").exists()


def test_batches_are_removed_all_or_none(corpus, tmp_path, monkeypatch):
    out = tmp_path / "out"
    remove = resuming.shutil.rmtree

    def stop_at_the_end(path, **options):
        if Path(path).name == "done" and Path(path).exists():
            remove(path / "000000")
            raise KeyboardInterrupt
        remove(path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(resuming.shutil, "rmtree", stop_at_the_end)
        with pytest.raises(KeyboardInterrupt):
            run(corpus, out)
    run(corpus, out)
    run(corpus, tmp_path / "whole" / "out")
    assert contents(out) == contents(tmp_path / "whole" / "out")


def test_a_full_disk_is_told_and_finished_batches_stay(corpus, tmp_path, monkeypatch, capsys):
    merge = pipeline.merge_parquet
    out = tmp_path / "out"

    def fill_the_disk(parts, path):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(pipeline, "merge_parquet", fill_the_disk)
    assert main(["run", str(corpus), "--out", str(out), "--processes", "1"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"khitab: cannot write {str(out / 'articles.parquet')!r}: No space left on device; what "
        "was finished is kept: make room or choose another place, and run again."
    )
    assert not (out / "articles.parquet").exists()
    assert (out / "unfinished" / "batches" / "000000").is_dir()
    monkeypatch.setattr(pipeline, "merge_parquet", merge)
    run(corpus, out)
    run(corpus, tmp_path / "whole" / "out")
    assert contents(out) == contents(tmp_path / "whole" / "out")


def test_what_a_user_keeps_in_the_folder_of_batches_stays(corpus, tmp_path):
    mine = tmp_path / "out" / "unfinished" / "mine" / "thesis.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("فصل أول", "utf-8")
    run(corpus, tmp_path / "out")
    assert mine.read_text("utf-8") == "فصل أول"


def test_batches_are_not_written_through_a_link(corpus, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "unfinished").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(InputError) as error:
        run(corpus, out)
    link = str(out / "unfinished")
    assert str(error.value) == f"{link!r} is a link; remove it, or choose another place."


def test_the_input_is_not_overwritten(corpus, tmp_path):
    with pytest.raises(InputError) as error:
        run(corpus, tmp_path)
    assert str(error.value) == (
        f"{str(tmp_path)!r} is or holds the input {str(corpus)!r}, which would be overwritten; "
        "write somewhere else."
    )
    assert main(["counts", str(corpus), "--out", str(corpus)]) == 2
