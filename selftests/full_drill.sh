#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The file system of the store is full: a load is refused and says why, what is active stays, and the
# same command works once there is room. Prints KTAP; needs the module not to be inserted, and leaves
# it so.
#
# Functions are called through claim, which shellcheck does not follow; channel is for drill_lib.sh.
# shellcheck disable=SC2317,SC2034
channel=7311
. "${0%/*}/drill_lib.sh"
disk=$work/disk
state=$disk/state
mkdir "$disk" && mount -t tmpfs -o size=256k,mode=755 tmpfs "$disk" || exit 1

# room PAGES: so many of 4 KiB are left on the disk
room() {
	rm -f "$disk/filler"
	free=$(stat -f -c %a "$disk")
	[ "$free" -ge "$1" ] || return 1
	dd if=/dev/zero of="$disk/filler" bs=4096 count=$((free - $1)) 2>/dev/null
	[ "$(stat -f -c %a "$disk")" = "$1" ]
}

# Refused, with the reason; and nothing has changed.
nothing_done() {
	refused "No space left on device" again harmless --stage trusted && active "$old" && whole && usable
}

no_room() {
	old=$made
	make harmless && room 0 && nothing_done
}

# A page more each time. Where the kernel has the new content already, that is said.
a_page_more() {
	pages=0
	while ! again harmless --stage trusted; do
		says "No space left on device" || return 1
		active "$old" || { says "the kernel has the content" && active "$made"; } || return 1
		whole && usable || return 1
		pages=$((pages + 1))
		[ "$pages" -lt 40 ] && room "$pages" || return 1
	done
	promise "loads refused with too little room" "$pages" "each says why, and leaves the old or the new"
	[ "$pages" -gt 0 ] && active "$made" && whole
}

boots_without_room() {
	room 0 && reboot && refused "No space left on device" ctl boot --state "$state" && active 0 && usable
}

boots_with_room() {
	room 20 && ctl boot --state "$state" && active "$made" && whole
}

# The module that begin() put in is gone by now, and with it what it counted.
gone() {
	umount "$disk" && rmmod weir
}

echo "KTAP version 1"
tell "The disk of the store is full."
claim "a harmless version is trusted, and enforced" begin
claim "without room the next one is refused, and the one before stays" no_room
claim "with room for a part only too, until there is enough: then the same command works" a_page_more
promise "operations wrongly denied" "$(denied)" "0"
claim "a boot that cannot leave a marker loads nothing, and the machine is usable" boots_without_room
claim "with room the same command loads it" boots_with_room
own_boot_id
claim "the module goes out" gone
echo "1..$n"
exit "$failed"
