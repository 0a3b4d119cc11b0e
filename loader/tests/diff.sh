#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# weirctl diff: what it says of two versions, and that nothing is said without the checks.
. "$(dirname "$0")/lib.sh"

mkdir trust state
pair good 3072
cp good.crt trust/
here=$tests/diff

build() { "$weirc" compile --channel 7 --version "$2" -o "$1" "$3" > compile.log 2>&1 || { cat compile.log; exit 1; }; }
build old 3 "$here/old"
build new 4 "$here/new"
good_sign old old.weir
good_sign new new.weir

diff_of() { "$weirctl" diff --offline --trust trust --state state "$@"; }

# exits NAME CODE ARGUMENTS...: what it says is in out.txt and out.err
exits() {
	name=$1
	code=$2
	shift 2
	diff_of "$@" > out.txt 2> out.err
	got=$?
	if [ $got -eq "$code" ]; then ok "$name"; else not_ok "$name" "exit $got" "$(cat out.txt out.err)"; fi
}

# tells NAME PATTERN / silent NAME PATTERN: of what the last one said
tells() {
	if grep -q -- "$2" out.txt; then ok "$1"; else not_ok "$1" "no \"$2\" in:" "$(cat out.txt)"; fi
}
silent() {
	if grep -q -- "$2" out.txt; then not_ok "$1" "\"$2\" in:" "$(cat out.txt)"; else ok "$1"; fi
}

# All kinds of changes at once; digests and sizes are the compiler's.
exits "two versions differ" 1 old.weir new.weir
sed -e 's/[0-9a-f]\{64\}/HEX/g' -e 's/^\(  bytes\|  worst case[^:]*\): .*/\1: N -> N/' out.txt > said
if cmp -s said "$here/expected.txt"; then ok "and in what, in words"
else not_ok "and in what, in words" "$(diff "$here/expected.txt" said)"; fi
exits "the other way round as well" 1 new.weir old.weir
tells "what was added is removed then" "removed 00000000-0000-4000-8000-00000000000a"
exits "a version is the same as itself" 0 old.weir old.weir
if [ -s out.txt ]; then not_ok "and nothing is said" "$(cat out.txt)"; else ok "and nothing is said"; fi

# The same as JSON: each change has a rank, and they come in its order.
diff_of --json old.weir new.weir > out.json
python3 - > json.log 2>&1 <<-'PY'
	import json
	d = json.load(open("out.json"))
	ranks = ["may_act", "may_lose", "other"]
	seen = [ranks.index(c["rank"]) for c in d["changes"]]
	assert seen == sorted(seen), seen
	assert (d["added"], d["removed"], d["changed"], d["unchanged"]) == (1, 1, 7, 1), d
	by = {c["id"][-1]: c for c in d["changes"]}
	assert by["a"]["kind"] == "added" and by["a"]["old"] is None, by["a"]
	assert by["2"]["kind"] == "removed" and by["2"]["new"] is None, by["2"]
	assert by["4"]["what"] == ["action"] and by["4"]["rank"] == "may_act", by["4"]
	assert by["5"]["rank"] == "may_lose", by["5"]
	assert by["6"]["matches"] == "less" and by["6"]["rank"] == "may_lose", by["6"]
	assert by["7"]["matches"] == "more" and by["7"]["rank"] == "may_act", by["7"]
	assert by["8"]["what"] == ["title", "level"] and by["8"]["rank"] == "other", by["8"]
	assert "3" not in by, by["3"]
	assert by["6"]["old"]["condition"]["operands"] == ["/nc"], by["6"]["old"]
	assert len(by["6"]["new"]["condition"]["all"]) == 2, by["6"]["new"]
	assert d["old"]["signers"] == d["new"]["signers"] == ["CN = TEST good"], d["old"]
	assert not d["same"]
PY
if [ -s json.log ]; then not_ok "JSON says the same" "$(cat json.log)"; else ok "JSON says the same"; fi
if [ "$(diff_of --json old.weir old.weir | grep -c '"same": true')" = 1 ]; then ok "JSON of no difference"
else not_ok "JSON of no difference"; fi

# Who signed is told, and not needed.
exits "a signature alone is a difference" 1 old old.weir
tells "it is told who signed" "signed by: nobody who is trusted -> CN = TEST good"
tells "and what is wrong with a signature" "signature: there is no signature"
silent "and that no rule changed" "Other instances"
passes "the floor is raised" "$BIN/loader/tests/raise" state 7 4 "$(sha256sum new | cut -d' ' -f1)"
exits "an older version than the floor can be read" 1 old.weir new.weir
tells "and is told of" "version floor: version 3 is older than version 4"

