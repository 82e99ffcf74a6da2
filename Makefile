# Interpos Cabinet. `make` lists the targets; the first two need nothing but
# Go, Node and make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

GOLANGCI_VERSION := v2.15.0
GOLANGCI := .tools/bin/golangci-lint-$(GOLANGCI_VERSION)
GO_BUILD := go build -tags embed_spa -ldflags '-s -w'
# Beside the product's own: what these pin is not the product's.
GO_MODULES := api/cmd/openapi api/clients chaos .ci/mutations bench/pocketbase
# Programs, linters and generators compile everything alike, and so only once.
export CGO_ENABLED := 0

MODULES := frontend/node_modules/.package-lock.json
SPA := frontend/dist/index.html
SPA_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	$(wildcard frontend/*.html frontend/*.json frontend/*.cjs frontend/vite.config.ts)
GENERATED := openapi.yaml docs/errors.md docs/protocol.md frontend/src/model/kinds.ts frontend/src/model/access.ts \
	frontend/src/shared/format/currencies.json frontend/src/shared/format/minor-digits.json frontend/src/shared/format/time-zones.json \
	frontend/src/shared/form/limits.json frontend/src/shared/api/schema.d.ts

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Run

.PHONY: demo
demo: build ## Run the cabinet with a demo venue that goes on selling
	@exec bin/cabinet demo

.PHONY: run
run: build ## Run the cabinet on its own PostgreSQL; without SMTP_URL, letters are at /dev/mail
	@DEV_INBOX=$${DEV_INBOX:-on} exec bin/cabinet serve

.PHONY: dev
dev: $(MODULES) ## Run the API, and Vite with a proxy to it; Ctrl-C stops both
	@.ci/dev

##@ Check

.PHONY: test
test: test-go test-unit test-e2e ## Run all tests: Go, frontend, browser

.PHONY: test-go
test-go: $(MODULES) ## Run the Go tests on a real PostgreSQL
	@.ci/curl
	@.ci/test-go

.PHONY: test-pooled
test-pooled: ## Run the tests of the API through PgBouncer, with an owner of the database who may create no roles
	@.ci/pgbouncer
	TEST_POOLER=pgbouncer TEST_OWNER=plain go test -timeout 20m -count 1 ./api

.PHONY: test-unit
test-unit: $(MODULES) ## Run the frontend's unit tests
	cd frontend && npm run --silent test

.PHONY: test-e2e
test-e2e: build ## Run the browser tests against the built binary
	browser=$$(.ci/chromium); cd frontend && CHROMIUM="$$browser" npm run --silent e2e

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (10m), one after another
	@.ci/fuzz

.PHONY: chaos
chaos: ## Make trouble for server, agents and database, N rounds of it (N=100 SEED=…)
	CHAOS_ROUNDS=$${N:-100} go test -C chaos -run '^TestEverybodyFindsTheWayBackFromEveryFault$$' -count 1 -timeout 0 -v .

.PHONY: mutations
mutations: ## Break the product on purpose, promise by promise: a test must notice
	@go run -C .ci/mutations .

.PHONY: check
check: fresh lint vet ## Run every check that is no test, as CI does

.PHONY: vet
vet: ## Look for mistakes in the Go of all modules, and for loose ends in what they require
	@for module in . $(GO_MODULES); do (set -x; go vet -C $$module ./...); done
	@for module in . $(GO_MODULES); do (set -x; go mod tidy -C $$module -diff); done

.PHONY: lint
lint: lint-go lint-frontend lint-api ## Run the linters of all languages

.PHONY: lint-go
lint-go: $(GOLANGCI) ## Hold Go's format, rules and the walls between packages
	@for module in . $(GO_MODULES); do (set -x; cd $$module && $(CURDIR)/$(GOLANGCI) run ./...); done

.PHONY: lint-frontend
lint-frontend: $(MODULES) ## Hold the frontend's format, rules and types
	cd frontend && npm run --silent format:check
	cd frontend && npm run --silent lint
	cd frontend && npm run --silent typecheck

.PHONY: lint-api
lint-api: $(MODULES) ## Hold openapi.yaml against the rules of OpenAPI
	REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true frontend/node_modules/.bin/redocly lint openapi.yaml

.PHONY: fresh
fresh: ## Fail where a generated file is not what `make generate` makes
	@before=$$(git hash-object $(GENERATED) || true); \
	$(MAKE) --no-print-directory generate; \
	[[ $$before == "$$(git hash-object $(GENERATED))" ]] || { \
		echo 'Generated files were stale. They are fresh now: commit $(GENERATED)' >&2; exit 1; }

##@ Make

.PHONY: generate
generate: $(MODULES) ## Generate what is made of kinds and annotations: openapi.yaml, the SPA's model and client, tables of the protocol
	go run ./api/cmd/kinds
	go run ./api/cmd/model
	go run -C api/cmd/openapi .
	cd frontend && npm run --silent generate

.PHONY: build
build: $(SPA) ## Build bin/cabinet, with the SPA inside, bin/agent and bin/kit
	$(GO_BUILD) -o bin/cabinet ./api/cmd/cabinet
	$(GO_BUILD) -o bin/agent ./api/cmd/agent
	$(GO_BUILD) -o bin/kit ./api/cmd/kit

.PHONY: bench
bench: build ## Measure against the raw limits: one table, some ten minutes; ROWS='push pull' for some of it
	@go run ./bench $(ROWS)

.PHONY: clean
clean: ## Remove what was built; keeps .data and downloaded tools
	rm -rf bin frontend/dist frontend/test-results frontend/playwright-report coverage.out

$(MODULES): frontend/package.json frontend/package-lock.json
	cd frontend && npm ci
	@touch $@

$(SPA): $(MODULES) $(SPA_SOURCES)
	cd frontend && npm run --silent build
	@touch $@

$(GOLANGCI):
	GOBIN=$(CURDIR)/.tools/install go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mkdir -p $(@D) && mv .tools/install/golangci-lint $@
