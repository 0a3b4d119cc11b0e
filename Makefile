# SPDX-License-Identifier: GPL-2.0
# The top of Weir: each target hands over to the folder that does the work. See make help.
.DEFAULT_GOAL := all
PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: all tools module demo check check-host check-kunit check-guest prove bench bench-match \
	bench-hooks fuzz drills install uninstall clean help

all: tools module

tools:
	$(MAKE) -C interpreter
	$(MAKE) -C tools
	$(MAKE) -C loader

module:
	$(MAKE) -C kmod module

demo:
	tools/deps.sh build demo
	tools/demo.sh

check:
	tools/deps.sh build host guest
	tools/check.sh check-host check-kunit check-guest

check-host:
	tools/deps.sh build host
	tools/check-host.sh

check-kunit:
	tools/deps.sh build guest
	tools/check-kunit.sh

check-guest:
	tools/deps.sh build guest
	tools/check-guest.sh

prove:
	tools/deps.sh prove
	$(MAKE) -j2 -Otarget --no-print-directory -C interpreter/proof

bench: bench-match bench-hooks
	$(if $(DOC),cp build/bench/matching-results.* Documentation/)

bench-match: tools
	tools/deps.sh build bench
	$(MAKE) -C tools/bench
	python3 tools/bench/match.py build/bench 10 100 1000 10000 $(if $(BENCH_BIG),100000)

bench-hooks: tools
	tools/deps.sh build guest bench
	$(MAKE) -C tools/bench
	tools/bench.sh

fuzz:
	tools/deps.sh build host
	$(MAKE) -C tools/fuzz

drills:
	tools/deps.sh build demo
	tools/drills.sh

install uninstall:
	tools/install.sh $@ "$(DESTDIR)" "$(PREFIX)"

clean:
	rm -rf build

help:
	@echo 'all          tools and module'
	@echo 'tools        build/weirc and build/weirctl'
	@echo 'module       build/KERNEL/weir.ko; KDIR= kernel build tree, CERT= certificates to trust'
	@echo 'demo         the whole way in a virtual machine: rules, detections, the drill of 19 July'
	@echo 'check        check-host, check-kunit and check-guest'
	@echo 'check-host   tests of tools and core in user space'
	@echo 'check-kunit  KUnit suites and negative controls on a debug kernel (built once, cached)'
	@echo 'check-guest  selftests on the Debian kernels 6.1 and 6.12, and on the debug kernel'
	@echo 'prove        the proof of the core'
	@echo 'bench        bench-match and bench-hooks; DOC=1: and their report into Documentation/'
	@echo 'bench-match  cost of matching, by number of rules, beside other engines; BENCH_BIG=1, RULES='
	@echo 'bench-hooks  cost of evaluating the demo rules; and in a guest, of capture and matching'
	@echo 'fuzz         a short run of the fuzzers'
	@echo 'drills       wrong content, broken machines, and a machine that stays usable'
	@echo 'install      PREFIX=$(PREFIX), DESTDIR='
	@echo 'uninstall    what install put there'
	@echo 'clean        removes build/'
