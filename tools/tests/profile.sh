#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# weirc profile and compile --profile: what a profile holds, what it is good for, what is refused.
#
# UPDATE=1 rewrites the golden file.
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
weirc=${WEIRC:-$top/build/weirc}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# shellcheck source=tools/tests/lib.sh
. "$here/lib.sh"

# What is in a profile, of events that are known.
"$weirc" profile -o "$dir/golden.json" "$here/golden/profile.jsonl" 2>"$dir/said"
[ -z "${UPDATE:-}" ] || cp "$dir/golden.json" "$here/golden/profile.json"
cmp "$dir/golden.json" "$here/golden/profile.json" >>"$dir/said" 2>&1
result "golden profile" $?
split -l 5 "$here/golden/profile.jsonl" "$dir/part."
"$weirc" profile -o - "$dir"/part.* 2>"$dir/said" | cmp - "$dir/golden.json" >>"$dir/said" 2>&1
result "events of several files are events of one" $?
cat >"$dir/once.jsonl" <<'EOF'
{"type": "process_creation", "fields": {"CommandLine": "qwert zuiop-asdf", "UserId": 4711}}
EOF
"$weirc" profile -o "$dir/once.json" "$dir/once.jsonl" 2>"$dir/said" &&
	tr -d ' \n' <"$dir/once.json" | grep -q '"CommandLine":"","UserId":\[\]'
result "what was seen once is not in it" $?

# Many different strings: the file stays small.
python3 - >"$dir/many.jsonl" <<'EOF'
import json, random
rng = random.Random(1)
for i in range(1500):
    line = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz0123456789-/ ") for _ in range(800))
    print(json.dumps({"type": "process_creation", "fields": {
        f: line + line for f in ("Image", "CommandLine", "ParentImage", "ParentCommandLine")}}))
EOF
"$weirc" profile -o "$dir/many.json" "$dir/many.jsonl" 2>"$dir/said" &&
	[ "$(wc -c <"$dir/many.json")" -lt 500000 ] &&
	"$weirc" compile --profile "$dir/many.json" -o "$dir/many.weir" "$here/golden/strings.yml" \
		2>"$dir/said"
result "a profile of much is small, and can be read" $?

# Two words in each rule: one is ordinary, by the profile, which none of the others says.
python3 - "$dir" <<'EOF'
import json, sys
with open(sys.argv[1] + "/rules.yml", "w") as f:
    for i in range(40):
        f.write("---\n" * (i > 0) + "title: Rule %d\nid: 6f9c3c1a-0001-4000-8000-%012d\n" % (i, i) +
                "date: 2024-01-01\nlogsource: {category: process_creation}\ndetection:\n  s:\n" +
                "    CommandLine|contains|all: [zqxv, rare%02dxx]\n  condition: s\n" % i)
with open(sys.argv[1] + "/traffic.jsonl", "w") as f:
    for i in range(100):
        f.write(json.dumps({"type": "process_creation", "fields": {
            "CommandLine": "zqxv %d" % i, "UserId": i % 2}}) + "\n")
EOF
steps() {
	"$weirc" bench "$1" "$dir/traffic.jsonl" | sed -n 's/.*"steps_per_event": \([0-9]*\).*/\1/p'
}
"$weirc" profile -o "$dir/traffic.json" "$dir/traffic.jsonl" 2>"$dir/said" &&
	"$weirc" compile --profile "$dir/traffic.json" -o "$dir/trained.weir" "$dir/rules.yml" 2>"$dir/said" &&
	"$weirc" compile -o "$dir/default.weir" "$dir/rules.yml" 2>"$dir/said" &&
	[ "$(steps "$dir/trained.weir")" -lt "$(steps "$dir/default.weir")" ]
result "rules wake on what is rare in the profile" $?
"$weirc" replay "$dir/trained.weir" "$dir/traffic.jsonl" >"$dir/a" 2>"$dir/said" &&
	"$weirc" replay "$dir/default.weir" "$dir/traffic.jsonl" >"$dir/b" 2>"$dir/said" &&
	cmp "$dir/a" "$dir/b" >"$dir/said" 2>&1
result "and match the same" $?
"$weirc" compile --profile "$dir/traffic.json" -o "$dir/again.weir" "$dir/rules.yml" 2>"$dir/said" &&
	cmp "$dir/again.weir" "$dir/trained.weir" >"$dir/said" 2>&1
result "the same rules and profile give the same bytes" $?

# Files that are no profile. Each is refused with the file's name, and nothing is written.
bad() {
	printf '%s' "$2" >"$dir/bad.json"
	"$weirc" compile --profile "$dir/bad.json" -o "$dir/none.weir" "$dir/rules.yml" >"$dir/said" 2>&1
	[ $? = 1 ] && [ ! -e "$dir/none.weir" ] && grep -qE "bad.json:([0-9]+:)? .*$3" "$dir/said"
	result "refused: $1" $?
}
# field NAME VALUE: a profile with this field
field() {
	printf '{"weir_profile": 1, "types": {"process_creation": {"events": 9, "fields": {"%s": %s}}}}' \
		"$1" "$2"
}
again="make it again with weirc profile or weirctl profile"
bad "no JSON" '{' "is not JSON"
bad "an empty file" '' "is not JSON"
bad "a list" '[]' "is no traffic profile: .*; $again"
bad "a schema" "$("$weirc" schema)" "is no traffic profile"
bad "another version" '{"weir_profile": 2, "types": {"a": 1}}' "another version than 1; $again"
bad "no types" '{"weir_profile": 1}' "holds no Template Type"
bad "empty types" '{"weir_profile": 1, "types": {}}' "holds no Template Type"
bad "a type that is a number" '{"weir_profile": 1, "types": {"ipc": 1}}' \
	"Template Type ipc: the number of events is missing"
