#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The judge of guest runs believes a complete and clean verdict, and nothing less.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

cat >"$work/plan" <<'PLAN'
# comment
skips 1
step one 5 - true
repeat 2
step two 5 * prog
end
PLAN

good() {
	cat <<'LOG'
KTAP version 1
1..5
ok 1 one
    1..1
    ok 1 a
ok 2 two round 1
    1..2
    ok 1 a
    ok 2 b # SKIP
ok 3 two round 2
ok 4 no-module-left
ok 5 clean-log
totals: 5 steps, 5 passed, 0 failed, 1 skipped
LOG
}

cp "$work/plan" "$work/reset.plan"
echo "reset pulled 5 echo b >/proc/sysrq-trigger" >>"$work/reset.plan"

good_reset() {
	good | sed '/no-module-left/d;s/^ok 5/ok 4/;s/ 5 steps, 5/ 4 steps, 4/'
	echo "reset: pulled"
}

resets='[    9.9] sysrq: Resetting'
plan=plan
console=
qemu=

# judge NAME WANT: the log on standard input, against $plan; the kernel said $console, and QEMU $qemu
judge() {
	cat >"$work/verdict.log"
	echo "$console" >"$work/console.log"
	echo "$qemu" >"$work/qemu.log"
	got=red
	out=$("$top/tools/guest/verdict.sh" "$work/$plan" "$work") && got=green
	if [ $got = "$2" ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		echo "$out" | sed 's/^/# /'
		failed=1
	fi
}

good | judge "a complete log passes" green
good | sed 's/$/\r/' | judge "a serial line's carriage returns do no harm" green
good | sed '$d' | judge "no totals" red
: | judge "an empty log" red
{ good && echo "more"; } | judge "something after the totals" red
good | sed '/^ok 3/d' | judge "a step is missing" red
good | sed 's/^ok 3 two/ok 3 three/' | judge "a step has another name" red
good | sed 's/^ok 4/not ok 4/' | judge "a failure that is not counted" red
good | sed 's/^ok 4/not ok 4/;s/0 failed/1 failed/' | judge "a failure" red
good | sed 's/5 passed/0 passed/' | judge "no test passed" red
good | sed 's/1 skipped/2 skipped/' | judge "more skips than allowed" red
good | sed 's/5 steps/4 steps/' | judge "fewer steps counted than planned" red
good | sed 's/^ok 5 .*/&\nok 6 extra/' | judge "a step that nobody planned" red
good | sed '$d' | sed '$a reset: pulled' | judge "a reset that is not in the plan" red

plan=reset.plan
console=$resets
good_reset | judge "a reset that is in the plan" green
good_reset | sed 's/$/\r/' | judge "the same from a serial line" green
good | judge "the whole log of a plan that resets, and no reset" red
good_reset | sed '$d' | judge "no word of the reset" red
good_reset | sed 's/pulled/other/' | judge "another reset" red
{ good_reset && echo "    # it came back"; } | judge "something after the reset" red
good_reset | sed '/^ok 2/d' | judge "a step is missing before the reset" red
good_reset | sed 's/^ok 2/not ok 2/;s/0 failed/1 failed/' | judge "a failure before the reset" red
good_reset | sed '/^totals/d' | judge "a reset without totals" red
console='[    9.9] Kernel panic - not syncing'
good_reset | judge "a panic instead of the reset" red
console=
good_reset | judge "a kernel that says nothing of a reset" red
console=$resets
qemu='qemu ended with status 137'
good_reset | judge "somebody else ended the guest" red
exit $failed
