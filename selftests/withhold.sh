#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What is not provided is not pretended: fields that are withheld, hooks that cannot be armed.
# Prints KTAP; needs the module not to be inserted, and leaves it so.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
n=0
failed=0
out=/tmp/withhold.out

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

# insmod_refused LOG OPTIONS...: the module does not go in, and the log says why
insmod_refused() {
	why=$1
	shift
	dmesg -c >/dev/null
	! insmod /modules/weir.ko "$@" 2>/dev/null && dmesg | grep -qF "$why"
}

# refuses COMMAND...: shows what it says and wants exit status 1
refuses() {
	status=0
	"$@" >"$out" 2>&1 || status=$?
	sed 's/^/#   /' "$out"
	[ "$status" = 1 ]
}

says() {
	grep -qF "$1" "$out"
}

# removed_while_armed: programs start all the time while content and module go
removed_while_armed() {
	weirctl load /content/ipc_test.weir >"$out" 2>&1 || { sed 's/^/#   /' "$out" && return 1; }
	(while :; do /usr/bin/busybox true; done) &
	load=$!
	rmmod weir
	status=$?
	kill "$load"
	return "$status"
}

# With ftrace off no hook fires: the kernel must say so rather than watch nothing.
refused_without_ftrace() {
	dmesg -c >/dev/null
	echo 0 >/proc/sys/kernel/ftrace_enabled
	refuses weirctl load /content/ipc_sysv_test.weir
	status=$?
	echo 1 >/proc/sys/kernel/ftrace_enabled
	return "$status"
}

the_log_names_the_hook() {
	dmesg | grep -q 'weir: hook security_unix_stream_connect: error'
}

echo "KTAP version 1"
echo "1..11"
claim "a field that does not exist is refused by name" \
	insmod_refused "'ipc.TargetImagine' is not a field" withhold=ipc.ObjectName,ipc.TargetImagine
claim "a name without a type is refused" insmod_refused "'TargetImage' is not a field" \
	withhold=TargetImage
claim "a process table of no size is refused" insmod_refused "processes=0" processes=0
claim "two types' fields can be withheld" insmod /modules/weir.ko \
	withhold=process_creation.CommandLine,ipc.CommandLine
claim "content that reads one is refused" refuses weirctl load /content/exec_test.weir
claim "the refusal names the field" says CommandLine
claim "content whose hooks cannot be armed is refused" refused_without_ftrace
claim "the refusal says that it is the capture point" says "capture point"
claim "the log names the hook" the_log_names_the_hook
claim "content that reads another one is loaded, and the module goes while it is armed" \
	removed_while_armed
claim "nothing stays hooked" sh -c '! grep -q weir /sys/kernel/tracing/enabled_functions'
exit $failed
