#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The loader is killed before each call with which it changes the disk or the kernel: the machine goes
# on with the old or with the new content, the same command again brings it to its end, and so does the
# next boot. Prints KTAP; needs the module not to be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
channel=7310
. "${0%/*}/drill_lib.sh"
# A kill before a file is created or synced, or before a folder is made that is there, leaves what one
# before the next call leaves; what power cuts make of that is shown by loader/tests/cuts.sh.
calls=submit,activate,stage,rollback,unload,names,write,rename,link,unlink

# Each before_WHAT brings kernel and store to where the command starts; $old and $new is what a boot comes
# up with before and after it, $on the content that is active before. 0: nothing.
before_load() {
	old=$(active_version)
	on=$old
	make harmless && new=$made
	arguments="load --no-prove --stage trusted --state $state harmless.weir"
}

before_promote() {
	old=$(active_version)
	load harmless --manual --gate events=0 --gate seconds=0 && new=$made && on=$made
	arguments="promote --state $state $channel"
}

before_rollback() {
	new=$(active_version)
	load harmless --stage trusted && old=$made && on=$made
	arguments="rollback --state $state $channel"
}

before_unload() {
	load harmless --stage trusted && old=$made && on=$made && new=0
	arguments="unload --state $state $channel"
}

run_again() {
	# shellcheck disable=SC2086 # words
	weirctl $arguments >"$out" 2>&1
}

# What a boot comes up with has changed already: all that was left was to take a marker away.
stored() {
	case $is in
	*/current*) ;;
	*) false ;;
	esac
}

# What brings to its end what was killed. Going back once more would be another step back: here it is what
# the timer of packaging/ runs each minute.
end_load() { run_again || { stored && says 'is not newer'; }; }
end_promote() { run_again || says 'nothing is on trial'; }
end_rollback() { active "$new" || run_again; ctl boot --settled --state "$state"; }
end_unload() { run_again; }

# What of the store is another than before the command, but for files that are not in place yet.
list() {
	find "$state" -type f | grep -v '\.[A-Za-z0-9]\{6\}$' | sort | xargs sha256sum
}

changed() {
	list | sort - list.before | uniq -u | awk '{ print $2 }' |
		sed 's#/[0-9a-f]*\(\.weir\)\{0,1\}$##' | sort -u | tr '\n' ' '
}

# comes_up VERSION: the boot that was asked for says so
comes_up() {
	if [ "$1" = 0 ]; then
		says '"content": \[\]'
	else
		says "\"version\": $1,"
	fi
}

# The boot after a crash at that point, with a copy of what was on disk then. What the boot after a
# killed load would come up with, the real one does; of the others it says so.
boots() {
	if [ "$what" != load ]; then
		other_boot_id
		ctl boot --dry-run --json --state crash
		ended=$?
		own_boot_id
		[ "$ended" = 0 ] && { comes_up "$old" || comes_up "$new"; }
		return
	fi
	rm -rf "$state"
	mv crash "$state"
	reboot && ctl boot --state "$state" && { active "$old" || active "$new"; } &&
		ctl boot --settled --state "$state"
}

# What is active is counted.
stands() {
	if active "$new"; then
		news=$((news + 1))
	elif active "$on"; then
		olds=$((olds + 1))
	else
		return 1
	fi
	usable && whole
}

# each WHAT: killed at the first call, at the second, and so on, until there are no more
each() {
	what=$1
	at=0
	olds=0
	news=0
	was=
	status=137
	while [ "$status" = 137 ] && [ "$at" -lt 100 ]; do
		at=$((at + 1))
		"before_$what" && list >list.before || return 1
		status=0
		# shellcheck disable=SC2086 # words
		kill_at "$calls" "$at" weirctl $arguments >"$out" 2>&1 || status=$?
		[ "$status" = 137 ] || break
		sed -n 's/^kill_at: //p' "$out" >where
		is=$(changed)
		rm -rf crash
		cp -a "$state" crash
		stands && "end_$what" && active "$new" || return 1
		[ "$is" = "$was" ] && [ "$at" -gt 1 ] && continue
		was=$is
		boots || return 1
	done
	cat where >>"$out"
	promise "$what, killed before each of $((at - 1)) calls" \
		"$olds times the old is active, $news times the new" "one of them, and run again it ends"
	[ "$status" = 0 ] && [ "$at" -gt 3 ]
}

echo "KTAP version 1"
tell "The loader is killed at each step."
claim "a harmless version is trusted" begin
claim "a load that is killed leaves the old or the new" each load
claim "so does a promotion" each promote
claim "and the way back" each rollback
claim "and an unload" each unload
claim "the machine is usable" usable
own_boot_id
claim "the module goes out" finish
echo "1..$n"
exit "$failed"
