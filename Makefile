# The report's commands. `make help` lists them.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links
PORTFOLIO ?=
SINCE ?=
AUDIT ?=
# Names of files are handed over in the environment, unexpanded, so that no character of them means
# anything to make or to a shell. What is given on make's command line, make would expand itself to
# export it: no variable may reach a recipe that way.
unexport DATA PORTFOLIO SINCE AUDIT
ifneq ($(value DATA),)
override LENDING_DATA := $(value DATA)
else
override LENDING_DATA := $(value LENDING_DATA)
endif
ifneq ($(value PORTFOLIO),)
override LENDING_PORTFOLIO := $(value PORTFOLIO)
else
override LENDING_PORTFOLIO := $(value LENDING_PORTFOLIO)
endif
ifneq ($(value SINCE),)
override REPORT_SINCE := $(value SINCE)
else
override REPORT_SINCE := $(value REPORT_SINCE)
endif
ifneq ($(value AUDIT),)
override REPORT_AUDIT := $(value AUDIT)
else
override REPORT_AUDIT := $(value REPORT_AUDIT)
endif
export LENDING_DATA LENDING_PORTFOLIO REPORT_SINCE REPORT_AUDIT
# Loans in a database, by an address or the YAML file of one, need what reads databases.
ifneq ($(findstring ://,$(value LENDING_DATA))$(filter %.yml %.yaml,$(lastword $(value LENDING_DATA))),)
DATABASES := $(VENV)/databases
endif
ifneq ($(findstring spark://,$(value LENDING_DATA)),)
DATABASES := $(VENV)/spark
endif
# The report is made with this environment's libraries and this folder's code, whatever else the
# caller's Python is told to load.
unexport PYTHONPATH PYTHONHOME PYTHONSAFEPATH

# Lets this environment's Python find the project's packages where it is told not to look for them
# in the folder that it is called in (PYTHONSAFEPATH).
IMPORTABLE := import os, pathlib, sysconfig; \
	pathlib.Path(sysconfig.get_path("purelib"), "module-12-report.pth").write_text(os.getcwd() + "\n")

.DEFAULT_GOAL := help
.PHONY: help report databases spark test test-quick bench pictures publish check format lock notice schema clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18
	@echo "  DATA=path/to/file names the loan file of make report, or the address of a database;"
	@echo "  PORTFOLIO=path/to/file.yml what it holds, where no file of its name beside it says so;"
	@echo "  SINCE=path/to/results.json an earlier report that it is compared with;"
	@echo "  AUDIT=path/to/report.md a hand-written report that is held against the loan file."

report: $(VENV)/report $(DATABASES) $(VENV)/quarto.log ## render _site/index.html, _site/report.pdf and _site/results.json
	@$(PY) -m render

databases: $(VENV)/databases ## install what reads loans from databases (make report does where DATA= is an address)

spark: $(VENV)/spark ## install what reads loans with Spark, too, which needs Java (likewise)

test: $(VENV)/develop $(VENV)/databases ## run all tests
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PY) -m pytest -q -n 2 --dist loadfile

test-quick: $(VENV)/develop ## run the tests but for those that render, open pages or compute for long
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PY) -m pytest -q -n 2 --dist loadfile -m "not slow"

bench: $(VENV)/develop ## measure against a plain script and a bare notebook (an hour, 1.7 GB in TMPDIR)
	@$(PY) -m benchmarks

pictures: $(VENV)/develop ## picture the page and the PDF of the last report in pictures/
	@$(PY) tests/support/pictures.py _site pictures

publish: report ## render, and say how the report gets onto a web site
	@echo "Every push to the default branch publishes the report (.github/workflows/publish.yml)."
	@echo "By hand: copy the folder _site to any web server; it is whole in itself."

check: $(VENV)/develop ## run ruff, mypy and the checks of the lock files and NOTICE.md
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@for name in requirements requirements-dev requirements-databases requirements-spark; do \
		cp $$name.txt $(VENV)/$$name.txt && \
		{ $(LOCK) $$name.in --output-file $(VENV)/$$name.txt || \
		{ echo "$$name.in cannot be compiled: see above, and whether the index can be reached"; exit 1; }; } && \
		cmp $$name.txt $(VENV)/$$name.txt || \
		{ echo "$$name.txt is not what $$name.in compiles to: run make lock"; exit 1; }; \
	done
	@$(PY) tools/notice.py --check

format: $(VENV)/develop ## format the code
	@$(VENV)/bin/ruff check --fix
	@$(VENV)/bin/ruff format

lock: $(VENV)/develop ## compile the requirements, keeping versions that still fit
	@$(LOCK) requirements.in --output-file requirements.txt
	@$(LOCK) requirements-dev.in --output-file requirements-dev.txt
	@$(LOCK) requirements-databases.in --output-file requirements-databases.txt
	@$(LOCK) requirements-spark.in --output-file requirements-spark.txt

schema: $(VENV)/develop ## write the schemas of results.json, settings.yml and declarations from the classes
	@$(PY) -m tools.schema

notice: $(VENV)/develop ## write NOTICE.md: each dependency with its version and licence
	@$(PY) tools/notice.py

clean: ## remove the report, the caches and the environment
	rm -rf _site .cache $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find analysis benchmarks render tests tools -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -c '$(IMPORTABLE)'
	@touch $@

$(VENV)/report: requirements.txt | $(VENV)/created
	@echo "Installing what the report needs"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/develop: requirements-dev.txt $(VENV)/report
	@echo "Installing what the checks need"
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(VENV)/databases: requirements-databases.txt | $(VENV)/report
	@echo "Installing what reads databases"
	@$(PIP) -r requirements-databases.txt
	@touch $@

$(VENV)/spark: requirements-spark.txt | $(VENV)/databases
	@echo "Installing Spark"
	@$(PIP) -r requirements-spark.txt
	@touch $@

$(VENV)/quarto.log: requirements-quarto.txt | $(VENV)/report
	@$(PY) -m render.quarto $@
