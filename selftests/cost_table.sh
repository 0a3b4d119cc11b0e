#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The figures of cost_bench, kept in /tmp/cost.*, as the table in Documentation/fields.rst: those
# without the module as they are, the others as ratios to them.
set -eu

rule="================== ================ ==================== ============ ======== ========= \
============ ============"
line="%-18s %-16s %-20s %12s %8s %9s %12s %12s\n"

# FILE: the least that goes with $type, $operation and $hook.
figure() {
	sed -n "s/^$type $operation $hook //p" "$1" | sort -n | head -n 1
}

ratio() {
	awk -v n="$1" -v base="$instructions" 'BEGIN { printf "%.3f", n / base }'
}

# The dearest of the other types, each with the rule that reads more.
other() {
	for file in /tmp/cost.path.*; do
		[ "$file" = "/tmp/cost.path.$type" ] || figure "$file"
	done | sort -n | tail -n 1
}

echo "$rule"
# shellcheck disable=SC2059
printf "$line" type operation hook instructions inserted "one field" "path+cmdline" "another type"
echo "$rule"
cut -d ' ' -f 1-3 /tmp/cost.without | awk '!seen[$0]++' | while read -r type operation hook; do
	instructions=$(figure /tmp/cost.without)
	# shellcheck disable=SC2059
	printf "$line" "$type" "$operation" "$hook" "$instructions" \
		"$(ratio "$(figure /tmp/cost.inserted)")" \
		"$(ratio "$(figure "/tmp/cost.field.$type")")" \
		"$(ratio "$(figure "/tmp/cost.path.$type")")" "$(ratio "$(other)")"
done
echo "$rule"
