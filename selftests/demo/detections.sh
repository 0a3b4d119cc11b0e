#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Prints what the kernel recorded as a table, and fails unless every rule of the pack fired.
#
#   detections.sh TITLES    a file with the titles of all rules, one a line
table=/tmp/table
rules=0
fired=0

weirctl events >"$table" || exit 1
# Columns are two or more blanks apart; a command line may hold such, too, and comes last.
awk -F '   *' '
NF < 7 { next }
{
	line = $7
	for (i = 8; i <= NF; i++)
		line = line "  " $i
	print $4 "\t" $2 "\t" $5 "\t" $6 "\t" line
}' "$table" >"$table.rows"
awk -F '\t' '
NR == FNR {
	for (i = 1; i < 5; i++)
		if (length($i) > width[i])
			width[i] = length($i)
	next
}
{
	for (i = 1; i < 5; i++)
		printf("%-" width[i] "s  ", $i)
	print $5
}' "$table.rows" "$table.rows" || exit 1
while read -r title; do
	rules=$((rules + 1))
	if grep -qF "  $title  " "$table"; then
		fired=$((fired + 1))
	else
		echo "did not fire: $title"
	fi
done <"$1"
echo "$fired of $rules rules fired"
[ "$fired" = "$rules" ] && [ "$rules" -gt 0 ]
