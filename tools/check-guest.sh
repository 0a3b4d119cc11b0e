#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The selftests against the real module, on each kernel that Weir supports and on the debug kernel;
# on the former real work as well, and on the newest a machine that is reset.
#
#   check-guest.sh [KERNEL...]    default: 6.1 6.12 debug
#
# The last line is "check-guest: N passed, N failed, N skipped".
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

[ $# -gt 0 ] || set -- 6.1 6.12 debug
# A kernel, a run; and one more of those that do real work.
runs=0
for kernel in "$@"; do
	runs=$((runs + 2))
	[ "$kernel" != debug ] || runs=$((runs - 1))
	[ "$kernel" != 6.12 ] || runs=$((runs + 1))
done
make -s -C "$top" tools
make -s -C "$top/selftests"
for kernel in "$@"; do
	make -s -C "$top/kmod" module KDIR="$(kernel_dir "$kernel")"
	build_modules "$kernel"
done
mkdir -p "$top/build/guest"
run=$top/tools/guest/run.sh
plan=$top/selftests/plans/guest.plan
# One round of everything is enough on the others; what is about the disk is not the kernel's.
sed -e 's/^repeat .*/repeat 1/' -e '/^step \(boot\|full\|clock\|kill\) /d' "$plan" \
	>"$top/build/guest/once.plan"
# The longest first.
{
	for kernel in "$@"; do
		which=$top/build/guest/once.plan
		[ "$kernel" != 6.12 ] || which=$plan
		echo "'$run' --name guest-$kernel --kernel $kernel --plan '$which'"
	done
	for kernel in "$@"; do
		[ "$kernel" != 6.12 ] || echo "'$top/tools/guest/resets.sh' $kernel"
		[ "$kernel" = debug ] || echo "'$top/tools/guest/workload.sh' $kernel"
	done
} | "$top/tools/guest/lanes.sh" | "$top/tools/guest/totals.sh" check-guest "$runs"
