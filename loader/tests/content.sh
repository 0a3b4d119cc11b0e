#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Content that does not fit: bytes changed by hand, then signed properly.
. "$(dirname "$0")/lib.sh"

mkdir trust state
pair good 3072
cp good.crt trust/

# Sections by number, as interpreter/format.h counts them.
types=2 kinds=3 instances=4 nodes=5 criteria=6 dfas=10 probes=12 entries=14 wakes=15 samples=16

# bent NAME CODE OFFSET HEX [CHECK-OPTIONS]: the bytes at an offset changed, signed, refused
bent() {
	name=$1 code=$2 at=$3 hex=$4
	shift 4
	cp content t
	"$craft" poke t "$at" "$hex"
	good_sign t t.weir
	refuses "$name" "$code" check "$@" t.weir
}

section() { "$craft" section content "$1"; }

"$craft" make > content || exit 1
good_sign content good.weir
passes "the content as made passes" check good.weir

# header
bent "a wrong magic is refused" MAGIC 0 58
bent "an older format is refused" FORMAT 8 02000000
bent "an unknown format is refused" FORMAT 8 04000000
bent "a size that is too small is refused" SIZE 12 00010000
bent "channel 0 is refused" CHANNEL 16 00000000
bent "version 0 is refused" VERSION 24 0000000000000000
bent "a reserved field is refused" RESERVED 56 01
bent "an unknown section is refused" SECTION_ID 64 63000000
bent "a section out of its place is refused" SECTION_OFFSET $((64 + 16 + 4)) \
	"$(printf '%02x%02x' $((($(section $types) + 8) % 256)) $((($(section $types) + 8) / 256)))"
head -c 100 content > t
good_sign t t.weir
refuses "a header that was cut is refused" SHORT check t.weir
{ cat content; printf '\0\0\0\0\0\0\0\0'; } > t
good_sign t t.weir
refuses "bytes behind the content are refused" SIZE check t.weir

# schema
bent "an unknown Template Type is refused" TYPE_UNKNOWN $(($(section $types))) ff00
bent "a wrong arity is refused" ARITY $(($(section $types) + 2)) 1400
says "the refusal names the type" "ipc"
bent "another fingerprint is refused" FINGERPRINT $(($(section $types) + 24)) 0000
bent "another kind is refused" KIND $(($(section $kinds) + 20)) 02
says "the refusal names its type" "ipc"

# programs
bent "an unknown level is refused" LEVEL $(($(section $instances) + 24)) 09
says "the refusal names the instance" 'instance 0 10111213-1415-1617-1819-1a1b1c1d1e1f "Twenty-first field"'
bent "an unknown action is refused" ACTION $(($(section $instances) + 25)) 07
bent "a branch that leaves its program is refused" NODE_TARGET $(($(section $nodes) + 4)) 0500
bent "a criterion that does not exist is refused" NODE_CRITERION "$(section $nodes)" 07000000
bent "a field past the arity is refused" FIELD $(($(section $criteria) + 1)) 15
bent "an unknown operator is refused" OP $(($(section $criteria) + 3)) 63
bent "an understated cost is refused" COST 40 0100000000000000

# the matching index, of a file that has one
cp content crafted
"$weirc" compile --version 5 -o content "$tests/../../tools/tests/golden/index.yml" 2> /dev/null || exit 1
good_sign content t.weir
passes "content with an index passes" check t.weir
bent "a probe of an unknown kind is refused" PROBE $(($(section $probes) + 1)) 09
bent "a probe of another type's field is refused" PROBE "$(section $probes)" 3f
bent "a probe that skips an entry is refused" PROBE $(($(section $probes) + 16)) 01000000
bent "an entry of another window is refused" ENTRY "$(section $entries)" 00000000
bent "a criterion that wakes what is asked always is refused" WAKE "$(section $wakes)" 00000000
# Both rules that are asked always have one node; behind them begins one that is woken.
woken=$(($(section $nodes) + 16))
bent "an instance that says it could match unwoken is refused" ASLEEP $((woken + 3)) 40
says "the refusal names the instance that is not woken" "An image"
bent "a node that denies its criterion's index is refused" FLAGS $((woken + 3)) 80
# What the verifier cannot see: the expression begins with a byte before what it was found by.
bent "a DFA that is made to begin too late is refused" INDEX $(($(section $dfas) + 14)) 0000
says "the refusal names the rule that it would disable" "What a regular expression needs"
says "the refusal says in which way" "does not match an instance that it matches without"
cp crafted content

# numbers that JSON libraries cannot hold
"$craft" make version=18446744073709551615 > t
if "$weirc" dump --json t | grep -q '^ "version": "18446744073709551615",'; then ok "dump shows a version above 2^63"
else not_ok "dump shows a version above 2^63" "$("$weirc" dump --json t | head -n 5)"; fi

