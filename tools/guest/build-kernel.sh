#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Builds the debug kernel out of Debian's kernel source, once, and prints the path of its tree.
#
#   build-kernel.sh [--path]    --path: only print where the tree is or would be
#
# The tree holds bzImage and is a KDIR for external modules. A build that was interrupted goes on
# where it stopped. Progress goes to stderr, the path to stdout.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
series=6.1
source_tar=/usr/src/linux-source-$series.tar.xz

say() {
	echo "debug kernel: $*" >&2
}

die() {
	say "$*"
	exit 1
}

# A line of the fragment that the kernel's configuration does not take would be a check that is not on.
check_config() {
	missing=$(grep -E '^(CONFIG_|# CONFIG_)' "$here/debug.config" | while read -r line; do
		case $line in
		\#*) ! grep -q "^$(echo "$line" | cut -d' ' -f2)=" .config || echo "$line" ;;
		*) grep -qxF "$line" .config || echo "$line" ;;
		esac
	done)
	[ -z "$missing" ] || die "not taken by the kernel's configuration:
$missing"
}

configure() {
	make -s ARCH=x86_64 tinyconfig >/dev/null
	scripts/kconfig/merge_config.sh -m .config "$here/debug.config" >/dev/null 2>&1
	make -s ARCH=x86_64 olddefconfig >/dev/null 2>&1
	check_config
}

# make's own output goes to a log, a count of the objects that it built to the reader.
compile() {
	log=$dir/build.log
	say "compiling on $(nproc) CPUs, log in $log"
	nice make ARCH=x86_64 -j"$(nproc)" bzImage modules >"$log" 2>&1 &
	pid=$!
	trap 'kill $pid 2>/dev/null' INT TERM HUP
	n=0
	while kill -0 $pid 2>/dev/null; do
		sleep 1
		n=$((n + 1))
		[ $((n % 20)) -ne 0 ] || say "$(grep -cE '^  (CC|AS|HOSTCC) ' "$log" || true) objects"
	done
	wait $pid || {
		tail -n 20 "$log" >&2
		die "the build failed, see $log"
	}
}

# What remains is what modules are built with; objects and most sources go.
prune() {
	cp arch/x86/boot/bzImage "$dir/bzImage"
	find . \( -name '*.o' -o -name '.*.cmd' -o -name '*.a' \) -not -path './scripts/*' \
		-not -path './tools/*' -type f -delete
	rm -rf vmlinux .tmp_vmlinux* Documentation sound drivers fs net samples arch/x86/boot
	find arch -mindepth 1 -maxdepth 1 -not -name x86 -exec rm -rf {} +
}

[ -r "$source_tar" ] || die "no $source_tar; install linux-source-$series (tools/deps.sh guest)"
package=$(dpkg-query -W -f '${Version}' linux-source-$series 2>/dev/null || stat -c %s "$source_tar")
key=$({ echo "$package"; cat "$here/debug.config" "$here/build-kernel.sh"; } | sha256sum | cut -c1-16)
dir=${WEIR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir}/kernel-$key
tree=$dir/linux

if [ "${1-}" = --path ]; then
	echo "$tree"
	exit 0
fi
if [ -e "$dir/done" ]; then
	echo "$tree"
	exit 0
fi

mkdir -p "$dir"
# Two builds at once would spoil each other; the second one waits and finds the work done.
exec 9>"$dir/lock"
flock -n 9 || {
	say "another build is running, waiting for it"
	flock 9
}
if [ ! -e "$dir/done" ]; then
	if [ ! -e "$dir/unpacked" ]; then
		say "unpacking $source_tar"
		rm -rf "$tree"
		mkdir "$tree"
		tar -C "$tree" --strip-components=1 -xf "$source_tar"
		touch "$dir/unpacked"
	fi
	cd "$tree"
	[ -e "$dir/configured" ] || {
		configure
		touch "$dir/configured"
	}
	compile
	prune
	touch "$dir/done"
	say "done, $(du -sh "$dir" | cut -f1)"
fi
echo "$tree"
