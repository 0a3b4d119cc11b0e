#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Sees to it that the Debian packages for a purpose are there: as root it installs what is missing,
# else it prints the one command that does.
#
#   deps.sh [--list] GROUP...    groups: build host demo guest bench prove
set -eu

packages() {
	case $1 in
	build)
		echo gcc make libc6-dev pkg-config libyaml-dev libssl-dev libjansson-dev openssl
		echo linux-headers-amd64
		;;
	host)
		echo clang libclang-rt-14-dev clang-format shellcheck python3 python3-yaml jq spin systemd
		# The kernel's checkers, and headers of both kernels to check with.
		echo sparse perl linux-source-6.1 xz-utils linux-headers-6.12-amd64
		;;
	demo)
		echo linux-image-amd64 qemu-system-x86 seabios busybox-static cpio
		echo netcat-openbsd dash passwd kmod util-linux e2fsprogs
		;;
	guest)
		packages demo
		echo linux-image-6.12-amd64 linux-headers-6.12-amd64
		# Rules for every field are generated; the debug kernel is built from source.
		echo python3 python3-yaml
		echo linux-source-6.1 xz-utils flex bison bc libelf-dev
		# A package that others wrote, and what it takes to build it in a guest.
		echo libltdl-dev libtool autotools-dev tcc binutils make sed mawk grep file
		;;
	bench)
		# What Weir is compared with, and what counts instructions.
		echo g++ libhyperscan-dev libre2-dev libyara-dev valgrind python3 python3-yaml
		echo clang libbpf-dev
		;;
	prove)
		echo frama-c-base why3 z3 cvc5 gcc make
		;;
	*)
		echo "deps: no group '$1'; groups are build, host, demo, guest, bench, prove" >&2
		return 2
		;;
	esac
}

installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# One package a line of all groups named, each once.
wanted() {
	for group in "$@"; do
		packages "$group"
	done | tr ' ' '\n' | sort -u
}

install_now() {
	echo "deps: installing $*"
	export DEBIAN_FRONTEND=noninteractive
	apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 && return
	# The lists may be missing or too old.
	apt-get update -q || echo "deps: apt-get update failed, trying without" >&2
	apt-get install -y -q --no-install-recommends "$@"
}

list=
if [ "${1-}" = --list ]; then
	list=1
	shift
fi
[ $# -gt 0 ] || {
	sed -n '3,7s/^# \{0,1\}//p' "$0" >&2
	exit 2
}
for group in "$@"; do
	packages "$group" >/dev/null || exit 2
done
names=$(wanted "$@")
if [ "$list" ]; then
	echo "$names"
	exit 0
fi

missing=
for name in $names; do
	installed "$name" || missing="$missing $name"
done
[ -n "$missing" ] || exit 0

# Word splitting is meant: these are package names.
# shellcheck disable=SC2086
if [ "$(id -u)" -eq 0 ]; then
	install_now $missing
else
	echo "deps: packages are missing; as root:" >&2
	echo "apt-get install --no-install-recommends$missing" >&2
	exit 1
fi
