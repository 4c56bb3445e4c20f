# Every target builds the environment it needs under .cells/ and leaves it alone while nothing changed.

PORT ?= 8000
SUITABLE := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c '$(SUITABLE)' 2>/dev/null && { echo $$python; break; }; done)
CELLS = $(or $(PYTHON),$(error Python 3.11 or newer is needed; name one with PYTHON=...)) -m tools.cells

.DEFAULT_GOAL := help
.PHONY: help demo check test conformance soak projects bench docs lock clean

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

demo: ## the demo shop in production mode on 127.0.0.1 (PORT=8000)
	@PORT='$(PORT)' $(CELLS) demo

check: ## lint, types and the tests of the rules on one cell
	@$(CELLS) check

test: ## the whole suite: every cell found, real servers, the documentation (INSTALL=no: no system packages)
	@INSTALL='$(INSTALL)' $(CELLS) test

conformance: ## the HTTP conformance run against real servers
	@INSTALL='$(INSTALL)' $(CELLS) conformance

soak: ## interrupt builds and uploads, fill the disk, switch releases under visitors (SEED, SECONDS=300 for each part)
	@SEED='$(SEED)' SECONDS='$(SECONDS)' $(CELLS) soak

projects: ## the doctor in projects of others, installed from their packages
	@INSTALL='$(INSTALL)' $(CELLS) projects

bench: ## peers beside us, one table
	@INSTALL='$(INSTALL)' $(CELLS) bench

docs: ## the documentation, warnings fatal, into docs/_build/html
	@$(CELLS) docs

lock: ## compile the pinned requirements again (UPGRADE=1: take newer versions)
	@UPGRADE='$(UPGRADE)' $(CELLS) lock

clean: ## remove what the other targets made
	rm -rf .cells .mypy_cache .pytest_cache .ruff_cache .hypothesis docs/_build
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
