#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# weirctl boot against the running kernel, in the boots of reboot.sh. Prints KTAP; needs the module not
# to be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
channel=7201
work=/tmp/boot_test
state=$work/state
mkdir -p "$work" || exit 1
cd "$work" || exit 1
. "${0%/*}/claim.sh"
. "${0%/*}/reboot.sh"

boot() {
	ctl boot --state "$state"
}

# boots VERSION [TEXT]: a reboot, and weirctl boot comes up with that and says so
boots() {
	reboot && boot && active "$1" && { [ -z "$2" ] || says "$2"; }
}

refuses_loop() {
	reboot
	! boot && says "two boots with content did not end well" && active 0
}

settled() {
	ctl boot --state "$state" --settled
}

load() {
	ctl load --stage trusted --state "$state" --no-prove "$1.weir"
}

# try VERSION OPTION...: on trial
try() {
	version=$1
	shift
	make "$version" && ctl load --state "$state" --no-prove "$@" "$version.weir" && active "$version"
}

# The year that the machine wakes up in with an empty battery.
clock_back() {
	now=$(date +%s)
	date -s @1000000000 >/dev/null && reboot && boot && active 6 && ! load 7 && says "not valid before"
	ret=$?
	date -s "@$now" >/dev/null
	return "$ret"
}

leaves_alone() {
	load 7 && boot && active 7
}

# Whatever a killed load leaves, a boot comes up with the one or the other.
killed() {
	old=8
	load 8 && settled || return 1
	for delay in 0.02 0.1 0.3; do
		make $((old + 1)) || return 1
		weirctl load --stage trusted --state "$state" --no-prove "$((old + 1)).weir" >/dev/null 2>&1 &
		sleep "$delay"
		kill -9 $! 2>/dev/null
		wait $! 2>/dev/null
		ctl store verify --state "$state" && reboot && boot || return 1
		active "$old" || { old=$((old + 1)) && active "$old"; } || return 1
		settled || return 1
	done
}

gone_for_good() {
	ctl unload --state "$state" "$channel" && active 0 && reboot && boot && active 0
}

# The machine stops while content is on trial: it comes up with what was trusted before.
on_trial() {
	make 30 && load 30 && settled && try 31 --manual && boots 30 "on trial"
}

# Nobody waits for the trial to end; who settles the boot tells the disk.
trusted_alone() {
	try 32 --gate events=0 --gate seconds=0 && sleep 3 && settled && boots 32
}

# The next trial begins before anybody told the disk how the last one ended.
trusted_meanwhile() {
	settled && try 33 --gate events=0 --gate seconds=0 && sleep 3 && try 34 --manual && boots 33
}

# By hand, and back by hand.
by_hand() {
	settled && try 35 --manual --gate events=0 --gate seconds=0 &&
		ctl promote --state "$state" "$channel" && settled && boots 35 && settled &&
		try 36 --manual && ctl rollback --state "$state" "$channel" && active 35 && boots 35
}

what_was_set() {
	settled && ctl mode --state "$state" "$channel" enforce && ctl exempt --state "$state" /bin/true &&
		ctl breaker --state "$state" --policy audit --limit rate=33 "$channel" && boots 35 &&
		is mode enforce && is policy audit && is rate 33 && ctl exempt && says /bin/true
}

# Enforcing may be what that boot ended with: not before a person says so.
not_by_itself() {
	boots 35 "all channels are in audit mode" && is mode audit && is rate 33 && settled &&
		boots 35 && is mode audit && settled && ctl mode --state "$state" "$channel" enforce
}

# halfway VERSION TEXT: it comes up with that, says what is missing, and does not enforce
halfway() {
	reboot && ! boot && active "$1" && says "$2" && says "stay in audit mode" && is mode audit
}

without_exempt() {
	cp /bin/true gone && ctl exempt --state "$state" "$work/gone" && rm gone && halfway 35 "$work/gone" &&
		settled && ctl exempt --state "$state" --none && boot && is mode enforce && settled
}

damaged_settings() {
	cp "$state/settings" good && sed 's/exempt/exempts/' good >"$state/settings" &&
		halfway 35 "settings are damaged" && cp good "$state/settings" && boot && is mode enforce && settled
}

# The policy "off" empties the channel: the next boot has the content, and does not enforce it.
taken_back() {
	sed "s/boot-test-marker/boot-test-deny/; \$ a weir: { action: deny }" rule.yml >deny.yml
	weirc compile --channel "$channel" --version 38 --name boot-test -o 38.weir deny.yml &&
		weirc sign --key "$key.key" --cert "$key.crt" 38.weir && load 38 &&
		ctl mode --state "$state" "$channel" enforce &&
		ctl breaker --state "$state" --policy off --limit rate=5 "$channel" || return 1
	for i in 1 2 3 4 5 6 7 8 9 10; do
		/bin/true boot-test-deny "$i" 2>/dev/null
	done
	until active 0; do sleep 1; done
	settled && boots 38 && is mode audit && is policy off
}

mode_is_gone() {
	ctl unload --state "$state" "$channel" && make 37 && load 37 && boots 37 && is mode audit && is rate 33
}

marked_rule boot-test-marker
make 5 && make 6 && make 7 && make 8 || exit 1
echo "KTAP version 1"
echo "1..29"
claim "the machine boots without a store" boots 0
claim "content is loaded" load 5
claim "the next boot comes up with it" boots 5
claim "the same boot again changes nothing" boot
claim "it ends well" settled
claim "a newer version is loaded" load 6
claim "the next boot comes up with that" boots 6
claim "which does not end well: the one after goes back" boots 5 "did not end well"
claim "the same boot again is no other boot" boot
claim "and has the same content" active 5
claim "after two boots nothing is loaded, and that is said" refuses_loop
claim "it stays so" boots 0
claim "a person goes back to the newer one" ctl store rollback 2 --state "$state"
claim "and the next boot comes up with it" boots 6
claim "which ends well" settled
claim "so does a boot with the clock set back, when nothing new is loaded" clock_back
claim "what was loaded since is left alone by a boot" leaves_alone
claim "a load that is killed leaves a boot the old or the new" killed
claim "what is unloaded stays away" gone_for_good
claim "what was on trial is not what the next boot comes up with" on_trial
claim "what the kernel came to trust by itself is" trusted_alone
claim "also if the next trial has begun since" trusted_meanwhile
claim "and what a person promoted, or went back to" by_hand
claim "mode, limits and exempt executables are as they were set" what_was_set
claim "after a boot that did not end well nothing is enforced before a person says so" not_by_itself
claim "nor without the executables that are to be exempt" without_exempt
claim "damaged settings are said, and nothing is enforced" damaged_settings
claim "the mode goes with the content, the limits stay" mode_is_gone
claim "what the breaker took back is not enforced after the next boot" taken_back
own_boot_id
rmmod weir
rm -rf "$work"
exit "$failed"
