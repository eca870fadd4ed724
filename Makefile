# Heard. Every target sets up what it needs, says what it does, and is quick the second time.
# Downloads are kept outside target/, in ~/.cache/heard (or $HEARD_CACHE).
SHELL := /bin/bash
export PATH := $(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

TARGET := $(or $(CARGO_TARGET_DIR),target)
HEARD := $(TARGET)/debug/heard
CONFIG ?= config/heard.toml
HEADS := models/heads.safetensors
TRAINING := $(sort $(wildcard models/data/*.jsonl))
STEP := . setup/common.sh; step

# One thing after another: two cargos would wait for each other, and the lines below would mix.
.NOTPARALLEL:
.PHONY: help demo test run bench fuzz check heads models setup setup-test build clean
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: setup build ## the whole system on a sample inbox, on this machine alone
	@echo "==> Starting the demonstration (Ctrl-C ends it)"; exec $(HEARD) demo $(ARGS)

# Tests switch on more of the dependencies' features: building with them at once saves building twice.
test: BUILD = cargo test --no-run --locked --quiet
test: setup setup-test check build ## everything that is checked: format, lints, documents, dependencies, tests
	@setup/run-tests.sh $(ARGS)

run: setup build ## the system as config/heard.toml says
	@[ -e $(CONFIG) ] || { echo "There is no $(CONFIG) yet: copy config/heard.example.toml there, fill in your council's, and try it with: $(HEARD) doctor" >&2; exit 1; }
	@echo "==> Starting Heard (Ctrl-C ends it)"; exec $(HEARD) serve --config $(CONFIG) $(ARGS)

bench: setup setup-test ## speed and exactness, in figures
	@$(STEP) "Measuring" tests/bench/run.sh $(ARGS)

fuzz: setup ## feed broken mail to everything that reads mail (TIME=seconds for each target, ARGS=targets)
	@setup/fuzz.sh
	@TIME=$(or $(TIME),60) fuzz/run.sh $(ARGS)

check: setup setup-test ## format, lints, documents, dependencies
	@$(STEP) "Format" cargo fmt --all --check
	@$(STEP) "Lints" cargo clippy --all-targets --locked --quiet -- -D warnings
	@export RUSTDOCFLAGS="-D warnings"; $(STEP) "Documents of the code" cargo doc --no-deps --document-private-items --locked --quiet
	@$(STEP) "Dependencies" setup/audit.sh

# The heads stand in the repository; fitting them anew takes some minutes, and the same messages give the same heads.
heads: build ## fit the classifier to models/data again
	@$(STEP) "Fitting the classifier to $(words $(TRAINING)) files of messages" $(HEARD) train --out $(HEADS) $(TRAINING)

models: setup

setup: ## packages, libtorch, the sentence encoder, the pages' styles
	@$(STEP) "Debian's packages" setup/packages.sh build
	@$(STEP) "Rust" setup/rust.sh
	@$(STEP) "libtorch" setup/libtorch.sh
	@$(STEP) "The sentence encoder" setup/encoder.sh
	@$(STEP) "The pages' styles" setup/assets.sh

setup-test:
	@$(STEP) "Debian's packages for the tests" setup/packages.sh test
	@$(STEP) "The chat stand-in" setup/telegram-test.sh
	@$(STEP) "The OAuth2 stand-in" setup/oauth-test.sh
	@$(STEP) "The checker of PDFs" setup/pdf-test.sh
	@$(STEP) "cargo-nextest and cargo-deny" setup/tools.sh

BUILD = cargo build --locked
build: setup
	@$(STEP) "Building (the first time takes minutes)" $(BUILD)

clean: ## remove what was built (downloads stay)
	@cargo clean
	@rm -rf src/web/assets setup/telegram-test/node_modules setup/oauth-test/node_modules setup/pdf-test/packages .run
