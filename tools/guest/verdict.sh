#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Judges a guest's verdict log against its plan. Only a complete and clean one passes.
#
#   verdict.sh [--name NAME] [--leaks 0|1] PLAN DIR    DIR holds verdict.log and console.log
#   verdict.sh --limit PLAN                            seconds that a boot with this plan may take
#
# The last line is "guest NAME: N passed, N failed, N skipped".
set -eu

name=guest
leaks=0
limit=
while [ $# -gt 0 ]; do
	case $1 in
	--name) name=$2 && shift ;;
	--leaks) leaks=$2 && shift ;;
	--limit) limit=1 ;;
	*) break ;;
	esac
	shift
done

# What the plan promises: names of steps in order, seconds, allowed skips.
unroll() {
	awk '
	$1 == "skips" { skips = $2 }
	$1 == "repeat" { times = $2; n = 0 }
	$1 == "step" && times { held[++n] = $2; held_s += $3; next }
	$1 == "step" { print "step", $2; seconds += $3 }
	$1 == "end" {
		for (r = 1; r <= times; r++)
			for (i = 1; i <= n; i++)
				print "step", held[i], "round", r
		seconds += held_s * times
		times = held_s = 0
	}
	$1 == "reset" { print "reset", $2; seconds += $3 }
	END { print "seconds", seconds + 90; print "skips", skips + 0 }' "$1"
}

if [ "$limit" ]; then
	unroll "$1" | awk '$1 == "seconds" { print $2 }'
	exit 0
fi
plan=$1
dir=$2
problems=$(mktemp)
trap 'rm -f "$problems"' EXIT

problem() {
	echo "$*" >>"$problems"
}

expected() {
	unroll "$plan" | sed -n 's/^step //p'
	if [ -z "$reset" ]; then
		echo no-module-left
		[ "$leaks" = 0 ] || echo no-leak
	fi
	echo clean-log
}

# Where the plan ends with a reset, the guest says so and no more, and the kernel's last word is that it
# resets the machine: not that it panics, nor that somebody ended the emulator.
reset=$(unroll "$plan" | sed -n 's/^reset //p')
after=0
if [ "$reset" ]; then
	after=1
	[ "$(tail -n 1 "$dir/verdict.log" | tr -d '\r')" = "reset: $reset" ] ||
		problem "the guest did not end with its reset '$reset'"
	tail -n 1 "$dir/console.log" | grep -q 'sysrq: Resetting' ||
		problem "it was not the reset that ended the guest"
	! grep -q '^qemu ended\|^no sign of life' "$dir/qemu.log" ||
		problem "the emulator was ended from outside"
fi

# The last line and nothing else is the totals line: a guest that died has none.
totals=$(tail -n $((1 + after)) "$dir/verdict.log" | head -n 1 | tr -d '\r' |
	grep -E '^totals: [0-9]+ steps, [0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$') || {
	totals="totals: 0 steps, 0 passed, 0 failed, 0 skipped"
	problem "no totals: the guest hung or died"
}
# shellcheck disable=SC2086
set -- $totals
passed=$4
failed=$6
skipped=$8
reported=$(sed -nE 's/^(not )?ok [0-9]+ //p' "$dir/verdict.log" | tr -d '\r')
[ "$reported" = "$(expected)" ] || problem "the steps that ran are not those of the plan"
[ "$2" = "$(expected | wc -l)" ] || problem "$2 steps reported, $(expected | wc -l) expected"
allowed=$(unroll "$plan" | awk '$1 == "skips" { print $2 }')
[ "$skipped" -le "$allowed" ] || problem "$skipped tests skipped, $allowed allowed"
[ "$passed" -gt 0 ] || problem "no test passed"
grep -q '^not ok\|^Bail out' "$dir/verdict.log" && [ "$failed" = 0 ] && problem "failures not counted"

# What a person wants to see: what failed, with its diagnostics, and the kernel's last words.
show() {
	grep -nE '^ *not ok|^Bail out|^ *# .*(killed|ended by|expected|still there)' "$dir/verdict.log" |
		sed 's/^/  /' | head -n 40
	grep -nE 'WARNING:|BUG:|Kernel panic|Oops|KASAN|UBSAN' "$dir/console.log" |
		sed 's/^/  console: /' | head -n 10
	sed 's/^/  /' "$problems"
	echo "  logs: $dir/"
}

[ ! -s "$problems" ] || failed=$((failed + $(wc -l <"$problems")))
[ "$failed" = 0 ] || show
echo "guest $name: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
