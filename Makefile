# `make up` and `make test` are all there is to know; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build test lint format check up demo bench bench-peers bench-peers-25m bench-scheduling bench-quality bench-warm bench-registry bench-ui test-airflow test-mlflow test-s3 test-ui release install reset

PREFIX ?= /usr/local
ARGS ?=
# Fixed: other flags would build every package anew.
FLAGS := --explicit-target-dependency-import-check error
RELEASE := $(FLAGS) -c release --static-swift-stdlib
BINARY = $(shell swift build $(RELEASE) --show-bin-path)/mlstack
PACKAGES := libsqlite3-dev libcurl4-openssl-dev

help: ## what there is to make
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

setup: ## install what is missing (Debian packages; asks for sudo only then)
	@command -v swift >/dev/null || { echo "error: there is no swift on this machine."; \
	  echo "  fix: install Swift 6.2 or later: https://www.swift.org/install/linux/"; exit 1; }
	@missing=$$(for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	if [ -n "$$missing" ] && command -v apt-get >/dev/null; then \
	  sudo=; [ $$(id -u) = 0 ] || sudo=sudo; \
	  echo "installing the Debian packages" $$missing "$${sudo:+(sudo may ask for your password)}"; \
	  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	fi

build: setup ## build for development
	swift build $(FLAGS)

test: setup ## build and run every test
	@mkdir -p .build; swift test $(FLAGS) 2>&1 | tee .build/test.log; status=$${PIPESTATUS[0]}; \
	if [ $$status != 0 ]; then \
	  echo; echo "what failed, again:"; grep -E '✘|error:|Fatal error' .build/test.log; exit $$status; \
	fi

lint: ## check the style
	swift format lint --strict --recursive Package.swift Sources Tests

format: ## put the style right
	swift format --in-place --recursive Package.swift Sources Tests

check: lint test ## what CI runs: style and tests

release: setup ## build the one file, with the Swift runtime inside
	swift build $(RELEASE) --product mlstack
	@mkdir -p .build/dist && cp "$(BINARY)" .build/dist/new && strip .build/dist/new && mv .build/dist/new .build/dist/mlstack && ls -lh .build/dist/mlstack

up: release ## start the stack on the bundled dataset (ARGS="--day-length 1s" passes options)
	@exec .build/dist/mlstack up $(ARGS)

demo: release ## the bundled dataset from its first day to its last, at full speed
	@home=$$(mktemp -d) && .build/dist/mlstack up --home $$home --port 0 --day-length 0 --exit-when-done; rm -rf "$$home"

bench: release ## measure: reading, training, a replay, answers, tracking
	Tests/Benchmarks/run .build/dist/mlstack

bench-scheduling: release ## the scheduler: start, trigger, chains, crashes, 10,000 pipelines, a million records
	Tests/Benchmarks/scheduling .build/dist/mlstack $(ARGS)

bench-peers: release ## the same beside polars, implicit, FastAPI and MLflow's server (pip installs them in .build)
	Tests/Benchmarks/peers .build/dist/mlstack $(ARGS)

bench-registry: release ## the part of that with MLflow's server alone: tracking, artifacts, memory
	Tests/Benchmarks/peers .build/dist/mlstack --only registry $(ARGS)

bench-peers-25m: release ## that with 25 million ratings (ARGS="--only als" passes options)
	Tests/Benchmarks/peers .build/dist/mlstack --ratings 25000000 $(ARGS)

bench-quality: release ## how well each algorithm ranks, beside references (MLSTACK_TEST_DATA names the data)
	Tests/Benchmarks/quality .build/dist/mlstack $(ARGS)

bench-warm: release ## what a warm start is worth: quality against time over 20 days
	Tests/Benchmarks/warm .build/dist/mlstack $(ARGS)

bench-ui: release ## the pages in a real browser: weight, time to show what is large, what ten of them cost (needs Debian's chromium)
	Tests/Benchmarks/pages .build/dist/mlstack $(ARGS)

test-airflow: release ## export pipelines, and have a real Airflow load and run them (pip installs it in .build)
	Tests/Export/airflow .build/dist/mlstack $(ARGS)

test-mlflow: release ## the real MLflow client against this and against MLflow's own server (pip installs it in .build)
	Tests/mlflow/run .build/dist/mlstack $(ARGS)

test-s3: release ## a whole stack with its models in a bucket of a real S3 store (pip installs moto in .build)
	Tests/S3/bucket .build/dist/mlstack $(ARGS)

test-ui: release ## walk through the pages in a real browser, and look whether everybody can use them (needs Debian's chromium)
	Tests/UI/run .build/dist/mlstack $(ARGS)

install: release ## copy the program to PREFIX/bin (/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin && install .build/dist/mlstack $(DESTDIR)$(PREFIX)/bin/mlstack

reset: ## remove everything the stack has written to var/
	@find var -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -rf {} + && echo "var/ is empty"
