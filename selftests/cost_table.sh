#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The figures of cost_bench, kept in /tmp/cost.WHAT, as ratios to those of nothing armed.
set -eu

printf '%-28s %-16s %10s %8s\n' ARMED OPERATION INSTRUCTIONS RATIO
for what in nothing process_creation process_creation+ipc; do
	[ -s "/tmp/cost.$what" ]
	while read -r operation n; do
		base=$(sed -n "s/^$operation //p" /tmp/cost.nothing)
		awk -v w="$what" -v o="$operation" -v n="$n" -v b="$base" \
			'BEGIN { printf "%-28s %-16s %10d %8.3f\n", w, o, n, n / b }'
	done <"/tmp/cost.$what"
done
