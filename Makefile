# make demo | test | check | bench | serve. Everything is installed into .venv.
PYTHON ?= python3
VENV ?= .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PIP = "$(BIN)/python" -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test check bench serve clean

demo: $(VENV)/base
	"$(BIN)/neural-lab" check README.md docs/samples/essay.txt --full

test: $(VENV)/dev
	"$(BIN)/python" -m pytest

check: $(VENV)/dev
	"$(BIN)/ruff" check && "$(BIN)/ruff" format --check && "$(BIN)/mypy" && "$(BIN)/lint-imports"

bench: $(VENV)/dev
	"$(BIN)/python" benchmarks/speed.py

serve:
	@echo "The web page and the API are not built yet; see README.md." && exit 1

$(VENV)/base: pyproject.toml constraints.txt
	$(PYTHON) -m venv "$(VENV)" && $(PIP) --editable . && touch "$@"

$(VENV)/dev: $(VENV)/base
	$(PIP) --editable ".[dev]" && touch "$@"

clean:
	rm -rf "$(VENV)" build dist
