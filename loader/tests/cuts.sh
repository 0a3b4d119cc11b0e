#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The store after a kill at each call, on a full disk, and after a power cut at each call: it is
# whole, and the next boot comes up with the old or the new content.
. "$(dirname "$0")/lib.sh"

# Looking for leaks takes as long as all the rest; other tests do that.
export ASAN_OPTIONS=detect_leaks=0
storectl=$BIN/loader/tests/storectl
raise=$BIN/loader/tests/raise
preload=$(disk "$storectl")
boot=11111111-1111-1111-1111-11111111111
mkdir trust
pair good 3072
cp good.crt trust/
for v in 4 5 6; do
	"$craft" make version=$v > content.$v || exit 1
	good_sign content.$v $v.weir
done
echo 00000000-0000-0000-0000-000000000001 > boot.id

# now COMMAND...: in another boot of the machine than the one that this test runs in
now() { LD_PRELOAD=$preload BOOTID=$work/boot.id "$@"; }
load() { echo "$storectl" load state trust "$1.weir"; }
store() { echo "$weirctl" store "$@" --state state; }
boots() { echo "$storectl" boot state "$boot$1"; }
settles() { echo "$storectl" settle state "$boot$1"; }

# What the next boot would come up with.
comes_up() { "$weirctl" boot --dry-run --state "$1" | sed 's/.*generation [0-9]*: //'; }

# from BASE: a fresh copy of a state folder
from() { rm -rf state log; cp -a "$1" state; }

# Kept states, one made of the other.
# shellcheck disable=SC2046 # commands are made of words on purpose
make_states() {
	mkdir state
	cp -a state none
	now $(load 4) && cp -a state four || exit 1
	now $(load 5) && cp -a state five || exit 1
	now "$storectl" try state trust 6.weir && cp -a state trial || exit 1
	from five
	now $(boots 1) && cp -a state booted || exit 1
	now $(settles 1) && now $(load 6) && now $(boots 2) && cp -a state third || exit 1
	now $(boots 3) && cp -a state back || exit 1
}
make_states > /dev/null

# powercut NAME BASE SYNCS MARKS COMMAND...: every state that a cut may leave is one of the two,
# and if any of at least SYNCS syncs is left out, all those of files among them, one is not
powercut() {
	name=$1
	base=$2
	least=$3
	marks=$4
	shift 4
	from "$base"
	DISKLOG=$work/log now "$@" > run.log 2>&1 || { not_ok "$name: it runs" "$(cat run.log)"; return; }
	# shellcheck disable=SC2086 # marks are words
	set -- --weirctl "$weirctl" --floor "$raise" --after state --scratch cut $marks "$base" log
	if said=$(python3 "$tests/cuts.py" --then "$storectl load STATE trust 6.weir" "$@" 2>&1); then
		ok "$name: a power cut at any call leaves the old or the new ($said)"
	else
		not_ok "$name: a power cut at any call leaves the old or the new" "$said"
	fi
	python3 "$tests/cuts.py" --syncs "$@" > syncs 2>&1
	spared=$(grep -c '^[0-9]* fsync ' syncs)
	all=$(sed -n 's/^\([0-9]*\) syncs$/\1/p' syncs)
	missed=$((${all:-0} - spared))
	if [ "$missed" -ge "$least" ] && ! grep -q '^[0-9]* fsync [0-9]' syncs; then
		ok "$name: without any of $missed syncs it does not"
	else
		not_ok "$name: without any of $least syncs it does not" "$missed were missed" "$(cat syncs)"
	fi
}

# stands NAME: the store is whole, and comes up with the old or the new
stands() {
	"$weirctl" store verify --state state > verify.log 2>&1 || return 1
	got=$(comes_up state)
	[ "$got" = "$old" ] || [ "$got" = "$new" ]
}

# What there is, whatever files that are not in place yet are called.
outline() {
	find state -printf '%P %s %l\n' | sed 's/\.[A-Za-z0-9]\{6\} / /' | sort | cksum
}

