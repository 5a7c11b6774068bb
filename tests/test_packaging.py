"""What a newcomer installs: one set of packages, a light import, a wheel that works alone."""

import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
NAMED_BY_THE_USER = {"pandas", "matplotlib", "seaborn", "camel-tools", "jupyterlab", "pytest"}


def normal(requirement: str) -> tuple[str, str]:
    name, bounds = re.fullmatch(r"([\w.-]+)(.*)", requirement).groups()
    return name.lower().replace("_", "-"), bounds


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def declared(project):
    extras = [line for group in project["optional-dependencies"].values() for line in group]
    return dict(map(normal, [*project["dependencies"], *extras]))


@pytest.fixture(scope="module")
def conda():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    names = [entry for entry in listed if isinstance(entry, str)]
    return dict(map(normal, [*names, *(line for line in pip if line != "-e .")]))


def test_environment_and_pyproject_name_the_same_packages_and_ranges(project, declared, conda):
    only_conda = {"python", "pip", "pytorch-cpu"}
    assert {name: conda[name] for name in conda.keys() - only_conda} == declared
    assert conda["python"] == project["requires-python"]


def test_the_environment_holds_every_package_the_user_named(declared):
    assert not NAMED_BY_THE_USER - declared.keys()


def test_the_lock_pins_every_declared_package_and_no_cuda(declared):
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pins = dict(map(normal, (line for line in lines if not line.startswith("#"))))
    assert declared.keys() <= pins.keys()
    assert all(re.fullmatch(r"==[\w.]+", bounds) for bounds in pins.values())
    assert not [name for name in pins if name.startswith(("nvidia", "cuda", "triton"))]


def test_importing_loads_no_torch_writes_nothing_and_asks_no_network(tmp_path):
    watch = """
import sys
def refuse(event, arguments):
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise SystemExit(f"wrote {arguments[0]}")
    if event in {"socket.connect", "socket.getaddrinfo"}:
        raise SystemExit(f"asked the network: {arguments}")
sys.addaudithook(refuse)
import analysis
heavy = {"torch", "camel_tools", "matplotlib", "statsmodels", "jinja2"} & sys.modules.keys()
raise SystemExit(f"loaded {heavy}" if heavy else 0)
"""
    done = subprocess.run(
        [sys.executable, "-B", "-c", watch],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"HOME": str(tmp_path)},
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def fresh_python(tmp_path_factory):
    """The Python of a new environment with our wheel, which borrows only our dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", folder, ROOT], check=True, cwd=folder)
    (wheel,) = folder.glob("khitab-*.whl")
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, cwd=folder)
    # A path in a .pth file is searched, but the .pth files in it, our own checkout's among
    # them, are not: what is imported as `analysis` can only be the wheel's.
    (site,) = (folder / "env").glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python


def run_outside(python, tmp_path, *arguments):
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "MPLCONFIGDIR": str(tmp_path)}
    return subprocess.run(
        [python, *arguments], capture_output=True, text=True, cwd=tmp_path, env=environment
    )


def test_an_installed_wheel_works_outside_the_checkout(fresh_python, tmp_path):
    where = run_outside(fresh_python, tmp_path, "-c", "import analysis; print(analysis.__file__)")
    assert str(fresh_python.parent.parent) in where.stdout

    code = "from analysis.datasets import sample_corpus; print(sample_corpus())"
    sample = run_outside(fresh_python, tmp_path, "-c", code).stdout.strip()
    khitab = str(fresh_python.with_name("khitab"))
    done = run_outside(
        fresh_python, tmp_path, khitab, "run", sample, "--out", "out", "--processes", "1"
    )
    assert done.returncode == 0, done.stderr
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"report.html", "mentions.parquet", "quotes.parquet", "framing.csv"} <= made
