# Errera's front door. `make` or `make help` lists what it does.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS   += --no-print-directory

DB      ?= var/demo.db
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unreleased)
LDFLAGS := -s -w -X main.version=$(VERSION)
# Inlining is for what computes. Pages, commands, the interface and what reads and writes files for them are much code that waits for the
# database: without it they are 3 MB smaller.
PLAIN   := errera.eu/errera/internal/web errera.eu/errera/internal/api errera.eu/errera/internal/cli github.com/danielgtaylor github.com/riverqueue \
	github.com/xuri codeberg.org/go-pdf github.com/digitorus github.com/alecthomas github.com/pressly github.com/wneessen \
	github.com/pelletier github.com/expr-lang github.com/lib/pq
GCFLAGS := $(foreach p,$(PLAIN),-gcflags='$(p)/...=-l')
# Pure Go: the binary needs no C library of the machine that it runs on.
GOBUILD := CGO_ENABLED=0 go build -trimpath -buildvcs=false $(GCFLAGS) -ldflags '$(LDFLAGS)'
TOOL    := go tool -modfile=tools/go.mod

ASSETS  := internal/web/assets/dist/THIRD-PARTY.txt
# Folders are listed too: their time changes when a file is added or removed.
SOURCES := $(filter-out demo,$(shell find go.mod go.sum main.go internal demo \( -type d -o -type f \) \
	! -name '*_test.go' ! -name '*.templ' ! -path '*/testdata*' ! -path 'internal/web/assets/dist*' ! -path 'internal/web/worldmap/dist*' 2>/dev/null))

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: check build ## build, and serve the reference programme (database in var/, kept between runs)
	@mkdir -p $(dir $(DB))
	@exec bin/errera demo --db $(DB)

.PHONY: demo-reset
demo-reset: check build ## throw the demo's database away, make it again and serve it
	@rm -f $(DB) $(DB)-wal $(DB)-shm $(DB)-journal
	@mkdir -p $(dir $(DB))
	@exec bin/errera demo --db $(DB)

.PHONY: build
build: check bin/errera ## build bin/errera

.PHONY: assets
assets: check $(ASSETS) ## fetch the front-end packages of the lock file and copy what is served

.PHONY: test
test: check build ## all tests, on SQLite and on PostgreSQL, with the race detector and a browser
	@scripts/test.sh

.PHONY: bench
bench: check build ## figures of speed, memory and size (JOB=pages for one of them)
	@scripts/with-postgres.sh --optional bin/errera bench $(JOB)

.PHONY: generate
generate: check ## make generated code again (templ)
	@$(TOOL) templ fmt internal/web
	@$(TOOL) templ generate -path internal/web

.PHONY: lint
lint: check ## form, vet, staticcheck, and whether generated code is up to date
	@scripts/lint.sh

.PHONY: dist
dist: check $(ASSETS) ## release files in dist/: Linux binaries, checksums, bill of materials
	@VERSION='$(VERSION)' LDFLAGS='$(LDFLAGS)' GCFLAGS="$(GCFLAGS)" scripts/dist.sh

.PHONY: clean
clean: ## remove what was built (the demo's database stays)
	@rm -rf bin dist node_modules
	@find internal/web/assets/dist internal/web/worldmap/dist -mindepth 1 ! -name .gitkeep -delete

.PHONY: check
check:
	@scripts/check-tools.sh

# The version enters the binary, so a new one links it again; an equal one leaves the file alone.
.PHONY: always
bin/.version: always
	@mkdir -p bin
	@test "$$(cat $@ 2>/dev/null)" = '$(VERSION)' || echo '$(VERSION)' > $@

bin/errera: $(SOURCES) $(ASSETS) bin/.version | check
	@echo 'Building bin/errera $(VERSION) (minutes the first time, seconds later)'
	@$(GOBUILD) -o $@ .
	@touch $@

node_modules/.package-lock.json: package-lock.json package.json .npmrc | check
	@echo 'Fetching front-end packages'
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(ASSETS): node_modules/.package-lock.json scripts/assets.sh
	@scripts/assets.sh
