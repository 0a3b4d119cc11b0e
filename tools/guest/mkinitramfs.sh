#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Makes a guest's initramfs: PID 1, busybox, the plan, and what is asked for.
#
#   mkinitramfs.sh --out FILE --plan FILE [--prog FILE[:PATH]]... [--file SRC:PATH]...
#                  [--overlay DIR]...
#
# A program brings its libraries along; without a path it keeps its own, or goes to /usr/bin.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

out=
plan=
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT INT TERM HUP

# Debian's own layout, so that paths in events look as they do on real machines.
skeleton() {
	for d in usr/bin usr/sbin usr/lib usr/lib64 etc root proc sys dev tmp run var selftests \
		modules content keys; do
		mkdir -p "$root/$d"
	done
	for d in bin sbin lib lib64; do
		ln -s "usr/$d" "$root/$d"
	done
	echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
	echo 'nobody:x:65534:65534:nobody:/nonexistent:/bin/sh' >>"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	install -m 755 "$top/build/selftests/init" "$root/init"
	busybox --list | while read -r applet; do
		ln -sf busybox "$root/usr/bin/$applet"
	done
	# The list names busybox itself, too.
	rm -f "$root/usr/bin/busybox"
	install -m 755 /bin/busybox "$root/usr/bin/busybox"
}

add_program() {
	src=${1%%:*}
	case $1 in
	*:*) dst=${1#*:} ;;
	/usr/* | /bin/* | /sbin/*) dst=$1 ;;
	*) dst=/usr/bin/$(basename "$1") ;;
	esac
	# A link to an applet must not be followed into busybox itself.
	rm -f "$root$dst"
	copy_program "$src" "$root" "$dst"
}

skeleton
while [ $# -gt 0 ]; do
	case $1 in
	--out) out=$2 ;;
	--plan) plan=$2 ;;
	--prog) add_program "$2" ;;
	--file) install -D -m "$([ -x "${2%%:*}" ] && echo 755 || echo 644)" "${2%%:*}" "$root${2#*:}" ;;
	--overlay) cp -a "$2/." "$root/" ;;
	*) die "mkinitramfs: no option $1" ;;
	esac
	shift 2
done
[ "$out" ] || die "mkinitramfs: no --out"
[ "$plan" ] || die "mkinitramfs: no --plan"
install -m 644 "$plan" "$root/plan"
(cd "$root" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H newc -R +0:+0 --quiet) >"$out"
