#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What weirc says of rules that cost much: nothing rare wakes them, or the worst case is dear; and
# bench --by-rule, which says what each costs on events.
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
weirc=${WEIRC:-$top/build/weirc}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# shellcheck source=tools/tests/lib.sh
. "$here/lib.sh"

# rule NUMBER TITLE SELECTION [CONDITION]
rule() {
	printf -- '---\ntitle: %s\nid: 6f9c3c1a-0002-4000-8000-%012d\ndate: 2024-01-01\n' "$2" "$1"
	printf 'logsource: {category: process_creation}\ndetection:\n  s:\n    %s\n' "$3"
	printf '  condition: %s\n' "${4:-s}"
}
# rare N: rules that something rare wakes
rare() {
	i=1
	while [ $i -le "$1" ]; do
		rule $((100 + i)) "Rare $i" "CommandLine|contains: qzvx$i"
		i=$((i + 1))
	done
}
compile() {
	"$weirc" compile -o "$dir/out.weir" "$@" >"$dir/said" 2>&1
}
warned() {
	grep -c 'warning: .*nothing rare wakes it' "$dir/said"
}

rare 20 >"$dir/rare.yml"
compile "$dir/rare.yml" && [ "$(warned)" = 0 ]
result "no warning of rules that something rare wakes" $?

# Words that a program asks for when something else woke it: a few it looks for itself, many are
# looked up, so that nobody can have a long value searched for each of them.
asked() {
	i=1
	while [ $i -le "$1" ]; do
		rule $((100 + i)) "Asked $i" \
			"{CommandLine|contains: word$i, ParentCommandLine|contains: [some$i, more$i]}"
		i=$((i + 1))
	done >"$dir/asked.yml"
	compile "$dir/asked.yml" && "$weirc" dump "$dir/out.weir" >"$dir/said"
	looked=$(grep -c 'CommandLine: bytes, 4 anywhere' "$dir/said")
}
asked 6 && [ "$looked" = 1 ]
result "few words are left to programs" $?
asked 100 && [ "$looked" = 2 ]
result "many words are looked up" $?

# says NAME REASON SELECTION [CONDITION]
says() {
	rule 1 "The slow one" "$3" "${4:-s}" >"$dir/slow.yml"
	compile "$dir/rare.yml" "$dir/slow.yml" && [ "$(warned)" = 1 ] &&
		grep -qE "warning: [^ ]*slow.yml:2: rule \"The slow one\": nothing rare wakes it, so \
that it is held against every event of process_creation, which is about [0-9.]+ % of what an event \
costs: $2; add a criterion that few events meet$" "$dir/said"
	result "warned of: $1" $?
}
says "a negation" "it only says what an event is not" "Image: /bin/ls" "not s"
says "a range" "ArgumentCount is compared with a range, which cannot be looked up" "ArgumentCount|gt: 7"
says "a common number" "UserId is 0 in about 50 of 100 events" "UserId: 0"
says "a common negative number" "Nice is 0 or one of 1 values more in about 9[0-9] of 100 events" \
	"Nice: [-5, 0]"
says "a short literal" "CommandLine contains \"e\" in about [0-9]+ of 100 events" \
	"CommandLine|contains: e"
says "a flag" "SetId is 1 in about 30 of 100 events" "SetId: true"
says "existence" "Image is there in most events" "Image|exists: true"
says "a pattern without literals" \
	"CommandLine is to match a pattern without two bytes that are in all it matches" \
	"CommandLine|re: '[0-9]{9}'"
says "another field" "Image is compared with another field, which cannot be looked up" \
	"Image|fieldref: ParentImage"
says "an empty value" "Image is compared with an empty value, which cannot be looked up" "Image: ''"
says "one alternative that is common" "UserId is 0 in about 50 of 100 events" \
	"$(printf 'CommandLine|contains: qzvx\n  t:\n    UserId: 0')" "s or t"

rule 1 "Rare after all" "$(printf 'CommandLine|contains: qzvx\n    UserId: 0')" >"$dir/slow.yml"
compile "$dir/rare.yml" "$dir/slow.yml" && [ "$(warned)" = 0 ]
result "one rare criterion is enough" $?
rare 15 >"$dir/few.yml"
rule 1 "The slow one" "UserId: 0" >"$dir/slow.yml"
compile "$dir/few.yml" "$dir/slow.yml" && [ "$(warned)" = 0 ]
result "no warning of 16 rules" $?

i=1
while [ $i -le 25 ]; do
	rule $i "Slow $i" "ArgumentCount|gt: $i"
	i=$((i + 1))
done >"$dir/slow.yml"
compile "$dir/rare.yml" "$dir/slow.yml" && [ "$(warned)" = 20 ] &&
	grep -q 'warning: and nothing rare wakes 5 rules more$' "$dir/said"
result "of many, the dearest are named and the others counted" $?
{ rule 1 "Cheap" "UserId: 0"; rule 2 "Dear" "CommandLine|re: '[0-9]{9}'"; } >"$dir/slow.yml"
compile "$dir/rare.yml" "$dir/slow.yml" && [ "$(warned)" = 2 ] &&
	grep 'nothing rare' "$dir/said" | head -n 1 | grep -q '"Dear"'