bad "no events" '{"weir_profile": 1, "types": {"ipc": {"events": 0, "fields": {}}}}' \
	"Template Type ipc: the number of events"
bad "no fields" '{"weir_profile": 1, "types": {"ipc": {"events": 5}}}' "the fields are missing"
bad "twice the same" '{"weir_profile": 1, "weir_profile": 1, "types": {}}' "is not JSON: duplicate"
bad "windows of a number" "$(field UserId '"AAA"')" \
	"field UserId: Template Type process_creation: is neither"
bad "values of a string" "$(field Image '[[1, 1]]')" "field Image: .*is neither"
bad "windows that are no letters" "$(field Image '"5A-"')" "field Image: .*not letters"
bad "a number at the end" "$(field Image '"5A7"')" "field Image: .*not letters"
bad "too many windows" "$(field Image '"65535AA"')" "more windows than 65536"
bad "too many windows left out" "$(field Image '"65536A"')" "more windows than 65536"
bad "a number too large" "$(field Image '"99999999999999999999A"')" "field Image: "
bad "a value that is no pair" "$(field UserId '[[1, 2, 3]]')" "not of the field's kind"
bad "a value that is no number" "$(field UserId '[["x", 2]]')" "not of the field's kind"
bad "a negative value" "$(field UserId '[[-1, 2]]')" "not of the field's kind"
bad "a value past 64 bits" "$(field UserId '[["18446744073709551616", 2]]')" "not of the field's kind"
bad "more than all events" "$(field UserId '[[1, 1000001]]')" "not a number of events in a million"
bad "fewer than none" "$(field UserId '[[1, -1]]')" "not a number of events in a million"
bad "65 values" "$(field UserId "[[0, 1]$(i=1; while [ $i -lt 65 ]; do
	printf ', [%d, 1]' $i; i=$((i + 1)); done)]")" "more values than 64"
printf '{"weir_profile": 1, "types": {"network_connection": {"events": 9, "fields": {"SourceIp": [["x", 1]]}}}}' \
	>"$dir/bad.json"
"$weirc" compile --profile "$dir/bad.json" -o "$dir/none.weir" "$dir/rules.yml" >"$dir/said" 2>&1
[ $? = 1 ] && grep -q "field SourceIp: .*not of the field's kind" "$dir/said"
result "refused: an address that is none" $?
head -c 1048577 /dev/zero | tr '\0' ' ' >"$dir/bad.json"
"$weirc" compile --profile "$dir/bad.json" -o "$dir/none.weir" "$dir/rules.yml" >"$dir/said" 2>&1
[ $? = 1 ] && grep -q "bad.json: .*limit" "$dir/said"
result "refused: a file that is too large" $?
"$weirc" compile --profile "$dir/missing.json" -o "$dir/none.weir" "$dir/rules.yml" >"$dir/said" 2>&1
[ $? = 1 ] && grep -q "missing.json: cannot be opened" "$dir/said"
result "refused: a file that is not there" $?
cat >"$dir/other.json" <<'EOF'
{"weir_profile": 1, "types": {
  "elsewhere": {"events": 9, "fields": {"A": "A"}},
  "process_creation": {"events": 9, "fields": {"Elsewhere": 1, "UserId": [["18446744073709551615", 1]],
    "Nice": [[-20, 5]]}},
  "network_connection": {"events": 9, "fields": {"SourceIp": [["::1", 5], ["10.0.0.0", 1000000]]}}}}
EOF
"$weirc" compile --profile "$dir/other.json" -o "$dir/other.weir" "$dir/rules.yml" >"$dir/said" 2>&1
result "types and fields of other kernels are passed over" $?

# Usage, and events that are none
for arguments in "" "-o" "-o x" "events.jsonl" "-o x --foo y" "--json y"; do
	# shellcheck disable=SC2086 # words are meant
	"$weirc" profile $arguments >"$dir/said" 2>&1
	[ $? = 2 ] && [ -s "$dir/said" ]
	result "usage: weirc profile $arguments" $?
done
: >"$dir/empty.jsonl"
"$weirc" profile -o "$dir/none.json" "$dir/empty.jsonl" >"$dir/said" 2>&1
[ $? = 1 ] && [ ! -e "$dir/none.json" ] && grep -q "no event was counted" "$dir/said"
result "no event makes no profile" $?
echo '{"type": "ipc", "fields": {"Imge": "x"}}' >"$dir/wrong.jsonl"
"$weirc" profile -o "$dir/none.json" "$dir/traffic.jsonl" "$dir/wrong.jsonl" >"$dir/said" 2>&1
[ $? = 1 ] && [ ! -e "$dir/none.json" ] && grep -q "wrong.jsonl:1: field Imge" "$dir/said"
result "a wrong event is an error that names file, line and field" $?
exit $failed
