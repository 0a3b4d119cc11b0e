# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What drills share: rules that are wrong in one way, how content of them is made and loaded, and what a
# usable machine is. To be read in with $channel set; leads to a new folder of work.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
: "${channel:?}"
work=/tmp/$(basename "$0" .sh)
rm -rf "$work"
mkdir -p "$work" || exit 1
cd "$work" || exit 1
. "${0%/*}/claim.sh"
. "${0%/*}/reboot.sh"
state=$work/state
# Claims say nothing on standard output, but what a drill has measured.
exec 3>&1

tell() {
	echo "# $*"
}

# promise WHAT FIGURE BOUND: a figure, and beside it what Documentation/drills.rst promises
promise() {
	echo "# $1: $2 (promised: $3)" >&3
}

# rule NAME TITLE ACTION DETECTION: a rule more in the folder NAME
rule() {
	mkdir -p "$1"
	rules=$((${rules:-0} + 1))
	cat >"$1/$rules.yml" <<YML
title: $2
id: $(cat /proc/sys/kernel/random/uuid)
status: test
logsource: { product: linux, category: process_creation }
detection:
    it:
        $4
    condition: it
level: high
weir: { action: $3 }
YML
}

# make NAME [KEY]: NAME.weir of the rules in the folder NAME, with the next version
make() {
	made=$((${made:-0} + 1))
	weirc compile --channel "$channel" --version "$made" --name "$1" -o "$1.weir" "$1" >"$out" 2>&1 &&
		weirc sign --key "${2:-$key}.key" --cert "${2:-$key}.crt" "$1.weir" >>"$out" 2>&1
}

# load NAME OPTION...: made anew
load() {
	file=$1
	shift
	make "$file" && again "$file" "$@"
}

# again NAME OPTION...: as it was made last
again() {
	file=$1
	shift
	ctl load --no-prove --state "$state" "$@" "$file.weir"
}

# refused WORDS COMMAND...: exit status 1, and a reason with these words
refused() {
	words=$1
	shift
	"$@"
	[ $? = 1 ] && says "$words"
}

# What the kernel denied so far, which nothing but wrong content has a reason for.
denied() {
	value denied
}

# Sets $now: seconds since boot, which nobody can set; no program is run for it, since that may be what is denied.
now() {
	read -r now _ </proc/uptime
}

# elapsed SINCE: until $now
elapsed() {
	awk -v a="$1" -v b="$now" 'BEGIN { printf "%.2f s", b - a }'
}

fresh_shell() {
	sh -c : fresh-shell
}

usable() {
	fresh_shell && weirctl status >/dev/null
}

# The store is as it was written.
whole() {
	ctl store verify --state "$state"
}

begin() {
	insmod /modules/weir.ko && load harmless --stage trusted && ctl mode "$channel" enforce
}

finish() {
	rmmod weir && rm -rf "$state"
}

# What all drills begin with.
rule harmless "What nobody does" deny "CommandLine|contains: weir-nobody-does-this"
