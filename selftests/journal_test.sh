#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The journal against the running kernel: what was decided, and by whom, is in it once and only once.
# Prints KTAP; needs the module not to be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
channel=7203
work=/tmp/journal_test
state=$work/state
stranger=/keys/TEST-STRANGER
mkdir -p "$work/stranger" "$state" || exit 1
cd "$work" || exit 1
. "${0%/*}/claim.sh"
cp $stranger.crt stranger/

# All that this test does, somebody did who logged in as 1000 and became root.
echo 1000 >/proc/self/loginuid

# load VERSION OPTION...
load() {
	version=$1
	shift
	make "$version" && ctl load --state "$state" --no-prove "$@" "$version.weir"
}

marked_rule journal-test-marker

marked() {
	sh -c ': journal-test-marker'
}

log() {
	weirctl log --state "$state" "$@"
}

lines() {
	wc -l <"$state/journal"
}

settle() {
	ctl boot --settled --state "$state"
}

# has TEXT...: each in some line, with who it was
has() {
	log >"$out" || return 1
	for want in "$@"; do
		says "$want" || { echo "there is no $want" && return 1; }
	done
}

me='uid 0 (login 1000)  '
content="channel $channel version"

refused_here() {
	make 1 "$stranger" && ! ctl load --state "$state" --trust stranger --signers 2 1.weir &&
		has "^....-..-.. ..:..:..  ${me}load refused: SIGNERS: 1.weir: "
}

refused_by_the_kernel() {
	! ctl submit --state "$state" 1.weir &&
		has "${me}submit refused by the kernel: SIGNER$" "${me}submit refused: SIGNER: 1.weir: "
}

loaded() {
	load 1 --stage trusted && has "$me$content 1: submitted$" "$me$content 1: active, trusted$"
}

promoted() {
	load 2 --manual --gate events=1 --gate seconds=0 --gate matches=1000000 && marked && sleep 2 &&
		ctl promote --state "$state" "$channel" &&
		has "$me$content 2: stage probation$" "$me$content 2: stage trusted$"
}

too_early() {
	load 3 --manual --gate events=1000000 && ! ctl promote --state "$state" "$channel" &&
		has "$me$content 3: stage refused by the kernel: EAGAIN$"
}

rolled_back() {
	ctl rollback --state "$state" "$channel" && has "$me$content 3: rolled back$" "$content 2: active again$"
}

settings() {
	ctl mode --state "$state" "$channel" enforce --fail-closed &&
		ctl mode --state "$state" "$channel" audit &&
		ctl breaker --state "$state" --policy hold --limit rate=30 "$channel" &&
		ctl exempt --state "$state" /usr/bin/weirctl && ctl exempt --state "$state" --none &&
		has "${me}channel $channel: mode enforce, fail-closed$" "channel $channel: mode audit$" \
			"${me}channel $channel: limits of the breaker set, policy hold$" \
			"${me}executables exempt: 1$" "${me}executables exempt: 0$"
}

# The kernel takes it out by itself; the timer's command finds that out.
fails_its_trial() {
	load 4 --gate events=1 --gate seconds=8 --gate matches=0 && marked || return 1
	i=0
	until settle && has "  kernel  $content 4: taken out: it failed its trial" "$content 2: active again$"; do
		i=$((i + 1))
		[ "$i" -lt 60 ] || return 1
		sleep 1
	done
}

store_changes() {
	ctl store gc --state "$state" && ctl store rollback 1 --state "$state" &&
		has "${me}store-gc: " "${me}store-rollback: generation 1$"
}

booted() {
	ctl boot --state "$state" && has "${me}boot with generation 1 (current); channels loaded: 1, refused: 0$"
}

verifies() {
	head=$(log --head) && log --verify --expect "$head"
}

nothing_new() {
	settle && before=$(lines) && settle && settle && ctl status && ctl schema &&
		ctl breaker --state "$state" "$channel" && ctl exempt --state "$state" &&
		[ "$(lines)" = "$before" ]
}

