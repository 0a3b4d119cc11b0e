#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Types of another module through the tools: schema, compiling, loading, records, status.
# Prints KTAP; needs the modules not to be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
n=0
failed=0
out=/tmp/sample.out
rule=/tmp/sample.yml
signed=/tmp/sample.weir
schema=/tmp/sample.json

# claim TEXT COMMAND...: one test
claim() {
	text=$1
	shift
	n=$((n + 1))
	if "$@" >"$out" 2>&1; then
		echo "ok $n $text"
	else
		sed 's/^/#   /' "$out"
		echo "not ok $n $text"
		failed=1
	fi
}

# shows TEXT COMMAND...: it says so
shows() {
	want=$1
	shift
	"$@" >/tmp/sample.said 2>&1
	status=$?
	cat /tmp/sample.said
	grep -qF "$want" /tmp/sample.said && [ "$status" = 0 ]
}

# refuses TEXT COMMAND...: it says so and fails
refuses() {
	want=$1
	shift
	"$@" >/tmp/sample.said 2>&1 && return 1
	cat /tmp/sample.said
	grep -qF "$want" /tmp/sample.said
}

needs_weir() {
	dmesg -c >/dev/null
	! insmod /modules/weir_sample.ko && dmesg | grep -qF 'Unknown symbol weir_type_register'
}

in_schema() {
	shows 'sample_event (id 1000): 6 of 6 fields provided' weirctl schema
}

write_rule() {
	cat >"$rule" <<'END'
title: Green
id: 5e1f7e57-0000-4000-8000-000000000014
status: test
description: An enum value by its name.
date: 2026-11-22
logsource:
    product: linux
    category: sample_event
detection:
    ours:
        Colour: green
    condition: ours
level: low
weir:
    samples:
        - event: {Colour: green}
          match: true
        - event: {Colour: red}
          match: false
END
}

compiles() {
	write_rule
	weirctl schema --json >"$schema" &&
		weirc compile --schema "$schema" --channel 7107 --version "$1" -o "$signed" "$rule" &&
		weirc test --schema "$schema" "$signed" &&
		weirc sign --key /keys/TEST-ONLY.key --cert /keys/TEST-ONLY.crt "$signed"
}

alerts() {
	test "$(/selftests/sample_submit)" = 1 && weirctl events --json | tee /tmp/sample.events &&
		grep -q '"type": *"sample_event"' /tmp/sample.events &&
		grep -q '"Colour": *"green"' /tmp/sample.events &&
		grep -q '"Address": *"192.0.2.7"' /tmp/sample.events &&
		grep -q '"Balance": *-77' /tmp/sample.events &&
		grep -q '"Text": *"weir was here"' /tmp/sample.events
}

replays() {
	echo '{"type": "sample_event", "fields": {"Colour": "green", "Number": 7}}' >/tmp/sample.ev
	echo '{"type": "sample_event", "fields": {"Colour": "blue"}}' >>/tmp/sample.ev
	weirctl replay 7107 /tmp/sample.ev | tee /tmp/sample.said
	grep -q '"event": 0, "matches": \["5e1f7e57-[^]]*0014"\]' /tmp/sample.said &&
		grep -q '"event": 1, "matches": \[\]' /tmp/sample.said
}

goes() {
	rmmod weir_sample && shows type_gone weirctl status && ! weirctl schema | grep sample_event
}

claim "the other module does not go in without weir" needs_weir
insmod /modules/weir.ko
insmod /modules/weir_sample.ko
claim "the schema has the other module's type" in_schema
claim "rules compile against the live schema, enum values and all" compiles 1
claim "the built-in schema does not take them" \
	refuses TYPE_UNKNOWN weirctl check --offline --json "$signed"
claim "they load" shows active weirctl load "$signed"
claim "an event comes out with the type's own names" alerts
claim "events of the type are replayed" replays
claim "when the module goes, the status says why its content did" goes
claim "its content is not taken without it" \
	refuses TYPE_UNKNOWN weirctl check --json --state /tmp/sample.state "$signed"
insmod /modules/weir_sample.ko
claim "with the module back, newer content loads" compiles 2
claim "and is active" shows active weirctl load "$signed"
claim "both modules go in their order" sh -c '! rmmod weir && rmmod weir_sample && rmmod weir'
echo "1..12"
exit $failed
