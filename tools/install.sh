#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Installs what was built, its manual pages and its units for systemd, or takes all that away again.
#
#   install.sh install|uninstall DESTDIR PREFIX    called by the top Makefile
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
what=$1
dest=$2
prefix=$3
bin=$dest$prefix/bin
done=
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

place() {
	if [ "$what" = install ]; then
		install -D -m "$1" "$2" "$3"
		echo "installed $3"
	else
		rm -f "$3"
		echo "removed $3"
	fi
}

for tool in weirc weirctl; do
	if [ "$what" = uninstall ] || [ -x "$top/build/$tool" ]; then
		place 755 "$top/build/$tool" "$bin/$tool"
		done=1
	fi
done
[ "$done" ] || {
	echo "nothing to install: run make all first" >&2
	exit 1
}
for page in weirc.1 weirctl.8; do
	place 644 "$top/Documentation/$page" "$dest$prefix/share/man/man${page##*.}/$page"
done
# For whoever enables them: Documentation/store.rst.
for unit in "$top"/packaging/weir-*; do
	sed "s,/usr/local/bin/,$prefix/bin/," "$unit" >"$work/${unit##*/}"
	place 644 "$work/${unit##*/}" "$dest$prefix/lib/systemd/system/${unit##*/}"
done
# Modules of Debian's kernels only: a debug kernel lives in a test guest.
for module in "$top"/build/*/weir.ko; do
	release=$(basename "$(dirname "$module")")
	[ -d "/lib/modules/$release" ] || continue
	place 644 "$module" "$dest/lib/modules/$release/updates/weir.ko"
	[ "$dest" ] || depmod "$release"
done
