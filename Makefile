# PocketBase needs Go 1.27; an older go fetches it.
export GOTOOLCHAIN := auto
PORT ?= 8090
SEED ?=
N ?= 20000
MONEY ?= 3000
FIRST ?= 1
ONLY ?=
KILLS ?= 100
RESTORES ?= 5
FUZZTIME ?= 30s
PUSHTIME ?= 3m
GOLANGCI := v2.15.0
GOVULNCHECK := v1.9.0
TOOLS := $(CURDIR)/.tools

.DEFAULT_GOAL := help
.PHONY: policy help build demo demo-reset run tools test race sim sim-whole money torture fuzz bench fmt lint vuln check

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

build: ## build bin/satchel
	@go build -trimpath -o bin/satchel .

demo: build ## a demo company on 127.0.0.1:8090 (PORT=), and a rep's day played on it
	@PORT=$(PORT) ./bin/satchel demo --dir demo_data

demo-reset: ## forget the demo company and start over
	@rm -rf demo_data
	@$(MAKE) --no-print-directory demo

run: build ## serve pb_data on 127.0.0.1:8090 (PORT=)
	@./bin/satchel serve --http 127.0.0.1:$(PORT)

tools: ## what the tests need of the machine, by apt-get where that may be
	@missing=; for pair in tesseract:tesseract-ocr node:nodejs npm:npm chromium:chromium; do \
		command -v "$${pair%%:*}" >/dev/null || missing="$$missing $${pair##*:}"; done; \
	tesseract --list-langs 2>/dev/null | grep -q '^chi_sim$$' || missing="$$missing tesseract-ocr-chi-sim"; \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing; \
	else echo "the tests need:$$missing (Debian: sudo apt-get install$$missing)" >&2; exit 1; fi
	@command -v ZXingReader >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends zxing-cpp-tools; } || \
		echo "not installed: zxing-cpp-tools, by which more photographed invoices are read; one test does not run without" >&2

test: tools ## every test there is, all its way; go test ./... alone repeats the random ones less often
	go vet -composites=false ./... # texts are pairs: Chinese, English
	SATCHEL_WHOLE=1 go test -timeout 30m $$(go list ./... | grep -v sim/histories)
	SATCHEL_WHOLE=1 go test -timeout 30m ./sim/histories

race: ## the tests under the race detector
	go test -race -timeout 60m ./...

sim: ## random histories of the engine alone: N= how many, FIRST= from which seed, SEED= replays one
	go test ./sim/histories -count 1 -timeout 0 -v -args -n $(N) -first $(FIRST) $(if $(SEED),-seed $(SEED))

sim-whole: ## random histories of the whole system, likewise; a thousand take two minutes
	go test ./sim -run TestHistories -count 1 -timeout 0 -v -args -n $(N) $(if $(SEED),-seed $(SEED))

money: ## random histories of budgets on the real server, with copies put back and late phones: MONEY= how many
	go test ./hooks/expense/budgets -run TestBudgetsEqualANaiveRecount -count 1 -timeout 0 -args -n $(MONEY)

torture: build ## phones and faults against the built server: KILLS=, RESTORES=, SEED= repeats the choices
	@go test ./torture -count 1 -timeout 0 -v -args -binary $(CURDIR)/bin/satchel -kills $(KILLS) -restores $(RESTORES) $(if $(SEED),-seed $(SEED))

fuzz: ## every fuzz target for FUZZTIME=30s each, those of push bodies for PUSHTIME=3m
	@grep -rlE '^func Fuzz' --include=*_test.go . | xargs -n1 dirname | sort -u | while read -r pkg; do \
		for target in $$(grep -hoE '^func Fuzz[A-Za-z]+' $$pkg/*_test.go | cut -c6-); do \
			echo "$$pkg $$target"; \
			case $$target in FuzzPush | FuzzMutation) time=$(PUSHTIME);; *) time=$(FUZZTIME);; esac; \
			go test $$pkg -run '^$$' -fuzz "^$$target$$" -fuzztime $$time -fuzzminimizetime 20x || exit 1; \
		done; \
	done

bench: build ## measure, side by side, into bench/RESULTS.md; ONLY=poke,first prints parts of it; QR_SETS= has pictures of QRs
	@go run ./bench -binary bin/satchel -out bench/RESULTS.md $(if $(ONLY),-only $(ONLY))

fmt: $(TOOLS)/golangci-lint ## format the code
	@$(TOOLS)/golangci-lint fmt

lint: $(TOOLS)/golangci-lint ## lint and check the formatting
	@$(TOOLS)/golangci-lint run ./...
	@$(TOOLS)/golangci-lint fmt --diff

policy: ## write docs/policy.md: which clause is held by which rule and test
	@go test . -run TestPolicyPage -rewrite

vuln: $(TOOLS)/govulncheck ## known weaknesses of what the program calls; GOVULNDB=file:///DIR takes a copy of the database
	@./.ci/vuln $(TOOLS)/govulncheck

check: lint vuln test ## what CI runs

$(TOOLS)/golangci-lint:
	@GOTOOLCHAIN=go1.27.0 GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)

$(TOOLS)/govulncheck:
	@GOTOOLCHAIN=go1.27.0 GOBIN=$(TOOLS) go install golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK)
