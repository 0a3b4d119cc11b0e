#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What an exec takes with ever more generated instances, in Weir or in eBPF, and what the interpreter
# alone does, here and in the kernel: lines "match: ...".
#
#   cost_match.sh weir|ebpf PLANTED    an instance matches "true PLANTED"
set -eu

sizes="10 1000 10000"

# least WHO N COMMAND...: the cheapest of what the command says thrice, once all is quiet
least() {
	name="$1 $2"
	shift 2
	sleep 2
	for _ in 1 2 3; do
		"$@"
	done >/tmp/match
	echo "match: $name $(cut -d ' ' -f 4 /tmp/match | sort -n | head -n 1)"
}

measure="/selftests/cost_bench process_creation"
# shellcheck disable=SC2086
if [ "$1" = weir ]; then
	for n in $sizes; do
		weirctl load --stage trusted "/bench/$n.weir" >/dev/null
		least weir "$n" $measure
	done
	echo "match: eval $(in_kernel eval 1 "/bench/$n.weir" /bench/events.jsonl)"
	weirctl unload 1
	least weir 0 $measure
else
	least without 0 $measure
	for n in $sizes; do
		least ebpf "$n" in_kernel exec "/bench/$n.weir" "$2" $measure
	done
fi
