#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# weirctl profile: what is ordinary in the events of the running kernel, and weirc compile with it.
# Prints KTAP; needs the module to be inserted, and unloads what it loads.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
channel=7201
work=/tmp/profile_test
mkdir -p "$work" || exit 1
cd "$work" || exit 1
. "${0%/*}/claim.sh"

cat >all.yml <<'END'
title: All programs
id: 5e1f7e57-0000-4000-8000-000000000031
status: test
description: Every program that starts, with what a profile is to know.
date: 2026-11-22
logsource:
    product: linux
    category: process_creation
detection:
    all:
        Image|exists: true
    never:
        CommandLine|contains: no such command line
        UserId: 4711
    condition: all or never
level: low
END

loads() {
	weirc compile --channel "$channel" --version 1 -o all.weir all.yml &&
		weirc sign --key /keys/TEST-ONLY.key --cert /keys/TEST-ONLY.crt all.weir &&
		weirctl load --state "$work/state" --no-prove --stage trusted all.weir &&
		weirctl events >/dev/null
}

# Programs that start while weirctl counts.
busy() {
	while [ ! -e over ]; do
		/bin/true "of the profile test"
	done
}

counts() {
	rm -f over
	busy &
	weirctl profile --events 20 --seconds 120 -o p.json
	status=$?
	: >over
	wait
	cut -c1-200 p.json
	[ "$status" = 0 ]
}

knows() {
	[ "$(sed -n 's/.*"events": \([0-9]*\).*/\1/p' p.json)" -ge 20 ] &&
		grep -q '"CommandLine": "[0-9A-Z]*[A-Z]' p.json &&
		tr -d ' \n' <p.json | grep -q '"UserId":\[\[0,[0-9]*\]'
}

nothing() {
	weirctl events >/dev/null
	rm -f none.json
	weirctl profile --seconds 1 -o none.json && return 1
	[ ! -e none.json ]
}

echo "1..6"
claim "content that matches every program" loads
claim "weirctl profile counts events" counts
claim "and writes what is ordinary in them" knows
claim "weirc compile takes it" weirc compile --version 2 --profile p.json -o trained.weir all.yml
claim "unload" weirctl unload "$channel"
claim "without events there is no profile" nothing
cd / && rm -rf "$work"
exit "$failed"
