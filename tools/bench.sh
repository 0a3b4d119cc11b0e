#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What the demo's rules cost on events of which few match, as weirc bench prints it; then what each
# hook costs in a guest with Debian's 6.12 kernel that counts instructions, as ratios, and what an exec
# costs with up to 10,000 generated instances.
#
#   bench.sh [RULES...]    default: the demo's rules
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=tools/guest/lib.sh
. "$top/tools/guest/lib.sh"

out=$top/build/bench

# Processes and pipes of an ordinary machine, and a few that rules of the demo match.
events() {
	awk 'BEGIN {
		n = split("ls cat grep sed awk bash sh find id cp mv rm tar gzip ssh git make gcc ld as", p, " ")
		for (i = 0; i < 2000; i++) {
			image = "/usr/bin/" p[i % n + 1]
			printf "{\"type\": \"process_creation\", \"fields\": {\"Image\": \"%s\", ", image
			printf "\"CommandLine\": \"%s --option=%d /srv/data/%d/file.txt\", ", image, i, i % 97
			printf "\"ParentImage\": \"/usr/bin/bash\", \"ProcessId\": %d, ", 1000 + i
			printf "\"UserId\": 1000, \"EffectiveUserId\": 1000, \"User\": \"anna\", "
			printf "\"MemfdImage\": false, \"DeletedImage\": false}}\n"
			if (i % 50 == 0) {
				printf "{\"type\": \"process_creation\", \"fields\": {\"Image\": \"/usr/bin/cat\", "
				printf "\"CommandLine\": \"cat /etc/shadow\", \"ParentImage\": \"/usr/bin/sh\"}}\n"
			}
			if (i % 10 == 0) {
				printf "{\"type\": \"ipc\", \"fields\": {\"Operation\": \"connect\", "
				printf "\"IpcType\": \"unix_stream\", \"ObjectName\": \"/run/dbus/%d.sock\", ", i
				printf "\"Image\": \"%s\"}}\n", image
			}
		}
	}'
}

[ $# -gt 0 ] || set -- "$top/selftests/demo/rules"
mkdir -p "$out"
events >"$out/events.jsonl"
"$top/build/weirc" compile --name bench -o "$out/rules.weir" "$@"
"$top/build/weirc" bench "$out/rules.weir" "$out/events.jsonl"

make -s -C "$top/selftests"
make -s -C "$top/kmod" module KDIR="$(kernel_dir 6.12)"
python3 "$top/tools/bench/guest.py" prepare "$out" "$top/build/test-keys/TEST-ONLY"
status=0
# Where a program's memory begins changes what an exec costs by more than a hook does.
"$top/tools/guest/run.sh" --quiet --icount --append norandmaps --name cost --kernel 6.12 \
	--prog "$out/in_kernel:/usr/bin/in_kernel" --file "$out/guest/events.jsonl:/bench/events.jsonl" \
	--file "$out/guest/10.weir:/bench/10.weir" --file "$out/guest/1000.weir:/bench/1000.weir" \
	--file "$out/guest/10000.weir:/bench/10000.weir" \
	--plan "$top/selftests/plans/cost.plan" >"$out/guest.log" 2>&1 || status=$?
sed -n 's/^    //p' "$top/build/guest/cost/verdict.log" | sed -n '/^====/,$p' | grep . || cat "$out/guest.log"
[ $status -ne 0 ] || python3 "$top/tools/bench/guest.py" collect "$out" "$top/build/guest/cost/verdict.log"
exit $status