# Of each start of the module, its decisions from 1 on, each once; gaps are lines, too.
once() {
	log --json | awk '/"source":"kernel"/ {
			match($0, /"decision":[0-9]+/); d = substr($0, RSTART + 11, RLENGTH - 11)
			match($0, /"id":"[0-9a-f]+/); id = substr($0, RSTART + 6, RLENGTH - 6)
			gap = 1
			if (match($0, /"count":[0-9]+/)) gap = substr($0, RSTART + 8, RLENGTH - 8)
			if (d != last[id] + gap) { print "after", last[id] + 0, "comes", d; bad = 1 }
			last[id] = d
			if (!(id in known)) starts++
			known[id] = 1
		}
		END { print starts + 0, "starts"; exit bad }' >"$out" && says "^$1 starts$"
}

reloaded() {
	settle && before=$(lines) && rmmod weir && insmod /modules/weir.ko && settle &&
		[ "$(lines)" = "$before" ] && load 5 --stage trusted && once 2
}

# More than the kernel keeps, by whoever does not write them down
loses() {
	i=0
	while [ "$i" -lt 150 ]; do
		weirctl mode --state "$work/none" "$channel" audit >/dev/null || return 1
		i=$((i + 1))
	done
	settle && has " [0-9]* decisions are lost: " && once 2 && log --verify
}

# A disk without room: the change is made all the same, and written down later.
full_disk() {
	mkdir small && mount -t tmpfs -o size=256k tmpfs small && mkdir small/state &&
		ctl mode --state small/state "$channel" audit && ! says warning || return 1
	dd if=/dev/zero of=small/fill bs=4k 2>/dev/null
	times=0
	while [ "$(stat -c %s small/state/journal)" -lt 200000 ]; do
		times=$((times + 1))
		ctl mode --state small/state "$channel" enforce || break
		! says warning || break
	done
	says "No space left" && is mode enforce || return 1
	rm small/fill && ctl mode --state small/state "$channel" audit && ! says warning &&
		weirctl log --verify --state small/state >"$out" && weirctl log --state small/state >"$out" &&
		[ "$(grep -c "mode enforce$" "$out")" = "$times" ]
	ret=$?
	umount small
	return "$ret"
}

broken() {
	cp "$state/journal" saved
	sed -i '3s/"pid":/"pid":1/' "$state/journal"
	! log --verify >"$out" 2>&1 && log --verify 2>&1 | grep -q 'line 3 of the journal does not verify' &&
		ctl mode --state "$state" "$channel" enforce && says "is in enforce mode" &&
		says "warning: .*line 3 of the journal" &&
		ctl log --restart --state "$state" && has "the journal begins, after journal.1 with 2 lines that verify" \
			"channel $channel: mode enforce$" && log --verify
}

echo "KTAP version 1"
echo "1..18"
claim "the module goes in" insmod /modules/weir.ko
claim "a file that is refused before the kernel sees it is in the journal" refused_here
claim "one that the kernel refuses is there twice: by whom, and which file" refused_by_the_kernel
claim "so is content that is loaded, with who did it" loaded
claim "and what is promoted" promoted
claim "and a promotion that comes too early" too_early
claim "and the way back" rolled_back
claim "and mode, limits and exempt executables" settings
claim "what the kernel takes out by itself is the kernel's" fails_its_trial
claim "changes of the store are in it" store_changes
claim "and what a boot came up with" booted
claim "it verifies, with its head" verifies
claim "where nothing is decided nothing is written" nothing_new
claim "no decision is there twice, and none is missing" once 1
claim "nor after the module was inserted anew" reloaded
claim "what the kernel did not keep is told" loses
claim "without room commands do their work and say so, and it is written down later" full_disk
claim "a changed journal stops nothing, and a new one begins" broken
weirctl unload "$channel" --state "$state" >/dev/null || failed=1
rmmod weir || failed=1
rm -rf "$work"
exit "$failed"