# Sizes of operand lists, and what conditions become.
rule() {
	cat > rule/r.yml <<-RULE
		title: R
		id: 00000000-0000-4000-8000-00000000000f
		level: low
		logsource: {category: process_creation, product: linux}
		detection:
		$(printf '%s\n' "$1" | sed 's/^/    /')
	RULE
}
mkdir rule
# becomes NAME WORDS OLD NEW: a rule's detection, and what is said of it
becomes() {
	rule "$3"
	build r1 1 rule
	rule "$4"
	build r2 2 rule
	exits "$1: it differs" 1 r1 r2
	tells "$1" "matches $2 events"
}
becomes "a list in a negation that grows" fewer 'a: {Image: /a}
f: {User: [x]}
condition: a and not f' 'a: {Image: /a}
f: {User: [x, y]}
condition: a and not f'
becomes "one criterion more" fewer 'a: {Image: /a}
condition: a' 'a: {Image: /a, User: x}
condition: a'
becomes "one choice more" more 'a: {Image: /a}
condition: a' 'a: {Image: /a}
b: {User: x}
condition: a or b'
becomes "a choice in an exception" fewer 'a: {Image: /a}
b: {User: x}
condition: a and not b' 'a: {Image: /a}
b: {User: x}
c: {UserId: 7}
condition: a and not (b or c)'
becomes "a choice of two, one of which narrows" fewer 'a: {Image: /a}
b: {User: x, UserId: 8}
condition: a or b' 'a: {Image: /a}
b: {User: x, UserId: 8, GroupId: 9}
condition: a or b'
becomes "another case of letters" other 'a: {Image: /a}
condition: a' 'a: {Image|cased: /a}
condition: a'
becomes "its negation" other 'a: {Image: /a}
condition: a' 'a: {Image: /a}
condition: not a'
becomes "another regular expression" other 'a: {Image|re: a+b}
condition: a' 'a: {Image|re: a+c}
condition: a'
becomes "another field to compare with" other 'a: {Image|fieldref: ParentImage}
condition: a' 'a: {Image|fieldref: CurrentDirectory}
condition: a'
becomes "another range" other 'a: {UserId|gt: 5}
condition: a' 'a: {UserId|gt: 6}
condition: a'
rule 'a: {Image: /a}
b: {User: x}
condition: not (a or b)'
build r1 1 rule
rule 'a: {Image: /a}
b: {User: x}
condition: not b and not a'
build r2 1 rule
diff_of r1 r2 > out.txt
silent "what means the same in other words is the same" "matches"

# A program that is no tree: if a then b else c.
rule 'a: {UserId|gt: 1}
b: {GroupId|gt: 2}
c: {ProcessId|gt: 3}
condition: a and (b or c)'
build r1 1 rule
cp r1 r2
node=$("$craft" section r2 5)
"$craft" poke r2 $((node + 6)) 0200
"$craft" poke r2 $((node + 8 + 6)) feff
exits "a program that is no tree is told of" 1 r1 r2
tells "as steps" "these steps from 0 on"
exits "it is the same as itself" 0 r2 r2
cp r2 r3
"$craft" poke r3 $((node + 8 + 6)) ffff
exits "steps differ from other steps" 1 r2 r3

# Nothing is read unchecked; trouble is exit code 2.
exits "a missing file is trouble" 2 old.weir none
"$weirctl" schema --offline --json > schema.json
python3 - <<-'PY'
	import json
	s = json.load(open("schema.json"))
	s["types"] = [t for t in s["types"] if t["name"] != "file_event"]
	json.dump(s, open("less.json", "w"))
PY
"$weirctl" diff --schema less.json old new > out.txt 2> out.err
if [ $? -eq 2 ] && grep -q "old: .*Template Type" out.err; then ok "content that this schema does not fit is trouble"
else not_ok "content that this schema does not fit is trouble" "$(cat out.txt out.err)"; fi
cp old damaged
"$craft" poke damaged $(($("$craft" section old 5) + 4)) 0500
exits "damaged content is trouble" 2 old.weir damaged
head -c 3000 old.weir > short.weir
exits "a file that was cut is trouble" 2 short.weir old.weir
cp old.weir badtrailer
"$craft" poke badtrailer $(($(stat -c %s badtrailer) - 40)) 07
exits "a malformed trailer is trouble" 2 badtrailer old.weir
exits "both cannot be standard input" 2 - -
diff_of --json none old.weir > out.json 2> out.err
if [ $? -eq 2 ] && grep -q '"error"' out.json && [ ! -s out.err ]; then ok "trouble in JSON"
else not_ok "trouble in JSON" "$(cat out.json out.err)"; fi
diff_of - new.weir < old.weir > out.txt 2>&1
if [ $? -eq 1 ]; then ok "one may be standard input"; else not_ok "one may be standard input" "$(cat out.txt)"; fi

# A title cannot fool a terminal.
"$craft" make title="$(printf 'a\033[31mred\nremoved x')" > evil
"$craft" make title=good > fine
exits "a title with escape sequences" 1 fine evil
silent "is escaped" "$(printf '\033')"
tells "and shown" 'a\\x1b\[31mred\\x0aremoved x'
