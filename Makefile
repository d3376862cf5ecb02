# make help tells what there is. Nothing needs to be set up before any of it.

PYTHON ?= python3
export PYTHONPATH := $(CURDIR)/tests

CHECKS := lint sanity unit integration conformance lab-tests rig molecule

.DEFAULT_GOAL := help
.PHONY: help demo bench pictures test clean python $(CHECKS)

help:
	@echo "make demo         a simulated router and phone, set up by this collection, before your eyes"
	@echo "make test         all that CI checks, with each supported Python and ansible-core found here"
	@echo "make bench        what a run costs, written to build/benchmarks/"
	@echo "make pictures     the pictures of the report in docs/pictures; needs Chromium"
	@echo "make clean        remove all that make made"
	@echo
	@echo "Parts of make test, with the Python at hand:"
	@echo "  make lint unit sanity integration conformance lab-tests rig molecule"
	@echo
	@echo "PYTHON=python3.12 chooses another Python, 3.11 or newer."

demo: .venv/.stamp
	@.venv/bin/python tests/tools/demo.py

bench: .venv/.stamp
	@.venv/bin/python -m benchmarks.converge
	@.venv/bin/python -m benchmarks.recovery
	@.venv/bin/python -m benchmarks.doctor
	@.venv/bin/python -m benchmarks.drill

pictures: python
	@$(PYTHON) -m venv build/venv-pictures
	@build/venv-pictures/bin/python -m pip install -qq --disable-pip-version-check ansible-core -r requirements.txt -r tests/requirements.txt
	@build/venv-pictures/bin/python -m tools.pictures

test: python
	@$(PYTHON) -m tools.run_checks

$(CHECKS): python
	@$(PYTHON) -m tools.run_checks $@

# What a user of the collection has: ansible-core and the two libraries, nothing else.
.venv/.stamp: requirements.txt | python
	@echo "Making .venv with ansible-core and what requirements.txt names ..."
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install -qq --disable-pip-version-check ansible-core -r requirements.txt
	@touch $@

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "This needs Python 3.11 or newer; name one: make PYTHON=python3.12")'

clean:
	rm -rf build .venv collections .ansible .cache tests/output
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