result "the dearest comes first" $?
"$weirc" compile --json -o "$dir/out.weir" "$dir/rare.yml" "$dir/slow.yml" >"$dir/said" 2>&1 &&
	[ "$(grep -c '"message": "nothing rare wakes it' "$dir/said")" = 2 ]
result "warnings in JSON" $?

# What is rare is the profile's to say.
i=0
while [ $i -lt 50 ]; do
	echo '{"type": "process_creation", "fields": {"CommandLine": "qzvx7 qzvx8", "UserId": 5}}'
	i=$((i + 1))
done >"$dir/events.jsonl"
"$weirc" profile -o "$dir/profile.json" "$dir/events.jsonl" 2>"$dir/said"
rule 1 "Not here" "UserId: 0" >"$dir/slow.yml"
compile --profile "$dir/profile.json" "$dir/rare.yml" "$dir/slow.yml" && [ "$(warned)" = 2 ] &&
	grep -q 'rule "Rare 7": .*CommandLine contains "qzvx7" in about 100 of 100 events' "$dir/said" &&
	grep -q 'rule "Rare 8": ' "$dir/said"
result "warnings go by the profile" $?

# The worst case. A literal of N times the same byte has no window of its own: all are in one row of entries.
# heavy NUMBER TITLE FIELD LITERALS LENGTH: literals that differ in case alone
heavy() {
	rule "$1" "$2" "$3|contains|cased: [$(python3 -c '
import sys
n, length = int(sys.argv[1]), int(sys.argv[2])
print(", ".join("".join("aA"[i >> k & 1] for k in range(14)) + "a" * (length - 14) for i in range(n)))
' "$4" "$5")]"
}
{ heavy 1 "Light" CommandLine 2 2000; heavy 2 "Heavy" CommandLine 20 2000; } >"$dir/heavy.yml"
compile "$dir/rare.yml" "$dir/heavy.yml" && grep -qE "warning: at worst an event takes [0-9]+ steps, \
because of \"Heavy\" \([^ ]*heavy.yml:[0-9]+\) for 90.[0-9] %, \"Light\" .*: the kernel does not accept \
more than 2\^28 unless its parameter max_cost says so" "$dir/said"
result "a worst case that kernels do not accept names the rules to blame" $?
mkdir "$dir/heavy"
i=1
while [ $i -le 20 ]; do
	heavy $i "Heavy $i" CommandLine $((150 + i * 10)) 1900 >"$dir/heavy/$i.yml"
	i=$((i + 1))
done
"$weirc" compile -o "$dir/none.weir" "$dir/rare.yml" "$dir/heavy" >"$dir/said" 2>&1
[ $? = 1 ] && [ ! -e "$dir/none.weir" ] && grep -qE "too much for one channel file: .* more than \
2\^36 steps, because of \"Heavy 20\" .*\"Heavy 19\" .*\"Heavy 18\" .*\"Heavy 17\" .*\"Heavy 16\" [^,]*: split" \
	"$dir/said"
result "a worst case beyond the format is refused and names them" $?

# What each rule costs on events: Rare 7 and 8 match all of these, the slow ones are asked of all.
{ rule 1 "Cheap" "UserId: 0"; rule 2 "Dear" "CommandLine|re: '[0-9]{9}'"; } >"$dir/slow.yml"
compile "$dir/rare.yml" "$dir/slow.yml"
"$weirc" bench "$dir/out.weir" "$dir/events.jsonl" >"$dir/bench.json" 2>"$dir/said" &&
	"$weirc" bench --by-rule --json "$dir/out.weir" "$dir/events.jsonl" >"$dir/by-rule.json" 2>"$dir/said"
result "bench --by-rule" $?
cp "$dir/by-rule.json" "$dir/said"
python3 - "$dir/bench.json" "$dir/by-rule.json" <<'EOF'
import json, sys
bench, by = (json.load(open(f)) for f in sys.argv[1:])
rules = {r["title"]: r for r in by["rules"]}
counts = {t: (r["woken"], r["evaluated"], r["matched"]) for t, r in rules.items()}
assert len(rules) == 22 and by["events"] == 50
assert counts.pop("Rare 7") == counts.pop("Rare 8") == (50, 50, 50)
assert counts.pop("Cheap") == counts.pop("Dear") == (0, 50, 0)
assert set(counts.values()) == {(0, 0, 0)}
# To begin is a step, and so is each node; an automaton may read "qzvx7 qzvx8" twice, and its end: 24.
assert rules["Rare 7"]["steps"] == 50 * 2 and rules["Dear"]["steps"] == 50 * (2 + 24)
assert by["index"]["steps"] > 0
assert by["index"]["steps"] + sum(r["steps"] for r in by["rules"]) == by["steps"]
assert by["steps"] == round(bench["steps_per_event"] * 50)
shares = [r["share"] for r in by["rules"]]
assert shares == sorted(shares, reverse=True) and by["rules"][0]["title"] == "Dear"
assert abs(by["index"]["share"] + sum(shares) - 1) < 1e-9
EOF
result "bench --by-rule counts what happened, and loses no step" $?
"$weirc" bench --by-rule "$dir/out.weir" "$dir/events.jsonl" >"$dir/said" 2>&1 &&
	[ "$(wc -l <"$dir/said")" = 7 ] && sed -n 2p "$dir/said" | grep -q 'index, of 50 events' &&
	sed -n 3p "$dir/said" | grep -qE '^ +[0-9.]+ % +1300 +0 +50 +0  [0-9a-f-]{36} Dear$' &&
	tail -n 1 "$dir/said" | grep -q '^18 rules were never evaluated$'
result "and as a table" $?
"$weirc" replay --by-rule "$dir/out.weir" "$dir/events.jsonl" >"$dir/said" 2>&1
[ $? = 2 ] && grep -q 'unknown or incomplete option --by-rule' "$dir/said"
result "other commands do not take --by-rule" $?
exit $failed
