#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The host tier: builds the tools, with and without sanitizers, and runs their tests.
#
# Tests are all scripts of tools/tests but helpers (a lib.sh, or one that says "# usage:"), and what
# make -C loader check runs. They print "ok NAME", "not ok NAME" or "skip NAME WHY", one line a case,
# and end with 0 when nothing failed. The last line is "check-host: N passed, N failed, N skipped".
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
logs=$top/build/check-host
passed=0
failed=0
skipped=0

count() {
	grep -cE "$1" "$2" || true
}

# one NAME COMMAND...: runs it and counts what it prints
one() {
	name=$1
	log=$logs/$1.log
	shift
	status=0
	began=$(date +%s)
	"$@" >"$log" 2>&1 || status=$?
	bad=$(count '^not ok ' "$log")
	left=$(count '^skip |^ok .*# SKIP' "$log")
	good=$(($(count '^ok ' "$log") - $(count '^ok .*# SKIP' "$log")))
	if [ $((good + bad + left)) = 0 ] || { [ "$status" != 0 ] && [ "$bad" = 0 ]; }; then
		tail -n 20 "$log"
		echo "not ok $name ended with status $status" >>"$log"
		bad=$((bad + 1))
	fi
	passed=$((passed + good))
	failed=$((failed + bad))
	skipped=$((skipped + left))
	echo "$name: $good passed, $bad failed, $left skipped, $(($(date +%s) - began)) s"
	[ "$bad" = 0 ] || { grep -E -A 6 '^not ok ' "$log" | head -n 60 && echo "  log: $log"; }
}

mkdir -p "$logs"
make -s -C "$top" tools
for script in "$top"/tools/tests/*.sh; do
	case $script in
	*/lib.sh) continue ;;
	esac
	! grep -q '^# usage:' "$script" || continue
	one "tools-$(basename "$script" .sh)" \
		env WEIRC="$top/build/weirc" WEIRCTL="$top/build/weirctl" sh "$script"
done
one loader make -s -C "$top/loader" VARIANT=san check
[ "$passed" != 0 ] || { echo "no test passed" && failed=$((failed + 1)); }
echo "check-host: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
