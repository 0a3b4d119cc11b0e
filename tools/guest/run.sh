#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Boots one guest with one plan and judges what it says.
#
#   run.sh --name NAME --kernel 6.1|6.12|debug --plan FILE [--bare] [--timeout SECONDS] [--mem MIB]
#          [--patience SECONDS] [--append WORDS] [--icount] [--quiet] [--prog FILE[:PATH]]...
#          [--file SRC:PATH]... [--overlay DIR]... [--disk FILE]
#
# A disk is a raw image, /dev/vda in the guest; its drivers and those of ext4 are in /modules/disk, in
# the order in which they go in.
#
# Without --bare the guest gets the module of its kernel, the selftests, the content, the keys and
# the tools that are under build/. The logs stay in build/guest/NAME. Exit 0: all tests passed.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

name=
kernel=
plan=
bare=
limit=
mem=768
append=
cpu=
quiet=
disk=
patience=
extra=$(mktemp)
vm=
trap 'rm -f "$extra"; [ -z "$vm" ] || kill "$vm" 2>/dev/null || true' EXIT
trap 'exit 1' INT TERM HUP

# One option and its value a line, so that values may hold blanks.
add() {
	printf '%s\n%s\n' "$1" "$2" >>"$extra"
}

add_all() {
	for f in "$1"/*; do
		[ ! -f "$f" ] || add --file "$f:$2/$(basename "$f")"
	done
}

# add_module FILE NAME: a module of Debian's, which may be compressed
add_module() {
	case $1 in
	*.xz) xz -dc "$1" ;;
	*) cat "$1" ;;
	esac >"$dir/$(basename "$2")"
	add --file "$dir/$(basename "$2"):/modules/$2"
}

# The debug kernel has it built in.
add_overlayfs() {
	for ko in "/lib/modules/$1/kernel/fs/overlayfs/overlay.ko"*; do
		[ ! -e "$ko" ] || add_module "$ko" overlay.ko
	done
}

# What is built in has no file.
add_disk() {
	for module in virtio_pci virtio_blk ext4; do
		modprobe -S "$1" --show-depends $module || die "kernel $1 has no module $module for a disk"
	done >"$dir/disk.modules"
	n=100
	awk '$1 == "insmod" && !seen[$2]++ { print $2 }' "$dir/disk.modules" | while read -r ko; do
		n=$((n + 1))
		add_module "$ko" "disk/$n-$(basename "${ko%.xz}")"
	done
}

add_build() {
	release=$(kernel_release "$kernel")
	[ -e "$top/build/$release/weir.ko" ] || die "no build/$release/weir.ko: run make module"
	add_all "$top/build/$release" /modules
	add_overlayfs "$release"
	add_all "$top/build/selftests/bin" /selftests
	add_all "$top/build/selftests/content" /content
	add_all "$top/build/test-keys" /keys
	add --file "$top/build/test-keys/TEST-ONLY.crt:/etc/weir/trust/TEST-ONLY.crt"
	for tool in weirctl weirc; do
		[ ! -x "$top/build/$tool" ] || add --prog "$top/build/$tool:/usr/bin/$tool"
	done
}

make_initramfs() {
	set --
	while read -r word; do
		set -- "$@" "$word"
	done <"$extra"
	"$top/tools/guest/mkinitramfs.sh" --out "$dir/initramfs" --plan "$plan" "$@"
}

boot() {
	words="console=ttyS0 panic=-1 oops=panic panic_on_warn=1 log_buf_len=8M ignore_loglevel"
	words="$words rcupdate.rcu_cpu_stall_timeout=60 printk.devkmsg=on"
	# Debian's kernels can run x32 programs, and do if they are asked to.
	words="$words syscall.x32=y"
	[ "$kernel" != debug ] || words="$words WEIR_LEAK=1 WEIR_SLOW=$slow"
	if [ "$cpu" = icount ]; then
		set -- -accel tcg -icount shift=0 -smp 1
	elif [ "$(accel)" = kvm ]; then
		set -- -accel kvm -cpu host -smp 2,sockets=2
	else
		set -- -accel "tcg,thread=$(tcg_threads)" -smp 2,sockets=2
	fi
	[ -z "$disk" ] || set -- "$@" -drive "file=$disk,format=raw,if=virtio"
	: >"$dir/heartbeat"
	timeout -s KILL "$limit" qemu-system-x86_64 "$@" -m "$mem" -no-reboot -display none \
		-monitor none -nic none -kernel "$(kernel_image "$kernel")" \
		-initrd "$dir/initramfs" -append "$words $append" \
		-serial "file:$dir/console.log" -serial "file:$dir/verdict.log" \
		-serial "file:$dir/heartbeat" >"$dir/qemu.log" 2>&1 &
	vm=$!
	watch
	wait "$vm"
}

# A guest that neither says anything nor shows a sign of life has hung; its own limits are longer.
watch() {
	seen=
	still=0
	while kill -0 "$vm" 2>/dev/null; do
		sleep 1
		now=$(stat -c %s "$dir/console.log" "$dir/verdict.log" "$dir/heartbeat" 2>/dev/null || true)
		still=$((still + 1))
		[ "$now" = "$seen" ] || still=0
		seen=$now
		[ $still -lt "$patience" ] || {
			echo "no sign of life for $still s" >>"$dir/qemu.log"
			# timeout passes it on; it kills with KILL only what outlives its limit.
			kill "$vm" 2>/dev/null || true
		}
	done
}

while [ $# -gt 0 ]; do
	case $1 in
	--bare) bare=1 ;;
	--quiet) quiet=1 ;;
	--icount) cpu=icount ;;
	--name) name=$2 && shift ;;
	--kernel) kernel=$2 && shift ;;
	--plan) plan=$2 && shift ;;
	--timeout) limit=$2 && shift ;;
	--mem) mem=$2 && shift ;;
	--append) append=$2 && shift ;;
	--disk) disk=$2 && shift ;;
	--patience) patience=$2 && shift ;;
	--prog | --file | --overlay) add "$1" "$2" && shift ;;
	*) sed -n '3,13s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
	esac
	shift
done
[ "$name" ] || die "no --name"
[ "$kernel" ] || die "no --kernel"
[ -r "$plan" ] || die "no --plan, or no such file: '$plan'"

dir=$top/build/guest/$name
rm -rf "$dir"
mkdir -p "$dir"
: >"$dir/verdict.log"
cp "$plan" "$dir/plan"
plan=$dir/plan
# A kernel full of checks, in an emulator, takes its time.
slow=1
[ "$kernel" != debug ] || slow=4
[ -n "$patience" ] || patience=$((60 * slow))
[ -n "$limit" ] || limit=$(($("$top/tools/guest/verdict.sh" --limit "$plan") * slow))
[ -n "$bare" ] || add_build
[ -z "$disk" ] || add_disk "$(kernel_release "$kernel")"
make_initramfs
began=$(date +%s)
[ -n "$quiet" ] || say "$name: booting $(basename "$(kernel_image "$kernel")"), at most $limit s"
boot || echo "qemu ended with status $?" >>"$dir/qemu.log"
vm=
rm -f "$dir/initramfs"
status=0
leaks=0
[ "$kernel" != debug ] || leaks=1
"$top/tools/guest/verdict.sh" --name "$name" --leaks $leaks "$plan" "$dir" || status=1
[ -n "$quiet" ] || say "$name: $(($(date +%s) - began)) s"
exit $status
