#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Stages through weirctl: load --stage, promote, rollback, --wait, and what status says of them.
# Prints KTAP; needs the module to be inserted, and unloads what it loads.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
channel=7210
made=0
work=/tmp/stages_test
mkdir -p "$work" || exit 1
cd "$work" || exit 1
. "${0%/*}/claim.sh"

# refused CODE STEP COMMAND...: exit status 1, and that code at that step
refused() {
	code=$1
	step=$2
	shift 2
	"$@" --json
	[ $? = 1 ] && says "\"code\": \"$code\"" && says "\"step\": \"$step\""
}

# load ARGUMENTS...: the next version
load() {
	made=$((made + 1))
	weirc compile --channel "$channel" --version "$made" --name stages-test -o next.weir rule.yml >/dev/null &&
		weirc sign --key "$key.key" --cert "$key.crt" next.weir >/dev/null &&
		ctl load --state "$work/state" --no-prove "$@" next.weir
}

# of SLOT KEY: what status says of it, null if there is nothing in the slot
of() {
	weirctl status --json >status.json || return 1
	awk -v channel="$channel" -v slot="\"$1\":" -v key="\"$2\":" '
		$1 == "\"channel\":" { here = ($2 + 0 == channel) }
		here && $1 == slot { want = ($2 == "{"); if (!want) print "null" }
		here && want && $1 == key { gsub(/[",]/, "", $2); print $2; want = 0 }' status.json
}

# holds SLOT VERSION
holds() {
	[ "$(of "$1" version)" = "$2" ]
}

has_no_trial() {
	[ "$(of trial state)" = null ]
}

marked() {
	sh -c ': stages-test-marker'
}

in_shadow() {
	load --stage shadow --manual --gate events=3 --gate seconds=0 --gate matches=1000000 && says '^in shadow$' &&
		holds shadow "$made" && holds active null &&
		[ "$(of shadow_trial auto)" = false ]
}

would() {
	weirctl events >/dev/null
	marked
	ctl events --count 1 --timeout 20 && says '  medium  *would-alert  *A command with the mark'
}

would_json() {
	marked
	ctl events --json --count 1 --timeout 20 && says '"outcome":"would-alert","shadow":true'
}

shows_progress() {
	ctl status && says "shadow, version $made \[[#-]*\] [a-z]*: [0-9]*/0 s, [0-9]*/3 events, [0-9]*/1000000 matches, 0/50000 verdicts" &&
		says ' differ'
}

too_early() {
	load --manual --gate events=1000000 && says '^active, on probation$' && holds active "$made" &&
		refused EAGAIN activate ctl promote "$channel" && says 'not over' && holds active "$made"
}

promotes() {
	ctl promote "$channel" && says "version $made is active, on probation" && holds active "$made" &&
		marked && marked && marked && ctl promote "$channel" --json && says '"stage": "trusted"' && has_no_trial
}

nothing_to_promote() {
	refused TRIAL trial ctl promote "$channel"
}

# during COMMAND...: while programs start that match
during() {
	rm -f over
	while [ ! -e over ]; do
		marked
		sleep 0.2
	done &
	"$@"
	got=$?
	: >over
	wait
	return "$got"
}

# waits ARGUMENTS...: for content that passes
waits() {
	during load --wait --gate events=3 --gate seconds=2 --gate matches=1000000 "$@"
}

waits_in_lines() {
	waits && says '^active, on probation$' && says '^probation \[' && says "^version $made is trusted$" &&
		! grep -q "$(printf '\r')" "$out" && has_no_trial
}

waits_in_json() {
	waits --json --stage shadow && says '"stage": "trusted"' && ! says 'probation \[' && holds active "$made"
}

falls() {
	good=$(of active version)
	! during load --wait --gate events=3 --gate seconds=2 --gate matches=0 && says 'it failed its trial' &&
		says "version $good is active" && holds active "$good" && ctl status && says ' trial_failed'
}

interrupted() {
	load --gate events=1000000 || return 1
	weirctl promote --wait "$channel" >wait.out 2>&1 &
	waiter=$!
	sleep 3
	kill -TERM "$waiter"
	! wait "$waiter" && grep -q 'goes on' wait.out && holds active "$made" && [ "$(of trial state)" = runs ]
}

times_out() {
	refused TIMEOUT trial ctl promote --wait --timeout 2 "$channel" && holds active "$made"
}

promote_waits() {
	load --manual --gate events=3 --gate seconds=0 --gate matches=1000000 &&
		during ctl promote --wait --timeout 60 "$channel" && says "^version $made is trusted$"
}

goes_back() {
	good=$(of active version)
	load --manual && holds active "$made" && holds last_good "$good" && ctl rollback "$channel" &&
		says "version $good is active" && holds active "$good" && holds last_good null
}

drops_shadow() {
	good=$(of active version)
	load --stage shadow && holds shadow "$made" && ctl rollback --shadow "$channel" && holds shadow null &&
		holds active "$good" && refused EMPTY device ctl rollback --shadow "$channel"
}

goes_back_to_nothing() {
	ctl rollback "$channel" --json && says '"stage": "none"' && holds active null &&
		refused EMPTY device ctl rollback "$channel"
}

taken_up() {
	load --stage shadow --manual && rm "$work/state/channel-$channel.floor" &&
		ctl load --state "$work/state" --no-prove next.weir && says '^in shadow$' &&
		test -s "$work/state/channel-$channel.floor"
}

marked_rule stages-test-marker

echo "KTAP version 1"
echo "1..17"
claim "content goes into shadow" in_shadow
claim "what matches there says what it would" would
claim "and so does its JSON" would_json
claim "status shows how its trial goes" shows_progress
claim "once it passed it is promoted, and once more" promotes
claim "then nothing is on trial" nothing_to_promote
claim "a promotion that comes too early is refused" too_early
claim "load waits until the content is trusted, in plain lines" waits_in_lines
claim "from shadow too, and JSON has the end only" waits_in_json
claim "it ends with 1 when the kernel goes back" falls
claim "a signal ends the wait and not the trial" interrupted
claim "so does a time limit" times_out
claim "promote waits and promotes" promote_waits
claim "a person goes back to last-good" goes_back
claim "a person drops what is in shadow" drops_shadow
claim "a load into shadow that was stopped before it raised the floor is taken up" taken_up
claim "without last-good a person goes back to nothing" goes_back_to_nothing
weirctl unload "$channel" >/dev/null || failed=1
rm -rf "$work"
exit "$failed"
