#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A machine with a disk is reset, as by a hand on its plug, at each stage of content; each boot does
# what packaging/ has a boot do, and checks what the reset before left.
#
#   reset_drill.sh disk           mounts the disk at /var/lib, and inserts the module
#   reset_drill.sh STAGE          prints KTAP: what this boot came up with, and what it goes on to
#   reset_drill.sh reset-STAGE    ends the machine there
#
# tools/guest/resets.sh has the order. Versions: 1, 4 and 6 come to be trusted, the others do not.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
stage=$1
channel=7320
pull="echo b >/proc/sysrq-trigger"

mount_disk() {
	# Some are for processors that this one is not.
	for driver in /modules/disk/*.ko; do
		insmod "$driver" 2>/dev/null
	done
	mkdir -p /var/lib /usr/local
	ln -s /usr/bin /usr/local/bin
	mount -t ext4 /dev/vda /var/lib
}

# service NAME: what the unit of that name runs
service() {
	eval "$(sed -n 's/^ExecStart=//p' "/packaging/weir-$1.service")"
}

# pulls WHEN CALL WEIRCTL-COMMAND...: the machine is reset before or after the first such call of it.
# What is said here says that it was not.
pulls() {
	when=$1
	call=$2
	shift 2
	# shellcheck disable=SC2086 # an option or none
	kill_at $when --then "$pull" "$call" 1 weirctl "$@" >/tmp/pull.log 2>&1
	cat /tmp/pull.log
}

load_6() {
	pulls --after "$1" load --no-prove --stage trusted /var/lib/content/6.weir
}

case $stage in
disk)
	mount_disk && insmod /modules/weir.ko
	exit
	;;
reset-booting | reset-booting-again)
	# Content that was submitted is not active yet, and the marker is on disk.
	pulls "" activate boot
	exit
	;;
reset-loading)
	# The kernel has it, the disk does not.
	load_6 activate
	exit
	;;
reset-storing)
	# The generation has its name, and nothing says that it is the current one.
	load_6 link
	exit
	;;
reset-probation)
	# In the midst of denying every exec: this shell needs none for the rest.
	weirctl mode "$channel" enforce >/dev/null
	eval "$pull"
	exit
	;;
reset-*)
	eval "$pull"
	exit
	;;
esac

. "${0%/*}/drill_lib.sh"
state=/var/lib/weir

# Content of all versions, signed on another machine.
prepare() {
	mkdir -p /var/lib/content
	rule every "Every program" deny "Image|startswith: /"
	for i in 1 2 3 4 5 6; do
		if [ "$i" = 3 ]; then of=every; else of=harmless; fi
		make "$of" && mv "$of.weir" "/var/lib/content/$i.weir" || return 1
	done
	sync
}

# try VERSION OPTION...: loaded, and on trial
try() {
	version=$1
	shift
	ctl load --no-prove --state "$state" "$@" "/var/lib/content/$version.weir"
}

boot() {
	service boot >"$out" 2>&1
}

settled() {
	service settled >"$out" 2>&1 && says "this boot is settled"
}

# came_up VERSION [WORDS]: a boot comes up with it, and says so
came_up() {
	now
	since=$now
	boot
	status=$?
	now
	took=$(elapsed "$since")
	active "$1" || return 1
	[ -z "$2" ] || says "$2" || return 1
	promise "comes up with version" "$1, in $took" "version $1"
	[ "$status" = 0 ] || [ "$1" = 0 ]
}

# chooses WHY VERSION: what the boot that comes would come up with
chooses() {
	ctl boot --dry-run --json && says "\"choice\": \"$1\"" && says "\"version\": $2,"
}

# Nothing that was on trial denies anything, and the store is as it was written.
nothing_wrong() {
	wrong=0
	for i in 1 2 3 4 5; do
		sh -c : fresh-shell || wrong=$((wrong + 1))
	done
	promise "operations wrongly denied" "$wrong" "0"
	[ "$wrong" = 0 ] && usable && { [ ! -d "$state/store" ] || whole; }
}

# up VERSION [WORDS]
up() {
	claim "the machine comes up with version $1" came_up "$@"
	claim "it is usable, and the store is whole" nothing_wrong
}

# In audit mode still.
tries_wrong() {
	try 3 --manual && active 3
}

in_shadow() {
	try 2 --manual --stage shadow && active 1
}

submits() {
	ctl submit /var/lib/content/2.weir && active 1
}

trusts() {
	try "$1" --stage trusted && active "$1"
}

# Whatever the reset left: the same command again brings it to its end.
ends() {
	active 6 || trusts 6
}

out_again() {
	ctl unload --state "$state" "$channel" && rmmod weir && umount /var/lib
}

echo "KTAP version 1"
case $stage in
candidate)
	claim "content is made" prepare
	up 0
	claim "version 1 is loaded and trusted" trusts 1
	claim "the boot ends well" settled
	claim "version 2 is submitted, and a candidate" submits
	;;
shadow)
	up 1
	claim "the boot ends well" settled
	claim "version 2 is in shadow" in_shadow
	;;
probation)
	up 1 "on trial"
	claim "the boot ends well" settled
	claim "version 3, which denies every exec, is on probation" tries_wrong
	;;
trusted)
	up 1 "on trial"
	claim "the boot ends well" settled
	claim "version 4 is loaded and trusted" trusts 4
	;;
booting)
	# Nothing but the boot, which is reset in its midst.
	claim "the store is whole" whole
	claim "the boot is to come up with version 4" chooses current 4
	;;
booting-again)
	claim "the store is whole" whole
	claim "the boot is to come up with version 1, with which one ended well" chooses back 1
	;;
loading)
	up 0 "two boots with content did not end well"
	claim "version 5 is loaded and trusted" trusts 5
	claim "the boot ends well" settled
	;;
storing)
	up 5
	claim "the boot ends well" settled
	;;
last)
	up 5
	claim "the boot ends well" settled
	claim "the same command ends what was cut off" ends
	claim "the machine is taken down" out_again
	;;
esac
echo "1..$n"
exit "$failed"
