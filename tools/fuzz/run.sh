#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs fuzzers for some seconds each, two at a time.
#
#   run.sh SECONDS NAME...
#
# Each has a corpus in build/fuzz/corpus that grows from run to run, begun with rules of the tree
# and what they compile to. A line "ok fuzz-NAME" or "not ok fuzz-NAME" each.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
out=${OUT:-$top/build/fuzz}
weirc=${WEIRC:-$top/build/weirc}
seconds=$1
shift

seed_rules() {
	mkdir -p "$out/corpus/compile"
	find "$top/selftests" -name '*.yml' | while read -r f; do
		cp "$f" "$out/corpus/compile/$(basename "$f")"
	done
	python3 "$here/seeds.py" "$weirc" "$out/corpus/compile" 2>/dev/null || true
}

seed_content() {
	mkdir -p "$out/corpus/content"
	"$weirc" compile --version 1 -o "$out/corpus/content/index.weir" \
		"$top/tools/tests/golden/index.yml" >/dev/null 2>&1 || true
	# So many of one type that they get an index.
	for type in process_creation file_event network_connection ipc kernel_activity; do
		# shellcheck disable=SC2046 # names of files that seeds.py chose
		"$weirc" compile --version 1 --skip-unsupported --expand admins=root --expand dirs=/tmp/ \
			-o "$out/corpus/content/indexed-$type.weir" \
			$(grep -l "category: $type" "$out"/corpus/compile/random*.yml | head -n 17) \
			>/dev/null 2>&1 || true
	done
	for f in "$out"/corpus/compile/*.yml; do
		"$weirc" compile --version 1 --expand admins=root -o \
			"$out/corpus/content/$(basename "$f" .yml).weir" "$f" >/dev/null 2>&1 || true
	done
}

seed_lines() {
	mkdir -p "$out/corpus/regex" "$out/corpus/events"
	printf '\001^a(b|c)*[d-f]{2,5}\\bx$\000acdde' >"$out/corpus/regex/one"
	printf '\000(?i)\\s-[^-\\s]{0,20}i|(?m)^\\w+?$' >"$out/corpus/regex/two"
	printf '{"type": "network_connection", "fields": {"DestinationIp": "::1", "Initiated": true,
"DestinationPort": "443", "Protocol": "tcp", "Image": 5}}' >"$out/corpus/events/one"
}

seed_lists() {
	mkdir -p "$out/corpus/trustlist"
	zeros=0000000000000000000000000000000000000000000000000000000000000000
	"$weirc" trustlist --deny "$zeros" --revoke "$zeros" --below 7:4 --withdraw 7:9 --signers all:2 \
		--signers 7:3 --signer 7:"$zeros" --signer lists:"$zeros" \
		-o "$out/corpus/trustlist/one" >/dev/null
	"$weirc" trustlist --version 4000000000 --below 7:1 --below 7:2 --below 8:1 \
		-o "$out/corpus/trustlist/two" >/dev/null
}

# run NAME: its verdict in one line
run() {
	log=$out/$1.log
	dict=
	[ "$1" != compile ] || dict=-dict=$here/sigma.dict
	status=0
	# shellcheck disable=SC2086
	nice "$out/fuzz-$1" -max_total_time="$seconds" -timeout=120 -rss_limit_mb=2048 -max_len=32768 \
		$dict -print_final_stats=1 -artifact_prefix="$out/$1-" "$out/corpus/$1" \
		>"$log" 2>&1 || status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	if [ "$status" = 0 ] && [ "${runs:-0}" -gt 0 ]; then
		echo "ok fuzz-$1 ($runs runs)"
	else
		tail -n 30 "$log" | sed 's/^/# /'
		echo "not ok fuzz-$1: see $log"
		return 1
	fi
}

seed_rules
seed_content
seed_lines
seed_lists
failed=0
while [ $# -gt 0 ]; do
	run "$1" &
	first=$!
	second=
	if [ $# -gt 1 ]; then
		run "$2" &
		second=$!
		shift
	fi
	shift
	wait $first || failed=1
	[ -z "$second" ] || wait "$second" || failed=1
done
exit $failed
