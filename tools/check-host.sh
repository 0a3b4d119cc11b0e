#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The host tier: builds the tools and runs every test script of tools/tests and loader/tests.
#
# A script prints "ok NAME", "not ok NAME" or "skip NAME WHY", one line a case, and ends with 0 when
# nothing failed. The last line is "check-host: N passed, N failed, N skipped".
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
logs=$top/build/check-host
passed=0
failed=0
skipped=0

count() {
	grep -cE "$1" "$2" || true
}

one() {
	name=$(basename "$(dirname "$(dirname "$1")")")-$(basename "$1" .sh)
	log=$logs/$name.log
	status=0
	began=$(date +%s)
	WEIRC=$top/build/weirc WEIRCTL=$top/build/weirctl sh "$1" >"$log" 2>&1 || status=$?
	bad=$(count '^not ok ' "$log")
	left=$(count '^skip |^ok .*# SKIP' "$log")
	good=$(($(count '^ok ' "$log") - $(count '^ok .*# SKIP' "$log")))
	if [ $((good + bad + left)) = 0 ] || { [ "$status" != 0 ] && [ "$bad" = 0 ]; }; then
		echo "not ok $name ended with status $status" >>"$log"
		bad=$((bad + 1))
	fi
	passed=$((passed + good))
	failed=$((failed + bad))
	skipped=$((skipped + left))
	echo "$name: $good passed, $bad failed, $left skipped, $(($(date +%s) - began)) s"
	[ "$bad" = 0 ] || { grep -E -B 20 '^not ok ' "$log" | tail -n 60 && echo "  log: $log"; }
}

mkdir -p "$logs"
make -s -C "$top" tools
for script in "$top"/tools/tests/*.sh "$top"/loader/tests/*.sh; do
	[ -e "$script" ] || continue
	one "$script"
done
[ "$passed" != 0 ] || { echo "no test passed" && failed=$((failed + 1)); }
echo "check-host: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