# each HOW NAME BASE COMMAND...: KILLAT or FULLAT, until it has no effect; each time the store
# stands, and the command can be run again to its end
each() {
	how=$1
	name=$2
	base=$3
	shift 3
	from "$base"
	old=$(comes_up state)
	now "$@" > run.log 2>&1
	new=$(comes_up state)
	# After a call is before the next one: odd numbers would kill at the same places again.
	if [ "$how" = KILLAT ]; then by=2; else by=1; fi
	n=0
	status=1
	outline=
	while [ $status -ne 0 ] && [ $n -lt 300 ]; do
		n=$((n + by))
		before=$outline
		from "$base"
		(export "$how=$n" && now "$@") > run.log 2>&1
		status=$?
		case $how$status in
		*0 | KILLAT137) ;;
		FULLAT1) grep -q "No space left" run.log || { status=0; why="no reason is given"; break; } ;;
		*) why="it ended with $status"; break ;;
		esac
		why=
		outline=$(outline)
		[ "$outline" != "$before" ] || continue
		why="the store is damaged"
		stands || break
		why="it cannot be run again"
		now "$@" > run.log 2>&1 || break
		[ "$(comes_up state)" = "$new" ] || break
		why=
	done
	if [ -z "$why" ] && [ $n -gt 3 ]; then ok "$name, at each of $((n / by - 1)) calls"
	else not_ok "$name" "call $n: $why" "$(cat run.log verify.log)" "old $old" "new $new" "got $got"; fi
}

# Before it is trusted no boot comes up with it, and while it is on trial each boot knows.
tried="--old-until trusted --mark active=back,new"
# shellcheck disable=SC2046
{
	powercut "the first load" none 7 "$tried --mark end=current" $(load 4)
	powercut "load" four 10 "$tried --mark end=current" $(load 5)
	powercut "load over a trial" trial 6 "$tried" $(load 6)
	powercut "following the kernel" trial 5 "" "$storectl" follow state 291 \
		"$(sha256sum content.6 | cut -c1-64)" -
	powercut "unload" five 4 "" "$storectl" unload state 291
	powercut "boot" five 2 "--mark loaded=back" $(boots 1)
	powercut "boot is settled" booted 1 "--mark end=current" $(settles 1)
	powercut "boot after one that did not end well" third 2 "--mark loaded=nothing" $(boots 3)
	powercut "boot after content that was on trial" trial 2 "--mark loaded=nothing" $(boots 3)
	powercut "boot after two" back 4 "--mark end=current" $(boots 4)
	powercut "rollback" five 2 "" $(store rollback 1)
	powercut "gc" five 1 "" $(store gc --keep 1)
	powercut "purge" five 5 "" $(store purge "$(sha256sum 5.weir | cut -c1-64)")
	powercut "purge of what is on trial" trial 1 "" $(store purge "$(sha256sum 6.weir | cut -c1-64)")

	for how in KILLAT FULLAT; do
		case $how in
		KILLAT) what=killed ;;
		FULLAT) what="without room" ;;
		esac
		each "$how" "load $what" four $(load 5)
		each "$how" "unload $what" five "$storectl" unload state 291
		each "$how" "boot $what" five $(boots 1)
		each "$how" "settling $what" booted $(settles 1)
		each "$how" "boot after one that did not end well $what" third $(boots 3)
		each "$how" "boot after two $what" back $(boots 4)
		each "$how" "rollback $what" five $(store rollback 1)
		each "$how" "gc $what" five $(store gc --keep 1)
		each "$how" "purge $what" five $(store purge "$(sha256sum 5.weir | cut -c1-64)")
	done
}

# A loader is killed where it has changed a name, and what it left is collected; then the power is
# cut. What the killed one did not sync must not be built upon.
n=0
status=137
bad=
checked=0
negative=
while [ $status -eq 137 ] && [ -z "$bad" ] && [ $n -lt 300 ]; do
	n=$((n + 2))
	from four
	: > log
	# shellcheck disable=SC2046
	KILLAT=$n DISKLOG=$work/log now $(load 5) > run.log 2>&1
	status=$?
	last=$(tail -n 1 log)
	case $last in
	rename* | link* | unlink*) ;;
	*) continue ;;
	esac
	first=$(wc -l < log)
	# shellcheck disable=SC2046
	DISKLOG=$work/log now $(store gc --keep 1) > gc.log 2>&1 || bad="gc: $(cat gc.log)"
	set -- --weirctl "$weirctl" --first "$first" --after state --scratch cut four log
	said=$(python3 "$tests/cuts.py" "$@" 2>&1) || bad="killed at $n: $said"
	checked=$((checked + 1))
	case $last in
	rename*/store/current)
		python3 "$tests/cuts.py" --syncs "$@" > syncs
		before=$(head -n "$first" log | grep -c '^fsync ')
		grep -q "^$((before + 3)) fsync state/store/*\$" syncs || negative=1
		;;
	esac
done
if [ -z "$bad" ] && [ $status -eq 0 ] && [ $checked -gt 5 ]; then
	ok "killed at each of $checked changes, then collected, then cut: the old or the new"
else
	not_ok "killed at each change, then collected, then cut: the old or the new" "$bad" "status $status"
fi
if [ "$negative" ]; then ok "not so if what the killed one left is not synced first"
else not_ok "not so if what the killed one left is not synced first" "$(cat syncs log)"; fi
