#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The clock is set back, as by an empty battery, and far forward: what is active stays, boots come up
# with it, trials take as long as they should, and only new content is refused, with the reason.
# Prints KTAP; needs the module not to be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
channel=7312
. "${0%/*}/drill_lib.sh"
began=$(date +%s)
now
up=${now%.*}

# set_clock SECONDS: since 1970
set_clock() {
	date -s "@$1" >/dev/null
}

# The clock as it would be, had nobody touched it.
right_time() {
	now
	set_clock $((began + ${now%.*} - up))
}

# Signed while the clock is right, to be loaded when it is not.
make_next() {
	make harmless && cp harmless.weir next.weir
}

# What the timer of packaging/ runs.
settled() {
	ctl boot --settled --state "$state"
}

on_trial() {
	weirctl status >"$out" && says 'probation \['
}

# stays WORDS: what is new is refused with them; what is active is not touched
stays() {
	refused "$1" again next --stage trusted && active "$trusted" && usable && whole
}

boots() {
	reboot && ctl boot --state "$state" && active "$trusted" && settled
}

# The clock jumps in the middle of a trial that is to take two seconds: it neither ends it nor stops it.
tried_in_the_past() {
	load harmless --gate events=1 --gate seconds=2 && tried=$made && make_next &&
		set_clock 1000000000 || return 1
	tries=0
	while on_trial && [ "$tries" -lt 600 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	[ "$tries" -lt 600 ] && active "$tried" && is health ok && trusted=$tried && settled
}

# One that is to take an hour is not over because of twenty years.
tried_in_the_future() {
	load harmless --gate events=1 --gate seconds=3600 && make_next &&
		set_clock $((began + 631152000)) && usable && sleep 3 && on_trial &&
		[ "$(value seconds)" -lt 3600 ] &&
		ctl rollback --state "$state" "$channel" && active "$trusted"
}

in_time() {
	right_time && load harmless --stage trusted && active "$made"
}

echo "KTAP version 1"
tell "The clock is wrong."
claim "a harmless version is trusted, and enforced" begin
trusted=$made
claim "a trial goes on and is passed while the clock is set back" tried_in_the_past
claim "in the past new content is refused, and what is active stays" stays "not valid before"
promise "operations wrongly denied" "$(denied)" "0"
claim "a boot comes up with it" boots
right_time
claim "a trial is not over because the clock is set forward" tried_in_the_future
claim "in the future new content is refused, and what is active stays" stays "expired at"
promise "operations wrongly denied" "$(denied)" "0"
claim "a boot comes up with it" boots
claim "in the right time the next version is loaded" in_time
own_boot_id
claim "the module goes out" finish
echo "1..$n"
exit "$failed"
