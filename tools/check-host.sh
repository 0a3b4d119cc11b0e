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

# work NAME COMMAND...: runs it and keeps what it prints, how it ends and how long it takes
work() {
	name=$1
	shift
	status=0
	began=$(date +%s)
	"$@" >"$logs/$name.log" 2>&1 || status=$?
	echo "$status $(($(date +%s) - began))" >"$logs/$name.end"
}

# tally NAME: counts what work kept
tally() {
	name=$1
	log=$logs/$1.log
	read -r status took <"$logs/$1.end"
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
	echo "$name: $good passed, $bad failed, $left skipped, $took s"
	[ "$bad" = 0 ] || { grep -E -A 6 '^not ok ' "$log" | head -n 60 && echo "  log: $log"; }
}

mkdir -p "$logs"
make -s -C "$top" tools
# What two of them would build at the same time is built before.
make -s -C "$top/loader" VARIANT=san
make -s -C "$top/tools" VARIANT=san
rm -f "$logs"/*.end
# The longest, beside the others: they share nothing but the sources and what was built.
{
	work tools-lint sh "$top/tools/tests/lint.sh"
	work loader make -s -C "$top/loader" VARIANT=san check
} &
for script in "$top"/tools/tests/*.sh; do
	case $script in
	*/lib.sh | */lint.sh) continue ;;
	esac
	! grep -q '^# usage:' "$script" || continue
	name=tools-$(basename "$script" .sh)
	work "$name" env WEIRC="$top/build/weirc" WEIRCTL="$top/build/weirctl" sh "$script"
	tally "$name"
done
wait
tally tools-lint
tally loader
[ "$passed" != 0 ] || { echo "no test passed" && failed=$((failed + 1)); }
echo "check-host: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
