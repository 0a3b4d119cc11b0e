#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Real work in a guest under a pack of rules: see selftests/workload.sh.
#
#   workload.sh KERNEL [RULES...]    KERNEL: 6.1 or 6.12; RULES: Sigma files and folders, by default
#                                    as many rules as a public pack has, made by selftests/pack.sh
#
# Of RULES those are left out that need a field which no kernel provides.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

kernel=$1
shift
[ $# -gt 0 ] || set -- "$top/build/selftests/pack"
out=$top/build/workload-$kernel
key=$top/build/test-keys/TEST-ONLY

# Each rule that the module provides the fields for, all in one file.
compile_rules() {
	rm -rf "$out/rules"
	mkdir -p "$out/rules"
	find "$@" -name '*.yml' | sort | while read -r rule; do
		"$top/build/weirc" compile --channel 7200 --version 1 -o "$out/one.weir" "$rule" \
			>"$out/one.log" 2>&1 || die "$(cat "$out/one.log")"
		"$top/build/weirc" sign --key "$key.key" --cert "$key.crt" "$out/one.weir"
		if "$top/build/weirctl" check --offline --trust "$top/build/test-keys" \
			--state "$out/state" "$out/one.weir" >"$out/one.log" 2>&1; then
			cp "$rule" "$out/rules/"
		else
			say "left out: $(tail -n 1 "$out/one.log")"
		fi
	done
	"$top/build/weirc" compile --channel 7200 --version 1 --name public -o "$out/rules.raw" \
		"$out/rules" >&2
	"$top/build/weirc" sign --key "$key.key" --cert "$key.crt" -o "$out/rules.weir" "$out/rules.raw"
}

# A C compiler, the headers and the start files of libc, and the package that is built with them.
make_root() {
	root=$out/root
	rm -rf "$root"
	mkdir -p "$root/usr/src/libltdl"
	for package in tcc libc6-dev linux-libc-dev; do
		dpkg -L "$package" | grep -vE '/(doc|man|locale)(/|$)' | while read -r f; do
			[ -d "$f" ] || [ ! -e "$f" ] || echo "$f"
		done
	done | grep -vE '/gconv|/audit|_p\.a$|/libm-' | tar -C / -cf - -T - 2>/dev/null |
		tar -xf - -C "$root"
	cp -rL /usr/share/libtool "$root/usr/src/libltdl/"
	mv "$root/usr/src/libltdl/libtool/build-aux" "$root/usr/src/libltdl/"
}

make_root
compile_rules "$@"
so=/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
# The compiler's linker looks for it among the libraries.
set -- --overlay "$out/root" --file "$out/rules.weir:/content/rules.weir" --file "$so:/usr$so"
# Its own shell, for busybox's runs its applets without starting a program.
set -- "$@" --prog /usr/bin/dash:/usr/bin/sh
for prog in tcc make ar ld ranlib nm sed mawk grep file; do
	set -- "$@" --prog "/usr/bin/$prog"
done
exec "$top/tools/guest/run.sh" --name "workload-$kernel" --kernel "$kernel" --mem 1024 \
	--plan "$top/selftests/plans/workload.plan" "$@"
