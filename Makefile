# make demo | test | check | bench | bench-gpu | soak | serve | docs | release. Everything is installed into .venv.
PYTHON ?= python3
VENV ?= .venv
EXTRAS ?= dev
BIN = $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
RUN = "$(BIN)/python"
PIP = $(RUN) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable
EXCEPTIONS = import pydoc_data.topics as t; print(t.topics["exceptions"])

.PHONY: demo test check bench bench-gpu soak serve docs release base extras

demo: base
	@echo "Three documents: a sample, this project's README, and a chapter that ships with Python."
	@$(RUN) -c '$(EXCEPTIONS)' | $(RUN) -m neural_lab check docs/samples/notes.txt README.md -
	@echo "Now try your own: $(BIN)/neural-lab check FILE"

test: extras
	$(RUN) -m pytest

check: extras
	$(RUN) -m ruff check && $(RUN) -m ruff format --check && $(RUN) -m mypy && "$(BIN)/lint-imports"

bench:
	@$(MAKE) --no-print-directory extras EXTRAS=bench,postgres,redis,serve
	$(RUN) benchmarks/speed.py
	$(RUN) benchmarks/throughput.py
	$(RUN) benchmarks/audit.py
	$(RUN) benchmarks/serve.py
	$(RUN) benchmarks/large.py
	$(RUN) benchmarks/scale.py
	$(RUN) benchmarks/exported.py

# Large models on a graphics card; says so where there is none.
bench-gpu:
	@$(MAKE) --no-print-directory extras EXTRAS=bench
	$(RUN) benchmarks/gpu.py

# What takes long: every kill, and libraries of 100,000 documents. Needs PostgreSQL on its standard port.
soak:
	@$(MAKE) --no-print-directory extras EXTRAS=bench,dev,postgres,ray,redis,serve
	NEURAL_LAB_SOAK=1 $(RUN) -m pytest tests/unit/test_sqlite.py tests/unit/test_postgres.py \
		tests/service/test_api_hostile.py tests/service/test_serve_chaos.py tests/service/test_serve_balanced.py \
		tests/service/test_serve_swap.py tests/service/test_score_ray.py --timeout 7200
	$(RUN) benchmarks/audit.py --sizes 1000 10000 100000

serve:
	@$(MAKE) --no-print-directory extras EXTRAS=serve
	$(RUN) -m neural_lab serve

# The reference as the code is, and the site of all pages in site/: python -m http.server --directory site
docs:
	@$(MAKE) --no-print-directory extras EXTRAS=docs
	$(RUN) tools/reference.py
	$(RUN) tools/diagrams.py
	NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict

# The life of a detector: refused, promoted under load, drift, rollback, and a corpus scored by Ray.
story:
	@$(MAKE) --no-print-directory extras EXTRAS=dev,mlops,ray,serve,train
	$(RUN) tools/story.py

# Everything but publishing: checks, tests, wheel and sdist tried in a clean environment, SBOM, checksums.
release: check test
	@$(MAKE) --no-print-directory extras EXTRAS=release
	$(RUN) tools/release.py dist

base:
	@test -e "$(VENV)/base" || { echo "Setting up $(VENV) (downloads once) ..." && $(PYTHON) -m venv "$(VENV)" && $(PIP) . && touch "$(VENV)/base"; }

extras: base
	@test -e "$(VENV)/$(EXTRAS)" || { $(PIP) ".[$(EXTRAS)]" && touch "$(VENV)/$(EXTRAS)"; }
