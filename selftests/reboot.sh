# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# A boot without a machine: the module out and in again, with another boot id. To be read in with
# $channel set, from a folder of work; who rebooted gives the boot id back in the end.
: "${channel:?}"
boots=0
id=/proc/sys/kernel/random/boot_id

other_boot_id() {
	boots=$((boots + 1))
	umount "$id" 2>/dev/null
	echo "11111111-1111-1111-1111-$(printf %012d "$boots")" >"id.$boots"
	mount -o bind "id.$boots" "$id"
}

# The machine begins anew: nothing is in the kernel, and the boot id is another one.
reboot() {
	rmmod weir 2>/dev/null
	insmod /modules/weir.ko && other_boot_id
}

own_boot_id() {
	umount "$id" 2>/dev/null || [ "$boots" = 0 ]
}

# The version that the kernel evaluates; 0: nothing
active_version() {
	weirctl status --json >status.json && awk -v channel="$channel" '
		$1 == "\"channel\":" { here = ($2 + 0 == channel) }
		here && $1 == "\"active\":" { want = ($2 == "{") }
		here && want && $1 == "\"version\":" { print $2 + 0; want = 0; seen = 1 }
		END { if (!seen) print 0 }' status.json
}

active() {
	[ "$(active_version)" = "$1" ]
}
