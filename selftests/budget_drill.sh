#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A rule that costs a hundred times what it may: by what it declares, by what it lies about, by the steps
# that one event takes, and by those that events take in the mean. Prints KTAP; needs the module not to
# be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow; channel is for drill_lib.sh.
# shellcheck disable=SC2317,SC2034
channel=7314
. "${0%/*}/drill_lib.sh"
parameters=/sys/module/weir/parameters
steps=200
usual=268435456
# Each letter is looked for in the whole command line; the last is in none, so that nothing matches.
rule costly "Every letter" deny "CommandLine|contains|all: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w]"
long=$(printf '%02000d' 0)abcdefghijklmnopqrstuv

# An operation whose command line is long: the rule's worst.
operation() {
	/bin/true "$long" && count=$((count + 1))
}

limit() {
	echo "$2" >"$parameters/$1"
}

# What its file declares is a hundred times what this kernel is set to accept.
declared() {
	good=$made
	make costly && cost=$(weirctl check --json costly.weir | sed -n 's/.*"cost": \([0-9]*\).*/\1/p') &&
		limit max_cost $((cost / 100)) &&
		refused "worst-case cost is above" again costly --stage trusted && submit_raw costly.weir >"$out"
	says "TOO_COSTLY: " && limit max_cost "$usual" && active "$good" && usable
}

# The same file, and it says that it costs less than it does.
lies() {
	refused "declared cost is not" ctl load --no-prove --state "$state" /content/spoilt_cost.weir
	submit_raw /content/spoilt_cost.weir >"$out"
	says "COST: " && active "$good" && usable
}

# recovers: operations until the version before is active again; each of them has to go through
recovers() {
	now
	since=$now
	count=0
	mean=0
	while ! active "$good"; do
		operation && [ "$count" -lt 2000 ] || return 1
		seen=$(value mean_steps)
		[ "${seen:-0}" -le "$mean" ] || mean=$seen
	done
	now
	promise "operations until it was out" "$count, in $(elapsed "$since")" "$1"
	promise "operations wrongly denied" "$(denied)" "0"
	is health trial_failed && [ "$(denied)" = 0 ] && usable
}

# One event is worth a hundred times what it may take: its evaluation ends there.
fuel() {
	limit fuel "$steps" && load costly --gate events=1000000 --gate seconds=3600 && count=0 && operation &&
		recovers "within a second of the first" && limit fuel "$usual"
}

mean() {
	load costly --gate events=20 --gate seconds=1 --gate steps="$steps" &&
		recovers "within a second of the trial's 20 events and 1 s" || return 1
	echo "# steps of an event in the mean: $mean, and the trial allows $steps" >&3
	[ "$count" -gt 0 ] && [ "$mean" -ge $((100 * steps)) ]
}

again_and_well() {
	load harmless --stage trusted && active "$made" && whole
}

echo "KTAP version 1"
tell "A rule costs a hundred times what it may."
claim "a harmless version is trusted, and enforced" begin
claim "what declares a hundred times the limit is refused, by loader and kernel" declared
claim "so is what declares less than it costs" lies
claim "on trial, an event that takes a hundred times its steps ends the trial" fuel
claim "so does a hundred times the steps in the mean, and every operation goes through" mean
claim "what comes then is loaded" again_and_well
claim "the module goes out" finish
echo "1..$n"
exit "$failed"
