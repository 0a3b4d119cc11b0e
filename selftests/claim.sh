# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Claims of tests of weirctl in a guest, to be read in from their folder of work; $out is what weirctl
# said last.
out=$PWD/out
key=/keys/TEST-ONLY
n=0
failed=0

# claim TEXT COMMAND...: one test
claim() {
	text=$1
	shift
	n=$((n + 1))
	if "$@" >claim.log 2>&1; then
		echo "ok $n $text"
	else
		sed 's/^/#   /' claim.log "$out" 2>/dev/null | head -n 40
		echo "not ok $n $text"
		# shellcheck disable=SC2034 # those who read this in exit with it
		failed=1
	fi
}

ctl() {
	command=$1
	shift
	weirctl "$command" "$@" >"$out" 2>&1
}

says() {
	grep -q -- "$1" "$out"
}

# value NAME: a number or word of the channel in status
value() {
	weirctl status --json >status.json && awk -v channel="$channel" -v name="\"$1\":" '
		$1 == "\"channel\":" { here = ($2 + 0 == channel) }
		here && $1 == name { gsub(/[",]/, "", $2); print $2; exit }' status.json
}

# is NAME VALUE: so status says of the channel
is() {
	[ "$(value "$1")" = "$2" ] || { echo "$1 is $(value "$1"), not $2" >>"$out"; false; }
}

# marked_rule MARK [TITLE [LEVEL]]: rule.yml, of command lines with that mark
marked_rule() {
	cat >rule.yml <<YML
title: ${2:-A command with the mark}
id: 3f1c0c0e-5a0f-4d3a-9a53-0c0f5d8f$channel
status: test
date: 2026-11-22
level: ${3:-medium}
logsource:
    category: process_creation
    product: linux
detection:
    selection:
        CommandLine|contains: '$1'
    condition: selection
YML
}

# make VERSION [KEY]: VERSION.weir of rule.yml
make() {
	weirc compile --channel "$channel" --version "$1" --name "$(basename "$0" .sh)" -o "$1.weir" \
		rule.yml >"$out" 2>&1 &&
		weirc sign --key "${2:-$key}.key" --cert "${2:-$key}.crt" "$1.weir" >>"$out" 2>&1
}
