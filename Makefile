# `make` alone lists what there is. ARGS goes to the command: make run ARGS="--port 9000"

ARGS ?=
PREFIX ?= /usr/local

.DEFAULT_GOAL := help
.PHONY: help bootstrap build install run test format lint tidy simulate faults hostile bench bench-peers clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

bootstrap: ## install what tests and measurements need and this machine lacks
	@scripts/bootstrap

build: ## build the executable for release (ARGS go to swift build)
	@scripts/bootstrap --build
	@scripts/build $(ARGS)

install: ## put what was built into PREFIX/bin (PREFIX=/usr/local)
	@install -d "$(PREFIX)/bin" && install .build/release/sojourn "$(PREFIX)/bin/sojourn"

run: ## build, then serve on 127.0.0.1:8080 (ARGS go to sojourn serve)
	@scripts/bootstrap --build
	@scripts/build
	@exec .build/release/sojourn serve $(ARGS)

test: ## everything CI runs (ARGS=--quick: without the slow builds)
	@scripts/test $(ARGS)

format: ## format all Swift files
	@scripts/lint --fix

lint: ## check the formatting
	@scripts/lint

tidy: ## check the habits of the repository: layers, sizes, bans, documentation
	@swift test --disable-xctest --filter '^TidyTests\.'

simulate: bootstrap ## ten thousand simulated worlds (ARGS="--seed 7": one, with all that happens)
	@scripts/simulate $(ARGS)

faults: bootstrap ## break a release binary on purpose for half an hour (ARGS="--fault zombies" only that)
	@scripts/build --enable-all-traits
	@exec python3 -m faults $(or $(ARGS),--long --write docs/reliability.md)

hostile: bootstrap ## attack a release binary with a million malformed requests and 10,000 slow connections
	@scripts/build --enable-all-traits
	@exec python3 -m faults.hostile $(or $(ARGS),--long --write docs/reliability.md)

bench: bootstrap ## measure all backends (ARGS="--only sqlite --write docs/benchmarks.md -- --rounds 5")
	@scripts/build --enable-all-traits
	@exec python3 benchmarks/run.py $(ARGS)

bench-peers: bootstrap ## compare with other queues on this machine (ARGS go to it)
	@scripts/build --enable-all-traits
	@exec python3 benchmarks/peers/run.py $(ARGS)

clean: ## remove everything that was built
	@echo "removing .build, .build-notraits and the examples' builds"
	@rm -rf .build .build-notraits Examples/*/.build
