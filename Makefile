# make demo   a running forum on http://127.0.0.1:8000 (PORT= changes it)
# make test   every test but the journeys; DATABASE_URL= moves it from SQLite to PostgreSQL
# make journeys, lint, format, bench
# make lock       the locked requirements, from pyproject.toml; make messages  the Khmer catalogue, from the sentences

export PORT ?= 8000
PYTHON = .venv/bin/python
BIN = $(PYTHON) -m

.PHONY: demo test journeys lint format bench lock messages
.SILENT:

demo:
	.ci/setup
	exec .ci/demo

test:
	.ci/setup --dev --poppler
	$(BIN) pytest --numprocesses logical --maxprocesses 8 --dist worksteal $(TESTS)

journeys:
	.ci/setup --dev --browser --poppler
	$(BIN) pytest tests/journeys -m journey --numprocesses 3 --dist loadscope --no-loadscope-reorder

lint:
	.ci/setup --dev
	.ci/lint

format:
	.ci/setup --dev
	.ci/lint --fix

bench:
	.ci/setup --dev --postgresql
	exec .ci/bench

lock:
	.ci/setup --dev
	.ci/lock

messages:
	.ci/setup --dev
	$(PYTHON) .ci/messages
