#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# make install: what it puts where, that systemd takes the units, and that uninstall leaves nothing.
# Prints "ok NAME" or "not ok NAME" lines.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d)
root=$dir/root
trap 'rm -rf "$dir"' EXIT
# shellcheck source=tools/tests/lib.sh
. "$top/tools/tests/lib.sh"

run() {
	"$top/tools/install.sh" "$1" "$root" /opt/weir >"$dir/said" 2>&1
}

run install
result install $?
for f in bin/weirc bin/weirctl share/man/man1/weirc.1 share/man/man8/weirctl.8; do
	[ -s "$root/opt/weir/$f" ]
	result "install-$(basename "$f")" $?
done
"$root/opt/weir/bin/weirctl" --help >"$dir/said" 2>&1
result install-runs $?

# Units of others that ours are ordered by are not there, and what they start is not this test's.
units=$root/opt/weir/lib/systemd/system
mkdir -p "$root/bin" "$root/sbin" "$root/etc/systemd/system"
cp /bin/true "$root/bin/true"
cp /bin/true "$root/sbin/modprobe"
cp "$units"/* "$root/etc/systemd/system/"
for target in sysinit local-fs basic multi-user timers shutdown; do
	echo '[Unit]' >"$root/etc/systemd/system/$target.target"
done
for unit in "$units"/*; do
	name=$(basename "$unit")
	! grep -n /usr/local "$unit" >"$dir/said" &&
		systemd-analyze verify --root="$root" --man=no "$name" >"$dir/said" 2>&1 &&
		! grep -q "$name" "$dir/said"
	result "install-$name" $?
done
rm -rf "${root:?}"/*bin "${root:?}/etc"

run uninstall
find "$root" -type f >"$dir/said"
[ ! -s "$dir/said" ]
result uninstall $?
exit $failed
