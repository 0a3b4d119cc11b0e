#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Prints what the kernel recorded as a table, and fails unless every rule of the pack fired.
table=/tmp/table
want=$1

weirctl events >"$table" || exit 1
# Records begin with the time, which says little here.
cut -c 26- "$table"
rules=$(tail -n +2 "$table" | cut -c 41-76 | sort -u | grep -c .)
echo "$rules of $want rules fired"
[ "$rules" -ge "$want" ]
