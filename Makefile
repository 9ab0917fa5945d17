# The whole vocabulary. Each word prepares what it needs; nothing is installed outside this folder.
.DEFAULT_GOAL := words
# Containers often forbid compiled Python beside its source; every start would then read Django's sources anew, a second
# and more each time. Here the compiled files stay in this folder, and git does not see them.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: words run test check fix seed bench docs
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# Python 3.11 or newer: the one already in .venv, else the first that is found.
PYTHON ?= $(shell for python in .venv/bin/python python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done || echo python3)
PY := .venv/bin/python
RUNTIME = @$(PYTHON) tools/bootstrap.py runtime
DEV = @$(PYTHON) tools/bootstrap.py dev

words:
	@echo "make run      build the demonstration district (the first time) and serve it on http://127.0.0.1:8000"
	@echo "make test     run every test; ARGS=\"tests/rules -k fees\" for some of them"
	@echo "make check    read everything that can be checked without running; changes nothing; ARGS=types for one check"
	@echo "make fix      repair what a machine can: form, imports, generated pages, lock files"
	@echo "make seed     build the demonstration district anew; SIZE=S, M or L"
	@echo "make bench    print every figure this project claims; ARGS=\"bills\" for one of them"
	@echo "make docs     write the generated pages and tables"

run:
	$(RUNTIME)
	@DEMONSTRATION=True $(PY) manage.py demo $(ARGS)

test:
	$(DEV)
	@exec $(PY) -m tools.test $(ARGS)

check:
	$(DEV)
	@exec $(PY) -m tools.check $(ARGS)

fix:
	$(DEV)
	@exec $(PY) -m tools.fix

seed:
	$(RUNTIME)
	@DEMONSTRATION=True $(PY) manage.py seed --anew --size $(or $(SIZE),M) $(ARGS)

bench:
	$(DEV)
	@exec $(PY) -m benchmarks $(ARGS)

docs:
	$(DEV)
	@exec $(PY) -m tools.docs
