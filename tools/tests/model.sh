#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The life of content in a channel, explored by spin: the module's table of transitions keeps what
# the model asserts, and spin finds it out where a table does not.
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# shellcheck source=tools/tests/lib.sh
. "$here/lib.sh"
if ! command -v spin >/dev/null; then
	echo "skip model spin is not installed"
	exit 0
fi

# explore NAME [SED]: build the checker, with the table changed
explore() {
	mkdir -p "$dir/$1/tools/model" "$dir/$1/kmod"
	cp "$top/tools/model/life.pml" "$dir/$1/tools/model/"
	sed "${2:-}" "$top/kmod/life.def" >"$dir/$1/kmod/life.def"
	cd "$dir/$1/tools/model" && spin -a life.pml >"$dir/said" 2>&1 &&
		cc -O2 -w -o pan pan.c >>"$dir/said" 2>&1
}
# holds [OPTIONS]: nothing that is explored is wrong, and all of it is explored
holds() {
	./pan "$@" >"$dir/said" 2>&1
	grep -q 'errors: 0$' "$dir/said" && ! grep -q 'max search depth too small\|out of memory' "$dir/said"
}

explore asis
result "the checker builds" $?
holds -m100000 -noclaim -E
result "slots and states agree, and last-good is safe" $?
for claim in out decided; do
	holds -m100000 -a -f -N $claim
	result "in the end: $claim" $?
done

# wrong NAME SED OPTIONS...: a table that is wrong is found out
wrong() {
	name=$1
	explore "$name" "$2" || { result "found: $name" 1; return; }
	! cmp -s "$top/kmod/life.def" "$dir/$name/kmod/life.def"
	result "a table with a flaw: $name" $?
	shift 2
	! holds -m100000 "$@" && grep -q 'errors: [1-9]' "$dir/said"
	result "is found out: $name" $?
}
wrong "a trial drops what was trusted" 's/(TRUSTED, TRY, TRIAL_KEPT, KEEP)/(TRUSTED, TRY, TRIAL, IN)/' -noclaim -E
wrong "content on trial is kept" 's/(TRIAL, TRY, TRIAL, IN)/(TRIAL, TRY, TRIAL_KEPT, KEEP)/' -noclaim -E
wrong "no way back" '/(TRIAL, BACK,/d' -a -f -N out

[ $failed = 0 ]
