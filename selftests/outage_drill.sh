#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Drills of content that is well-formed, signed and wrong: a fresh shell can be started and weirctl
# answers before anybody does anything about it. What it cost until then is printed, and has to be
# within what Documentation/drills.rst promises.
# Prints KTAP; needs the module not to be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow; what a shell of another user
# expands is for that shell.
# shellcheck disable=SC2317,SC2016
channel=7300
# What a limit of 20 in a second lets pass, were it to end in the middle of one.
most=40
. "${0%/*}/drill_lib.sh"

# recovers COMMAND...: tries until it works; says how long it took and what was denied until then
recovers() {
	now
	since=$now
	wrong=0
	until "$@" >/dev/null 2>&1; do
		wrong=$((wrong + 1))
		[ "$wrong" -lt 100000 ] || return 1
	done
	now
	wrong=$(denied)
	promise "operations wrongly denied" "$wrong" "fewer than $most, and one for each CPU"
	promise "usable again after" "$(elapsed "$since")" "at once when a limit is reached"
	[ "$wrong" -gt 0 ] && [ "$wrong" -le "$most" ]
}

# Rules that the drills are about: signed, verified, and wrong.
rule every_exec "Every program" deny "Image|startswith: /"
rule every_shell "Every shell" kill "CommandLine|startswith: 'sh -c'"
rule every_event "Whatever there is" alert "Image|startswith: /"
for i in 1 2 3 4; do
	rule storm "Whatever there is" alert "Image|startswith: /"
done
rule storm "What matters" alert "CommandLine|contains: weir-what-matters"
rule two "The first thing forbidden" deny "CommandLine|contains: forbidden-first"
rule two "The second thing forbidden" deny "CommandLine|contains: forbidden-second"

echo "KTAP version 1"
tell "Content that denies every exec, on trial: last-good comes back."
claim "a harmless version is trusted, and enforced" begin
claim "the next one denies every exec" load every_exec
claim "a fresh shell can be started soon, and nobody did anything" recovers fresh_shell
claim "weirctl answers" usable
claim "the harmless version is active again" active 1
claim "the kernel says why" ctl status
claim "the module goes out" finish

tell "The same content, trusted by mistake: the rule is muted, or the content is out."
claim "a harmless version is trusted, and enforced" begin
claim "the next one denies every exec, without a trial" load every_exec --stage trusted
claim "a fresh shell can be started soon, and nobody did anything" recovers fresh_shell
claim "weirctl answers" usable
claim "one rule was to blame, and is muted" is act muted
claim "the module goes out" finish

tell "Content that kills every shell, trusted by mistake."
claim "a harmless version is trusted, and enforced" begin
claim "the next one kills every shell" load every_shell --stage trusted
claim "a fresh shell can be started soon, and nobody did anything" recovers fresh_shell
claim "weirctl answers" usable
claim "one rule was to blame, and is muted" is act muted
claim "the module goes out" finish

tell "Content that matches every event."
claim "a harmless version is trusted, and enforced" begin
claim "the next one matches whatever there is" load every_event --gate events=20 --gate seconds=1
claim "the machine is usable" usable
busy() { i=0; while [ "$i" -lt 60 ]; do /bin/true; i=$((i + 1)); done; sleep 2; }
claim "it is used" busy
claim "the content failed its trial" is health trial_failed
claim "the module goes out" finish

tell "The same, trusted by mistake: not all of it is recorded, and what others say is."
begin_storm() {
	begin && load storm --stage trusted && ctl breaker --state "$state" --limit matches=10 "$channel"
}
storm() {
	i=0
	while [ "$i" -lt 60 ]; do
		/bin/true
		i=$((i + 1))
	done
	/bin/true weir-what-matters
	weirctl events --json >heard
}
claim "content is trusted that matches whatever there is, four times" begin_storm
claim "it is used" storm
# By the kernel's own time: of twice the limit in a second, at most twice as many fall into one of these.
bounded() {
	most_in_a_second=$(sed -n '/Whatever there is/s/.*"boottime": *"\{0,1\}\([0-9]*\)[0-9]\{9\}.*/\1/p' heard |
		sort | uniq -c | sort -n | awk '{ n = $1 } END { print n + 0 }')
	promise "matches recorded in a second" "$most_in_a_second" "no more than 20, and so again from one second to the next"
	[ "$most_in_a_second" -gt 0 ] && [ "$most_in_a_second" -le 40 ] &&
		[ "$(grep -c "Whatever there is" heard)" -lt 240 ]
}
claim "not all that matched is recorded" bounded
claim "what a rule has to say that seldom matches is" grep -q "What matters" heard
claim "the breaker says why" is act quiet
claim "the module goes out" finish

tell "Somebody who may nothing tries to have protective content switched off."
# So many in a second are reached on a slow machine, too.
begin_two() {
	insmod /modules/weir.ko && load two --stage trusted && ctl mode "$channel" enforce &&
		ctl breaker --state "$state" --limit rate=6 "$channel"
}
# tries UID WHICH TIMES: how often it was let through is in the file; the words are not said here
tries() {
	as_user "$1" sh -c 'i=0; t=0; while [ $i -lt $2 ]; do
		/bin/true forbidden-$1 2>/dev/null && t=$((t + 1)); i=$((i + 1)); done; echo $t' \
		sh "$2" "$3" >through
}
never_through() {
	tries "$@" && [ "$(cat through)" = 0 ]
}
at_last_through() {
	tries "$@" && [ "$(cat through)" -gt 0 ] && [ "$(cat through)" -ge $(($3 - most)) ]
}
claim "protective content is trusted, and enforced" begin_two
claim "a user is denied 300 times, and is not let through" never_through 1000 first 300
claim "nor are others" never_through 0 first 1
claim "the breaker is closed" is breaks 0
tell "The same from root: one rule is muted, since nobody else can be kept from his work so."
claim "root is let through in the end" at_last_through 0 first 300
claim "one rule is muted" is act muted
claim "what it forbids is allowed to others, too" at_last_through 1000 first 50
claim "the other rule denies still" never_through 1000 second 50
tell "Where that must not be, the breaker is held."
hold() {
	finish && begin_two && ctl breaker "$channel" --policy hold
}
claim "the same content with a breaker that is held" hold
claim "root is denied 300 times, and is not let through" never_through 0 first 300
claim "it is on record" is act held
claim "the module goes out" finish
echo "1..$n"
exit "$failed"
