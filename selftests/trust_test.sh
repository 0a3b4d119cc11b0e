#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Trust lists against the running kernel: keys that are introduced and revoked, content that is
# withdrawn, and how many signers it takes; through weirctl, and past it straight to the device.
# Prints KTAP; needs a module that was just inserted. What is in force stays until it is removed:
# "trust_test.sh again" then looks at a module that was inserted anew.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
channel=7220
paired=7221
work=/tmp/trust_test
ours=/keys/TEST-ONLY
theirs=/keys/TEST-STRANGER
mkdir -p "$work" || exit 1
cd "$work" || exit 1
. "${0%/*}/claim.sh"

# refused CODE COMMAND...: exit status 1, and that code
refused() {
	code=$1
	shift
	"$@" --json
	[ $? = 1 ] && says "\"code\": \"$code\""
}

# raw WORD FILE, raw_list WORD FILE: the kernel says so itself
raw() {
	submit_raw "$2" >"$out" 2>&1
	says "$1"
}

raw_list() {
	submit_raw --trust "$2" >"$out" 2>&1
	says "$1"
}

# sign FILE KEY...
sign() {
	file=$1
	shift
	add=
	for signer; do
		# shellcheck disable=SC2086 # an option or none
		weirc sign $add --key "$signer.key" --cert "$signer.crt" "$file" >/dev/null || return 1
		add=--add
	done
}

# made FILE CHANNEL VERSION KEY...
made() {
	to=$1
	of=$2
	version=$3
	shift 3
	weirc compile --channel "$of" --version "$version" --name trust-test -o "$to" rule.yml >/dev/null &&
		sign "$to" "$@"
}

# list NUMBER "KEY..." ARGUMENTS...: NUMBER.list, which goes on from the one before
list() {
	number=$1
	signers=$2
	shift 2
	base=
	[ "$number" = 1 ] || base="--base $((number - 1)).list"
	# shellcheck disable=SC2086 # options, and keys, in one string each
	weirc trustlist $base "$@" -o "$number.list" && sign "$number.list" $signers
}

load() {
	ctl load --state state --stage trusted --no-prove "$@"
}

take() {
	ctl trust --state state "$@"
}

