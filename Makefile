# make figures   the notebooks over the sample corpus, their figures into figures/
# make figures CORPUS=path   the same notebooks over your own articles
# make figures LANGUAGE=ar   figures in Arabic
# make real      the notebook on the press of 2018, over its articles (REAL=path), into figures/real/
# make publish   what the figures show now becomes what others are to reproduce
# make test      the whole test suite
# make lab       JupyterLab on the notebooks
# make check     lint and types
# make datasheet the tables of data/sample/README.md, from the files beside it
# make bench     the benchmark against named peers
# make lock      write requirements.lock anew from pyproject.toml

CORPUS  ?=
FIGURES ?= figures
LANGUAGE ?= en
REAL    ?=
# Python 3.11 or 3.12 first: from 3.13 on, one package under camel-tools comes as source only.
PYTHON  ?= $(shell for newest in 12 99; do for p in python3 python3.12 python3.11 python3.13 python3.14; do \
	$$p -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, $$newest))" 2>/dev/null \
		&& echo $$p && exit; done; done)

TORCH     := 2.13.0
CPU_INDEX := https://download.pytorch.org/whl/cpu
BIN       := .venv/bin
READY     := .venv/.ready
MADE      := $(FIGURES)/.made-$(shell printf '%s|' '$(CORPUS)' '$(FIGURES)' '$(LANGUAGE)' | cksum | cut -d' ' -f1)
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
SOURCES   := $(shell find analysis data -type f -not -path '*/__pycache__/*' \
	-not -name published_figures.json | sed 's/ /\\ /g')
# figures/real unless FIGURES was given.
REAL_FIGURES := $(if $(filter file,$(origin FIGURES)),figures/real,$(FIGURES))

.PHONY: figures real publish test check lab datasheet bench lock clean
.DELETE_ON_ERROR:

figures: $(MADE)
	@cat '$(FIGURES)/contents.txt'
	@$(BIN)/python -m analysis.reproduction --figures '$(FIGURES)'

$(MADE): $(READY) $(NOTEBOOKS) $(SOURCES) $(if $(CORPUS),$(shell find '$(CORPUS)' -type f 2>/dev/null | sed 's/ /\\ /g'))
	@rm -f '$(FIGURES)'/.made-*
	$(BIN)/python -m analysis.notebooks --figures '$(FIGURES)' --corpus '$(CORPUS)' --language $(LANGUAGE)
	@touch $@

real: $(READY)
	$(BIN)/python -m analysis.notebooks --press --figures '$(REAL_FIGURES)' --corpus '$(REAL)' --language $(LANGUAGE)
	@cat '$(REAL_FIGURES)/contents.txt'

publish: $(MADE)
	@$(BIN)/python -m analysis.reproduction --figures '$(FIGURES)' --publish

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

lab: $(READY)
	KHITAB_FIGURES='$(abspath $(FIGURES))' KHITAB_CORPUS='$(if $(CORPUS),$(abspath $(CORPUS)))' \
		KHITAB_REAL='$(if $(REAL),$(abspath $(REAL)))' \
		$(BIN)/jupyter lab notebooks

datasheet: $(READY)
	$(BIN)/python data/sample/datasheet.py

# The peers live in an environment of their own: none of them is needed by the library.
bench: $(READY)
	@test -x build/bench/bin/python || $(PYTHON) -m venv build/bench
	build/bench/bin/python -m pip install --quiet --requirement benchmarks/requirements.txt
	@build/bench/bin/python -c 'import en_core_web_sm' 2>/dev/null \
		|| build/bench/bin/python -m spacy download en_core_web_sm >/dev/null 2>&1 \
		|| echo 'The English model of spaCy could not be fetched; textacy is left out.'
	$(BIN)/python benchmarks/themes.py --peers build/bench/bin/python
	$(BIN)/python benchmarks/quotes.py --peers build/bench/bin/python
	$(BIN)/python benchmarks/framing.py --peers build/bench/bin/python
	$(BIN)/python benchmarks/reading.py --peers build/bench/bin/python

# torch first, from the index of CPU builds: the ordinary Linux build brings gigabytes of CUDA.
$(READY): requirements.lock pyproject.toml
	@test -n '$(PYTHON)' || { echo 'khitab needs Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3.12'; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; echo 'Python could not make a virtual environment; on Debian or Ubuntu: apt install python3-venv'; exit 1; }
	@$(BIN)/python -c 'import torch' 2>/dev/null \
		|| $(BIN)/python -m pip install --quiet --retries 0 --timeout 20 --index-url $(CPU_INDEX) torch==$(TORCH) \
		|| { echo 'No CPU build of torch from $(CPU_INDEX); taking the ordinary one.'; \
		     $(BIN)/python -m pip install --quiet torch==$(TORCH); }
	$(BIN)/python -m pip install --quiet --requirement requirements.lock || { \
		echo 'Not every package could be installed. From Python 3.13 on, camel-tools needs a C++ compiler (g++);'; \
		echo 'install one, or use Python 3.11 or 3.12: rm -r .venv; make PYTHON=python3.12'; exit 1; }
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --retries 0 --timeout 20 --index-url $(CPU_INDEX) torch==$(TORCH) \
		|| build/lock/bin/python -m pip install --quiet torch==$(TORCH)
	build/lock/bin/python -m pip install --quiet '.[notebooks,morphology,dev]'
	{ echo '# Exact versions for `make figures` and `make test`; written by `make lock`.'; \
	  build/lock/bin/python -m pip freeze --exclude khitab | sed 's/+cpu//'; } > requirements.lock

clean:
	rm -rf build figures .venv
