#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Settings that are kept for the next boot, as a person may have edited them: what is odd is refused
# with a reason, which weirctl boot --dry-run shows beforehand.
. "$(dirname "$0")/lib.sh"

mkdir state
whole='{"mode": "enforce", "limits": {"policy": "hold", "rate": 1, "share": 2, "least": 3, "kills": 4,
	"matches": 5, "steps": 6}}'

dry() { "$weirctl" boot --dry-run --state state "$@"; }

# takes NAME TEXT
takes() {
	echo "$2" >state/settings
	passes "$1" dry
}

# odd NAME TEXT WHY
odd() {
	echo "$2" >state/settings
	refuses "$1" SETTINGS dry
	says "$1-why" "$3"
}

# but TEXT: of all that may be kept of a channel, what sed makes of it
but() { printf '{"channels": {"7": %s}}' "$(echo "$whole" | sed "$1")"; }

passes none dry
takes empty '{}'
takes exempt '{"exempt": ["/bin/true", "/bin/false"]}'
takes channel "$(but '')"
takes fail-closed '{"channels": {"7": {"mode": "fail-closed"}, "4294967295": {"mode": "audit"}}}'
odd nothing '' 'kept settings are damaged'
odd cut '{"channels": {' 'kept settings are damaged'
odd list '[]' 'no object'
odd name '{"exempts": ["/bin/true"]}' 'channels and exempt only'
odd twice '{"exempt": [], "exempt": ["/bin/true"]}' 'duplicate'
odd exempt-null '{"exempt": null}' 'list of paths'
odd exempt-number '{"exempt": ["/bin/true", 1]}' 'list of paths'
odd channels-list '{"channels": []}' 'channels is an object'
odd channel-word '{"channels": {"7": "enforce"}}' 'a channel is a number'
odd channel-zero '{"channels": {"07": {}}}' 'a channel is a number'
odd channel-large '{"channels": {"4294967296": {}}}' 'a channel is a number'
odd channel-name '{"channels": {"7": {"modes": "enforce"}}}' 'mode and limits only'
odd mode '{"channels": {"7": {"mode": "enforced"}}}' 'a mode is'
odd mode-type '{"channels": {"7": {"mode": 1}}}' 'a mode is'
odd limits '{"channels": {"7": {"limits": {"policy": "hold"}}}}' 'limits are'
odd share "$(but 's/"share": 2/"share": 101/')" 'limits are'
odd negative "$(but 's/"rate": 1/"rate": -1/')" 'limits are'
odd more "$(but 's/"steps": 6/"steps": 6, "x": 1/')" 'limits are'
head -c 1048577 /dev/zero | tr '\0' ' ' >state/settings
refuses large LARGE dry
