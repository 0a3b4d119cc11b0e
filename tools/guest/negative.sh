#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The negative controls: what must turn a run red does so, each for its own reason.
#
#   negative.sh    the last line is "negative: N passed, N failed, N skipped"
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

passed=0
failed=0

claim() {
	what=$1
	shift
	if "$@"; then
		echo "ok $((passed + failed + 1)) $what"
		passed=$((passed + 1))
	else
		echo "not ok $((passed + failed + 1)) $what"
		failed=$((failed + 1))
	fi
}

# The run of name "negative-$1" must have failed, see $2.
is_red() {
	[ "$(cat "$top/build/guest/negative-$1.status")" != 0 ]
}

says() {
	is_red "$1" && grep -qE "$3" "$top/build/guest/negative-$1/$2.log"
}

is_silent() {
	is_red "$1" && ! grep -qE "$3" "$top/build/guest/negative-$1/$2.log"
}

# run NAME KERNEL PLAN ARGS...
run() {
	name=$1
	kernel=$2
	plan=$3
	shift 3
	module=$(build_external negative selftests/negative "$kernel")/weir_negative.ko
	status=0
	"$top/tools/guest/run.sh" --bare --quiet --name "negative-$name" --kernel "$kernel" \
		--plan "$plan" --file "$module:/modules/weir_negative.ko" "$@" \
		>"$top/build/guest/negative-$name.out" || status=$?
	echo "$status" >"$top/build/guest/negative-$name.status"
}

run_how() {
	echo "step $1 20 - insmod /modules/weir_negative.ko how=$1" >"$top/build/guest/$1.plan"
	run "$1" 6.1 "$top/build/guest/$1.plan" --timeout 100 --patience 20
}

mkdir -p "$top/build/guest"
say "negative controls: what fails, hangs, leaks or is not there (debug kernel)"
run many debug "$top/selftests/plans/negative.plan"
claim "a good step stays good" says many verdict '^ok [0-9]+ passes$'
claim "a removed module is gone" says many verdict '^ok [0-9]+ removal$'
for step in status failing-test zero-tests empty-plan short-of-plan no-plan-line other-count \
	failing-subtest crash-after-tests hanging-step no-module-left no-leak clean-log; do
	claim "$step turns the run red" says many verdict "^not ok [0-9]+ $step\$"
done
claim "a leak is shown" says many verdict '^# unreferenced object'
claim "a suspicious RCU use is shown" says many verdict '^# .*suspicious RCU'
claim "a skip that is not allowed turns the run red" \
	grep -q '1 tests skipped, 0 allowed' "$top/build/guest/negative-many.out"

say "negative controls: a WARN, a panic, a hang (Debian's kernel)"
run_how warn
claim "a WARN turns the run red" says warn console 'WARNING: .*weir_negative'
claim "a WARN leaves no totals" is_silent warn verdict '^totals'
run_how panic
claim "a panic turns the run red" says panic console 'Kernel panic - not syncing: on purpose'
claim "a panic leaves no totals" is_silent panic verdict '^totals'
run_how hang
claim "a hang is noticed" grep -q 'no sign of life' "$top/build/guest/negative-hang/qemu.log"
claim "a hang begins" says hang console 'weir-init: step hang'
claim "a hang turns the run red" is_silent hang verdict '^totals'
claim "a hang is not a panic" is_silent hang console 'Kernel panic'

# run_reset NAME LINE: a plan of that line, after a step that passes
run_reset() {
	printf 'step passes 10 - true\n%s\n' "$2" >"$top/build/guest/$1.plan"
	run "$1" 6.1 "$top/build/guest/$1.plan" --timeout 100 --patience 20
}

# is_no_reset NAME TEXT
is_no_reset() {
	is_red "$1" && grep -q "$2" "$top/build/guest/negative-$1.out"
}

say "negative controls: resets (Debian's kernel)"
run_reset reset-early "step early 10 - echo b >/proc/sysrq-trigger; sleep 5"
claim "a reset that nobody planned turns the run red" is_no_reset reset-early 'no totals'
run_reset reset-never "reset never 10 true"
claim "so does one that does not come" is_no_reset reset-never 'did not end with its reset'
run_reset reset-panic "reset panics 10 insmod /modules/weir_negative.ko how=panic; sleep 5"
claim "so does a panic where one was planned" is_no_reset reset-panic 'not the reset that ended'
run_reset reset "reset planned 10 echo b >/proc/sysrq-trigger; sleep 5"
claim "one where it was planned does not" [ "$(cat "$top/build/guest/negative-reset.status")" = 0 ]

echo "negative: $passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
