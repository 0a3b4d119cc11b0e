#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Installs what was built, or takes it away again.
#
#   install.sh install|uninstall DESTDIR PREFIX    called by the top Makefile
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
what=$1
dest=$2
bin=$dest$3/bin
done=

place() {
	if [ "$what" = install ]; then
		install -D -m "$1" "$2" "$3"
		echo "installed $3"
	else
		rm -f "$3"
		echo "removed $3"
	fi
	done=1
}

for tool in weirc weirctl; do
	if [ "$what" = uninstall ] || [ -x "$top/build/$tool" ]; then
		place 755 "$top/build/$tool" "$bin/$tool"
	fi
done
# Modules of Debian's kernels only: a debug kernel lives in a test guest.
for module in "$top"/build/*/weir.ko; do
	release=$(basename "$(dirname "$module")")
	[ -d "/lib/modules/$release" ] || continue
	place 644 "$module" "$dest/lib/modules/$release/updates/weir.ko"
	[ "$dest" ] || depmod "$release"
done
[ "$done" ] || {
	echo "nothing to install: run make all first" >&2
	exit 1
}