# status CHANNEL: the versions that are active and last-good, 0 for none, and the health
status() {
	weirctl status --json >status.json || return 1
	awk -v channel="$1" '
		$1 == "\"channel\":" { here = ($2 + 0 == channel) }
		here && ($1 == "\"active\":" || $1 == "\"last_good\":") { slot = ($2 == "{") ? $1 : "" }
		here && slot && $1 == "\"version\":" { v[slot] = $2 + 0; slot = "" }
		here && $1 == "\"health\":" { gsub(/[",]/, "", $2); health = $2 }
		END { print v["\"active\":"] + 0, v["\"last_good\":"] + 0, health }' status.json
}

# is CHANNEL ACTIVE LAST-GOOD HEALTH
is() {
	status "$1" >now
	[ "$(cat now)" = "$2 $3 $4" ]
}

detects() {
	weirctl events >/dev/null
	sh -c ': trust-test-marker'
	ctl events --count 1 --timeout 20 && says 'A command with the mark'
}

# in_force VERSION KEYS
in_force() {
	ctl trust --state state --json && says "\"version\": $1" &&
		[ "$(grep -c '"origin":' "$out")" = "$2" ]
}

marked_rule trust-test-marker

unknown() {
	made t.weir "$channel" 2 "$theirs" && refused SIGNER load t.weir && raw "SIGNER: " t.weir
}

introduces() {
	list 1 "$ours" --introduce "$theirs.crt" && take 1.list && in_force 1 2 && says '"introduced"'
}

both_sign() {
	made 1.weir "$channel" 1 "$ours" && load 1.weir && made 2.weir "$channel" 2 "$theirs" && load 2.weir &&
		is "$channel" 2 1 ok
}

withdraws() {
	list 2 "$ours" --withdraw "$channel:3" && take 2.list && is "$channel" 2 1 ok && made 3.weir "$channel" 3 "$ours" &&
		refused REVOKED load 3.weir && says 'withdraws version 3' && raw "REVOKED: " 3.weir
}

denies() {
	made 4.weir "$channel" 4 "$ours" && load 4.weir && is "$channel" 4 2 ok && list 3 "$ours" --deny 4.weir &&
		take 3.list && is "$channel" 2 0 revoked && detects && refused REVOKED load 4.weir
}

floor() {
	list 4 "$ours" --below "$paired:5" && take 4.list && made t.weir "$paired" 4 "$ours" &&
		refused REVOKED load t.weir && raw "REVOKED: " t.weir && made 5.weir "$paired" 5 "$ours" &&
		load 5.weir
}

two_persons_out() {
	list 5 "$ours" --signers "$paired:2" && take 5.list && is "$paired" 0 0 revoked
}

two_persons_in() {
	made 6.weir "$paired" 6 "$ours" && refused SIGNERS load 6.weir && raw "SIGNERS: " 6.weir &&
		made t.weir "$paired" 6 "$theirs" && raw "SIGNERS: " t.weir &&
		made 6.weir "$paired" 6 "$ours" "$theirs" && load 6.weir && is "$paired" 6 0 ok
}

two_for_a_list() {
	list 6 "$ours" --below "$channel:1" && refused SIGNERS take 6.list && raw_list "SIGNERS: " 6.list &&
		in_force 5 2
}

replays() {
	refused OLD_VERSION take 2.list && raw_list "OLD_VERSION: " 2.list &&
		weirc trustlist --version 9 -o 9.list && sign 9.list "$ours" "$theirs" &&
		refused LIST_SHRUNK take 9.list && raw_list "LIST_SHRUNK: " 9.list
}

# The signer of what is active: out at once, and what another one signed is back and detects.
revokes() {
	made 7.weir "$channel" 7 "$ours" && load 7.weir && made 8.weir "$channel" 8 "$theirs" && load 8.weir &&
		is "$channel" 8 7 ok && list 6 "$ours $theirs" --revoke "$theirs.crt" && take 6.list &&
		is "$channel" 7 0 revoked && detects
}

stays_revoked() {
	made 9.weir "$channel" 9 "$theirs" && refused REVOKED load 9.weir && raw "REVOKED: " 9.weir &&
		is "$paired" 0 0 revoked && made t.weir "$paired" 7 "$ours" "$theirs" &&
		refused REVOKED load t.weir && raw "REVOKED: " t.weir
}

# What of all this the journal has
journal() {
	weirctl log --verify --state state && weirctl log --state state >"$out" && says "uid 0  trust list 6 is in force$" &&
		says "uid 0  trust list 6 is kept on disk$" && says "uid 0  trust refused by the kernel: OLD_VERSION$" &&
		says "channel $channel version 8: taken out: the trust list revokes it$"
}

comes_back() {
	in_force 6 1 && made 10.weir "$channel" 10 "$ours" && load 10.weir && in_force 6 2 && is "$channel" 10 0 ok &&
		raw "REVOKED: " 9.weir
}

echo "KTAP version 1"
if [ "${1:-}" = again ]; then
	echo "1..1"
	claim "a kernel that has no list gets all of them with the first load" comes_back
	exit "$failed"
fi
echo "1..13"
claim "a key that nobody introduced signs nothing" unknown
claim "a list introduces it" introduces
claim "content of either key is active" both_sign
claim "a version that is withdrawn is refused" withdraws
claim "active content that is revoked is out at once, and last-good is back" denies
claim "so is what is below a version" floor
claim "where two signers are asked for, content of one is out" two_persons_out
claim "and takes two to come in" two_persons_in
claim "then a list takes two as well" two_for_a_list
claim "an older list is not taken again, nor one that says less" replays
claim "when its key is revoked, active content is out at once, and last-good is back" revokes
claim "and stays out" stays_revoked
claim "the journal has the lists, those refused, and what came of them" journal
exit "$failed"
