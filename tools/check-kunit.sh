#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The kernel's unit tests: the harness's negative controls, then all KUnit suites, on a debug kernel.
#
# The last line is "check-kunit: N passed, N failed, N skipped".
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

kdir=$(kernel_dir debug)
plan=$top/build/guest/kunit.plan

make -s -C "$top" tools
make -s -C "$top/selftests"
make -s -C "$top/kmod" module KDIR="$kdir"
make -s -C "$top/kunit" KDIR="$kdir"
build_modules debug

# A suite that did not run would not be missed otherwise.
suites=$(cat "$top"/kunit/*_test.c | grep -c '^kunit_test_suite(')
mkdir -p "$top/build/guest"
sed "s/@SUITES@/$suites/" "$top/selftests/plans/kunit.plan" >"$plan"

# The longest first.
{
	echo "'$top/tools/guest/run.sh' --name kunit --kernel debug --plan '$plan'"
	echo "'$top/tools/guest/run.sh' --name nomem --kernel debug --plan '$top/selftests/plans/nomem.plan'"
	echo "'$top/tools/guest/negative.sh'"
} | "$top/tools/guest/lanes.sh" | "$top/tools/guest/totals.sh" check-kunit 3