# sample events
"$craft" make expect=0 > t
good_sign t t.weir
refuses "a sample event with another outcome is refused" SAMPLE_FAILED check t.weir
says "the refusal names what matched" "10111213-1415-1617-1819-1a1b1c1d1e1f"
bent "a sample event of another type is refused" SAMPLE "$(section $samples)" 0100

# what is provided
"$weirctl" schema --offline --json > schema.json
against() { "$weirctl" check --schema "$1" --trust trust --state state good.weir "${2:---}"; }
passes "the schema as printed is a schema" against schema.json
python3 - <<-'PY'
	import json
	s = json.load(open("schema.json"))
	ipc = next(t for t in s["types"] if t["name"] == "ipc")
	next(f for f in ipc["fields"] if f["name"] == "TargetImage")["provided"] = False
	json.dump(s, open("twenty.json", "w"))
	next(f for f in ipc["fields"] if f["name"] == "TargetImage")["kind"] = "u64"
	json.dump(s, open("kind.json", "w"))
	ipc["fields"].pop()
	json.dump(s, open("arity.json", "w"))
	s["types"].remove(ipc)
	json.dump(s, open("gone.json", "w"))
PY
refuses "20 fields provided of 21, and content that reads the 21st" NOT_PROVIDED against twenty.json
says "the refusal counts" "provides 20 of 21 fields of ipc"
says "the refusal names its type" "ipc"
says "the refusal names the instance" "Twenty-first field"
says "the refusal says what to do" "to do:"
refuses "a field of another kind in the schema" KIND against kind.json
refuses "a type with fewer fields in the schema" ARITY against arity.json
printf '{"types": [{"name": "a\\u001b[31m", "id": 1, "fields": [{"name": "b", "kind": "u64"}]}]}' > esc.json
against esc.json > out.txt 2> out.err
if [ $? -eq 1 ] && ! LC_ALL=C grep -q "$(printf '\033')" out.txt out.err; then
	ok "a schema with escape sequences in a name is refused"
else
	not_ok "a schema with escape sequences in a name is refused" "$(cat -v out.txt out.err)"
fi
refuses "a type that the schema lacks" TYPE_UNKNOWN against gone.json
"$craft" make type=network_connection field=DestinationHostname > t
good_sign t t.weir
refuses "a field that no capture point provides" NOT_PROVIDED check t.weir
says "the refusal names that field" "network_connection.DestinationHostname"

# what cannot be applied
"$craft" make type=network_connection field=Image > content || exit 1
bent "deny of what cannot be denied is refused" ACTION_UNSUPPORTED $(($(section $instances) + 25)) 02
says "the refusal names action, selector and value" \
	"cannot apply the action deny to events whose network_connection.Operation is accept"
says "the refusal of an action names the instance" "Twenty-first field"
says "the refusal of an action says what to do" "to do: .*another action"
cp t denied
acts() { "$weirctl" check --schema "$1" --trust trust --state state t.weir "${2:---}"; }
python3 - <<-'PY'
	import json
	s = json.load(open("schema.json"))
	net = next(t for t in s["types"] if t["name"] == "network_connection")
	net["no_deny"] = True
	json.dump(s, open("none.json", "w"))
	del net["selector"]
	json.dump(s, open("alike.json", "w"))
	net["no_kill"] = True
	del net["no_deny"]
	json.dump(s, open("deniable.json", "w"))
PY
refuses "deny where no value of the selector can be denied" ACTION_UNSUPPORTED acts none.json
says "the refusal names them all" "Operation is connect, bind, accept, sendto"
refuses "deny where no event can be denied" ACTION_UNSUPPORTED acts alike.json
says "the refusal says that it is all" "cannot apply the action deny to network_connection events"
passes "deny where all can be denied passes" acts deniable.json
"$craft" poke denied $(($(section $instances) + 25)) 03
good_sign denied t.weir
passes "kill where no event can be denied passes" acts alike.json
passes "kill passes" check t.weir
refuses "kill where no process can be killed" ACTION_UNSUPPORTED acts deniable.json
says "the refusal names the other action" "cannot apply the action kill to network_connection events"

# a title cannot fool a terminal
"$craft" make title="$(printf 'a\033[31mred\r\nb')" > content || exit 1
bent "a title with escape sequences" LEVEL $(($(section $instances) + 24)) 09
if LC_ALL=C grep -q "$(printf '\033')" out.err; then not_ok "the escapes are escaped" "$(cat -v out.err)"
else says "the escapes are escaped" '\\x1b\[31mred\\x0d\\x0ab'; fi
