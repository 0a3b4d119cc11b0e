#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Wrong content whose signer is revoked while it is active; and old content, rightly signed, that
# somebody plays back: to the loader, and past it to the kernel.
# Prints KTAP; needs the module not to be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
channel=7313
. "${0%/*}/drill_lib.sh"
theirs=/keys/TEST-STRANGER
rule wrong "What is done every day" deny "CommandLine|contains: work-of-every-day"

# list NUMBER ARGUMENTS...: a trust list that goes on from the one before, put in force
list() {
	number=$1
	shift
	base=
	[ "$number" = 1 ] || base="--base $((number - 1)).list"
	# shellcheck disable=SC2086 # an option and its value, or none
	weirc trustlist $base "$@" -o "$number.list" &&
		weirc sign --key "$key.key" --cert "$key.crt" "$number.list" &&
		ctl trust --state "$state" "$number.list"
}

# work TIMES: how often it was denied is added to $wrong
work() {
	i=0
	while [ "$i" -lt "$1" ]; do
		i=$((i + 1))
		/bin/true work-of-every-day 2>/dev/null || wrong=$((wrong + 1))
	done
}

# So few that no limit is reached: nothing but the list will find it.
denies() {
	good=$made
	make wrong "$theirs" && again wrong --stage trusted && active "$made" && wrong=0 && work 4 &&
		[ "$wrong" = 4 ]
}

revokes() {
	now
	since=$now
	list 2 --revoke "$theirs.crt" || return 1
	now
	promise "out of the kernel after" "$(elapsed "$since")" "when weirctl trust returns"
	wrong=0
	work 20
	promise "operations wrongly denied after that" "$wrong" "0"
	[ "$wrong" = 0 ] && active "$good" && is health revoked && usable
}

on_disk() {
	ctl boot --dry-run --state "$state" && says "channel $channel version $good\$" && whole
}

# raw WORD FILE: the kernel says so itself
raw() {
	submit_raw "$2" >"$out" 2>&1
	says "$1"
}

stays_out() {
	refused revoked again wrong --stage trusted && raw "REVOKED: " wrong.weir &&
		make wrong "$theirs" && refused revoked again wrong --stage trusted && raw "REVOKED: " wrong.weir &&
		active "$good"
}

# replayed NAME: the file of that name is refused on both ways, and what is active stays
replayed() {
	refused "is older than version" again "$1" --stage trusted && raw "OLD_VERSION: " "$1.weir" &&
		active "$newest"
}

old_version() {
	cp harmless.weir old.weir
	load harmless --stage trusted && newest=$made && replayed old
}

# The version that was left is no newer than itself, and the old one is as old as it was.
old_after_going_back() {
	cp harmless.weir left.weir
	ctl rollback --state "$state" "$channel" && newest=$good && active "$good" && replayed old &&
		refused "not newer" again left --stage trusted && raw "OLD_VERSION: " left.weir && active "$good"
}

# The kernel has forgotten its floor, the disk has not.
old_after_a_boot() {
	load harmless --stage trusted && newest=$made && reboot && ctl boot --state "$state" &&
		active "$newest" && replayed old && whole
}

echo "KTAP version 1"
tell "A signer is revoked while his content is active; old content is played back."
claim "a harmless version is trusted, and enforced" begin
claim "a list introduces another signer" list 1 --introduce "$theirs.crt"
claim "who signs content that denies daily work" denies
claim "his key is revoked: the content is out, and the one before is back" revokes
claim "so it is on disk, for the next boot" on_disk
claim "what he signs stays out, in loader and kernel" stays_out
claim "an old file is refused, in loader and kernel" old_version
claim "also after the way back to last-good" old_after_going_back
claim "and after a boot" old_after_a_boot
own_boot_id
claim "the module goes out" finish
echo "1..$n"
exit "$failed"
