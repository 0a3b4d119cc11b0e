#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Every field of every captured Template Type with every operator, through the kernel's interpreter.
# The content, the events and what to expect were made by tools/tests/fields.py when the guest was.
# Prints KTAP; needs the module to be inserted, and unloads what it loads.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
n=0
failed=0
work=/tmp/fields_test
mkdir -p "$work"

# claim TEXT COMMAND...: one test
claim() {
	text=$1
	shift
	n=$((n + 1))
	if "$@" >"$work/log" 2>&1; then
		echo "ok $n $text"
	else
		head -c 2000 "$work/log" | sed 's/^/#   /'
		echo "not ok $n $text"
		failed=1
	fi
}

# channel FILE: its number, as the header has it
channel() {
	echo $((0x$(hexdump -s 16 -n 4 -e '1/4 "%x"' "$1")))
}

same() {
	weirctl replay "$1" "/content/fields_$2.events.jsonl" >"$work/got" || return 1
	[ -s "$work/got" ] || return 1
	cmp "$work/got" "/content/fields_$2.expected.jsonl"
}

set -- /content/fields_*.weir
echo "KTAP version 1"
echo "1..$((3 * $#))"
for file in "$@"; do
	type=${file#/content/fields_}
	type=${type%.weir}
	number=$(channel "$file")
	claim "content that reads every field of $type loads" \
		weirctl load --state "$work/state" "$file"
	claim "every field of $type with every operator gives what it should" same "$number" "$type"
	claim "it unloads" weirctl unload "$number"
done
rm -rf "$work"
exit $failed
