#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The drill of 19 July: content that wants 21 fields meets a capture point that provides 20.
# Prints KTAP; needs the module not to be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
n=0
failed=0
out=/tmp/drill.out
signed=/content/drill21.weir
raw=/content/drill21.raw

tell() {
	echo "# $*"
}

# claim TEXT COMMAND...: one test
claim() {
	text=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n $text"
	else
		echo "not ok $n $text"
		failed=1
	fi
}

# refuses STATUS COMMAND...: runs it, shows what it says, and compares the exit status
refuses() {
	want=$1
	shift
	status=0
	"$@" >"$out" 2>&1 || status=$?
	sed 's/^/#   /' "$out"
	[ "$status" = "$want" ]
}

says() {
	grep -qF "$1" "$out"
}

no_content() {
	weirctl status --json >"$out" && ! grep -q '"active": *{' "$out"
}

echo "KTAP version 1"
echo "1..12"
tell "A capture point of ipc that provides 20 of the 21 fields; content that reads field 21."
claim "the module goes in without ipc.TargetImage" insmod /modules/weir.ko withhold=ipc.TargetImage
tell "(a) through the loader: weirctl load $signed"
claim "the loader refuses" refuses 1 weirctl load "$signed"
claim "the loader names the field" says TargetImage
claim "the loader names the instance" says "Connection to a remote administration agent"
tell "(b) the same file straight to the device, past the loader"
claim "the kernel refuses" refuses 1 submit_raw "$signed"
claim "the kernel names reason and field" says "NOT_PROVIDED: a field that this kernel's capture"
claim "the kernel names field 21" says "field ipc.TargetImage (number 21)"
claim "nothing became active" no_content
tell "(c) past both verifiers: the interpreter gets 20 inputs, and behind them no memory"
claim "no fault, the field is absent, the trip is counted" refuses 0 short_event "$raw"
rmmod weir
tell "Once the capture point provides all 21 fields, the very same file is welcome."
claim "the module goes in as it is" insmod /modules/weir.ko
claim "the loader takes the file" refuses 0 weirctl load "$signed"
claim "the module goes out" rmmod weir
exit $failed
