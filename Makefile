# One command each; every target sets up what it needs by itself on a machine with Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
HOST ?= 127.0.0.1

.PHONY: app test check bench bench-gpu messages screenshots
app: $(VENV)/.installed
	$(BIN)/streamlit run streamlit_app.py --server.port $(PORT) --server.address $(HOST)

# What needs no browser runs two at a time; threads that wait for each other then must not spin.
test: $(VENV)/.installed-dev $(VENV)/.browser
	OMP_WAIT_POLICY=passive $(BIN)/python -m pytest tests --ignore=tests/browser --ignore=tests/pages -n 2 --dist worksteal
	$(BIN)/python -m pytest tests/pages tests/browser

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed-dev $(VENV)/.browser
	$(BIN)/python -m bench

# Where a GPU is at hand: its loop against a tutorial's, and times to accuracies.
bench-gpu: $(VENV)/.installed-dev
	$(BIN)/python -m bench.gpu

# Collects every marked string into the template that translators start from.
messages: $(VENV)/.installed-dev
	$(BIN)/pybabel extract -F babel.cfg -k _ -k N_ --no-location --sort-output --omit-header -o assets/locale/livetorch.pot core pages
	$(BIN)/pybabel update -D livetorch -d assets/locale -i assets/locale/livetorch.pot --no-fuzzy-matching --ignore-obsolete --omit-header

# Takes the README's picture anew.
screenshots: $(VENV)/.installed-dev $(VENV)/.browser
	LIVETORCH_SCREENSHOTS=assets/screenshots $(BIN)/python -m pytest tests/browser -k screenshots

$(VENV)/.installed: requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	touch $@ $(VENV)/.installed

# A Chromium that is there already is used; otherwise Playwright fetches its own.
$(VENV)/.browser: $(VENV)/.installed-dev
	command -v chromium || command -v chromium-browser || command -v google-chrome || $(BIN)/playwright install chromium
	touch $@
