#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The journal: what gets into it, how it tells that it was changed, and what crashes, full disks and
# other writers leave of it.
. "$(dirname "$0")/lib.sh"

export ASAN_OPTIONS=detect_leaks=0
preload=$(disk "$weirctl")
mkdir trust
pair good 3072
cp good.crt trust/

store() { "$weirctl" store "$@" --state state; }
log() { "$weirctl" log "$@" --state state; }
lines() { wc -l < state/journal; }

# watched COMMAND...: disk.c counts, spoils or records its calls
watched() { LD_PRELOAD=$preload "$@"; }

# tells NAME PATTERN COMMAND...: such a line
tells() {
	name=$1
	pattern=$2
	shift 2
	"$@" > told 2>&1
	if grep -q -e "$pattern" told; then ok "$name"
	else not_ok "$name" "no \"$pattern\" in" "$(cat told)"; fi
}

# fresh [N]: a state folder whose journal has N lines, 5 unless given
fresh() {
	rm -rf state state.log
	mkdir state
	while [ "$(lines 2> /dev/null || echo 0)" -lt "${1:-5}" ]; do store gc > gc.log 2>&1 || exit 1; done
}

# The same check by other means: each digest is that of the line without it, and in the next line
cat > chain.py <<'PY'
import hashlib, json, sys
prev = "0" * 64
for n, line in enumerate(open(sys.argv[1], encoding="ascii"), 1):
    members = json.loads(line)
    total = members.pop("sum")
    text = json.dumps(members, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == total, n
    assert text[:-1] + ',"sum":"%s"}\n' % total == line, n
    assert members["prev"] == prev and members["number"] == n, n
    prev = total
print(n, prev)
PY

# What gets into it
mkdir state
is "a host without a journal has nothing to verify" "0 lines verify" log --verify
refuses "and no head" EMPTY log --head
"$craft" make > raw || exit 1
good_sign raw good.weir
{ check good.weir && store list && store verify && "$weirctl" boot --dry-run --state state &&
	"$weirctl" diff --offline --trust trust --state state good.weir good.weir && log; } > out.txt 2>&1 ||
	not_ok "commands that only read work" "$(cat out.txt)"
check raw > out.txt 2>&1 && not_ok "check refuses a file that nobody signed"
if [ -e state/journal ]; then not_ok "commands that only read begin none"; else ok "commands that only read begin none"; fi
passes "garbage is collected" store gc
is "which begins one" "2 lines verify" log --verify
hostile=$(printf 'a"\n\033[2Jb\\.weir')
cp raw "$hostile"
"$weirctl" load --trust trust --state state "$hostile" > out.txt 2>&1 && not_ok "a file that nobody signed is refused"
tells "a file that is refused before the kernel sees it is in it, and its name harms no terminal" \
	'uid 0  load refused: NO_SIGNATURE: a"\\x0a\\x1b\[2Jb\\.*weir: ' log --last 1
tells "JSON has the line as it is in the file" "$(tail -n 1 state/journal | cut -c1-60)" log --json --last 1
store rollback 7 > out.txt 2>&1
tells "so is a change of the store that is refused" "store refused: STORE" log
tells "with who did it, by which command, and in which boot" \
	"\"boot\":\"$(cat /proc/sys/kernel/random/boot_id)\".*\"command\":\"store\".*\"uid\":0,\"sum\"" log --json
store purge "$(sha256sum good.weir | cut -c1-64)" > out.txt 2>&1
tells "purge says of what" "store-purge of $(sha256sum good.weir | cut -c1-64): removed 0" log
store frobnicate > out.txt 2>&1
is "wrong usage decides nothing" "5 lines verify" log --verify
is "the chain can be checked without weirctl" "$(log --head | tr : ' ')" python3 chain.py state/journal
mkdir other
"$weirctl" unload 291 --device "$work/none" --state other/none > out.txt 2>&1
if [ -e other/none ]; then not_ok "an unload makes no state folder"; else ok "an unload makes no state folder"; fi
"$weirctl" load raw --trust trust --state other/new > out.txt 2>&1
tells "a load that is refused does" "load refused: NO_SIGNATURE" "$weirctl" log --state other/new

# What changes it is found
fresh 6
cp state/journal whole
head=$(log --head)
tampered() {
	tampering=$1
	line=$2
	why=$3
	refuses "$tampering is found" JOURNAL log --verify
	says "$tampering: in which line, and why" "line $line of the journal does not verify: .*$why"
	refuses "$tampering: there is no head then" JOURNAL log --head
	cp state/journal now
	tells "$tampering: a command does its work, and warns" "warning: .*line $line of the journal" store gc
	if cmp -s now state/journal; then ok "$tampering: nothing is repaired"; else not_ok "$tampering: nothing is repaired"; fi
	cp whole state/journal
}
size=$(stat -c %s whole)
at=0
missed=
while [ $at -lt "$size" ]; do
	cp whole state/journal
	"$craft" poke state/journal $at "$(($(od -An -tu1 -j $at -N 1 whole) ^ 4))"
	log --verify > out.txt 2>&1 && missed="$missed $at"
	at=$((at + 97))
done
cp whole state/journal
if [ -z "$missed" ]; then ok "a changed byte is found, wherever it is"
else not_ok "a changed byte is found, wherever it is" "not at $missed"; fi
sed -i '3s/store-gc/store-GC/' state/journal
tampered "a changed word" 3 "it was changed"
sed -i 4d state/journal
tampered "a line that was taken out" 4 "next number"
sed -i 1d state/journal
tampered "the first line taken out" 1 "next number"
sed -i '2{h;d};3G' state/journal
tampered "two lines in the other order" 2 "next number"
sed -i '3{p}' state/journal
tampered "a line that is there twice" 4 "next number"
sed -i '3s/^{/{ /' state/journal
tampered "a blank" 3 "changed"
echo hello >> state/journal
tampered "what is no line" 7 "no line of a journal"
printf 'x\0\nhello\n' >> state/journal
tampered "a zero byte that is not in the last line" 7 "no line of a journal"
# With its own digest put right, the lines behind it tell.
cat > forge.py <<'PY'
import hashlib, json, sys
lines, prev, first, rest = open("whole").read().splitlines(), None, int(sys.argv[1]), sys.argv[2]
for n, line in enumerate(lines, 1):
    m = json.loads(line)
    del m["sum"]
    if n == first:
        m["uid"] = 4711
    if prev and n > first and rest == "all":
        m["prev"] = prev
    text = json.dumps(m, sort_keys=True, separators=(",", ":"))
    prev = hashlib.sha256(text.encode()).hexdigest()
    print(text[:-1] + ',"sum":"%s"}' % prev)
PY
python3 forge.py 3 one > state/journal
tampered "a line with a new digest" 4 "does not follow"
python3 forge.py 3 all > state/journal
passes "a chain that was written anew verifies" log --verify
refuses "but not with the head that was kept elsewhere" EXPECT log --verify --expect "$head"
says "and that is said" "line 6 of the journal is another one"
sed 5,6d whole > state/journal
passes "one that was cut short at a line's end verifies, too" log --verify
refuses "but not with its head" EXPECT log --verify --expect "$head"
says "and that is said as well" "ends at line 4, and line 6 is expected"
cp whole state/journal
store gc > out.txt 2>&1
passes "a head stays good as the journal goes on" log --verify --expect "$head"
refuses "a number with another digest is not expected" EXPECT log --verify --expect "1:${head#*:}"
for words in "--expect 1:abc --verify" "--expect $head" "--verify --head" "--follow --restart" "--last 0" \
	"--last 3 --verify" "--verify --expect 0${head}" "x"; do
	# shellcheck disable=SC2086 # words on purpose
	log $words > out.txt 2> out.err
	if [ $? -eq 2 ] && [ -s out.err ]; then ok "log $words is wrong usage"
	else not_ok "log $words is wrong usage" "$(cat out.txt out.err)"; fi
done

# Half a line, as a crash leaves it
for half in '{"auid":nu' "$(head -c 300 whole)" "$(tail -n 1 whole | head -c 500)$(cat whole)"; do
	fresh 4
	printf '%s' "$half" | tr -d '\n' >> state/journal
	refuses "half a line of ${#half} bytes is found" HALF log --verify
	passes "and read past" log
	passes "the next command goes on" store gc
	tells "and says what it cut off" "half a line was cut off, [1-9][0-9]* bytes" log
	is "as a line of its own" "6 lines verify" log --verify
done
fresh 4
head -c 200 /dev/zero >> state/journal
echo >> state/journal
refuses "a last line of zeros is half a line, too" HALF log --verify
passes "and cut off" store gc
is "as one" "6 lines verify" log --verify
rm -rf state && mkdir state
printf '{"auid"' > state/journal
passes "half a line and nothing else" store gc
is "is told after the beginning" "3 lines verify" log --verify

# A new one
fresh 4
sed -i 3d state/journal
cp state/journal broken
passes "a broken journal is set aside" log --restart
cmp -s broken state/journal.1 && passes "the new one verifies" log --verify
tells "and says after which, and how far that is good" "after journal.1 with 2 lines that verify; line 3 does not: .*next number" log
tells "and its digest" "\"sha256\":\"$(sha256sum broken | cut -c1-64)\"" log --json
passes "commands write again" store gc
passes "and again" log --restart
tells "it is numbered" "after journal.2 with 2 lines$" log
echo >> state/journal.2
refuses "a journal that is changed after that is found" OLD log --verify
rm state/journal.2
passes "one that was taken away is not missed" log --verify
rm state/journal
store gc > out.txt 2>&1
tells "a journal that was removed leaves the one before in the next" "after journal.1" log
fresh 2
head -c 9000 /dev/zero | tr '\0' 'x' >> state/journal
tells "more than a line's bytes are no half line" "no line of a journal" store gc
head -c 4194305 /dev/zero >> state/journal
tells "a journal that is too large is not read" "larger than" store gc
log --restart > out.txt 2>&1
fresh 2

# One that is full
fresh 2
cp state/journal whole
head=$(log --head)
cat > fill.py <<'PY'
import hashlib, json
lines = open("whole").read().splitlines()
m = json.loads(lines[-1])
size = sum(len(line) + 1 for line in lines)
while size < 4 * 1024 * 1024 - 8192:
    m["number"] += 1
    m["prev"] = m.pop("sum")
    text = json.dumps(m, sort_keys=True, separators=(",", ":"))
    m["sum"] = hashlib.sha256(text.encode()).hexdigest()
    lines.append(text[:-1] + ',"sum":"%s"}' % m["sum"])
    size += len(lines[-1]) + 1
print("\n".join(lines))
PY
python3 fill.py > state/journal
passes "a journal that is nearly full verifies" log --verify
full=$(log --head)
passes "what comes then is written" store gc
if [ -e state/journal.1 ] && [ "$(wc -l < state/journal)" -eq 2 ]; then ok "to a new one"
else not_ok "to a new one" "$(ls -l state)"; fi
passes "which goes on where the full one ended" log --verify --expect "$full"
passes "also with a head from long before" log --verify --expect "$head"
refuses "and not with one that never was" EXPECT log --verify --expect "${full%%:*}:${head#*:}"
passes "nor is that the last one" log --restart
passes "it is looked for in all of them" log --verify --expect "$head"
fresh 2

# Follow
"$weirctl" log --follow --state state > followed 2>&1 &
follower=$!
i=0
until grep -q store-gc followed || [ $i -gt 300 ]; do sleep 0.1; i=$((i + 1)); done
store gc > out.txt 2>&1
until [ "$(wc -l < followed)" -ge 3 ] || [ $i -gt 300 ]; do sleep 0.1; i=$((i + 1)); done
log --restart > out.txt 2>&1
until grep -q "after journal.1" followed || [ $i -gt 300 ]; do sleep 0.1; i=$((i + 1)); done
kill $follower
wait $follower 2> /dev/null
is "lines come as they are written, those of a new journal, too" "begins gc gc begins, " \
	sh -c "sed 's/.*store-gc: .*/gc/;s/.*journal begins, after.*/begins,/;s/.*journal begins/begins/' followed | tr '\n' ' '"

# Several at once
fresh 2
for n in 1 2 3 4 5 6 7 8; do
	"$weirctl" load --trust trust --state state raw > "load.$n" 2>&1 &
done
wait
is "eight at once write a line each" "10 lines verify" log --verify
if grep -q warning load.[1-8]; then not_ok "and none has to be warned" "$(cat load.[1-8])"
else ok "and none has to be warned"; fi
rm -f held release
( flock 9 && : > held && until [ -e release ]; do sleep 0.1; done ) 9< state/lock &
until [ -e held ]; do sleep 0.1; done
store gc > gc.log 2>&1
tells "a command that another loader keeps from its work does not wait" "another loader is at work" cat gc.log
is "and decides nothing" "10 lines verify" log --verify
"$weirctl" load --trust trust --state state raw > load.log 2>&1 &
: > release
wait
is "what is refused for another reason waits, and is written down" "11 lines verify" log --verify

# Who may not write
chmod 755 "$work" && chmod 700 state
if setpriv --reuid 65534 --clear-groups true 2> /dev/null; then
	if setpriv --reuid 65534 --clear-groups "$weirctl" check --offline --trust trust --state none \
		good.weir > out.txt 2> out.err && [ ! -s out.err ]; then ok "who may not write can check files"
	else not_ok "who may not write can check files" "$(cat out.txt out.err)"; fi
	setpriv --reuid 65534 --clear-groups "$weirctl" log --state state > out.txt 2> out.err
	if [ $? -eq 1 ] && grep -q "Permission denied" out.err; then ok "and is told so of the journal"
	else not_ok "and is told so of the journal" "$(cat out.txt out.err)"; fi
else
	skip "who may not write can check files" "no other user can be taken on"
	skip "and is told so of the journal" "no other user can be taken on"
fi
chmod 755 state

# A full disk and a kill at each call: all lines but perhaps the last, and the next goes on.
# each HOW BASE COMMAND...
each() {
	how=$1
	base=$2
	shift 2
	n=0
	why=
	warned=0
	while [ $n -lt 100 ]; do
		n=$((n + 1))
		rm -rf state
		cp -a "$base" state
		(export "$how=$n" && watched "$@") > run.log 2>&1
		status=$?
		log --verify --json > out.json 2>&1 || grep -q '"HALF"' out.json || { why="it is broken"; break; }
		head -c "$(stat -c %s based/journal)" state/journal | cmp -s - based/journal ||
			{ why="lines are lost"; break; }
		[ "$how$status" != FULLAT0 ] || ! grep -q "warning: .*No space left" run.log || warned=$((warned + 1))
		why="it does not go on"
		store gc > again.log 2>&1 || break
		log --verify > again.log 2>&1 || break
		why="half a line went untold"
		[ "$base" != halved ] || log | grep -q "half a line was cut off" || break
		why=
		case $how$status in
		FULLAT0) grep -q warning run.log || break ;;
		FULLAT1) grep -q "No space left" run.log || { why="no reason is given"; break; } ;;
		KILLAT137) ;;
		KILLAT0) break ;;
		*) why="it ended with $status"; break ;;
		esac
	done
}
fresh 3
cp -a state based
cp -a state halved
tail -n 1 state/journal | head -c 250 >> halved/journal
for base in based halved; do
	each KILLAT "$base" "$weirctl" store gc --state state
	if [ -z "$why" ] && [ $n -gt 8 ] && [ $n -lt 100 ]; then ok "killed at each of $n calls, $base: no line is lost"
	else not_ok "killed at each call, $base: no line is lost" "call $n: $why" "$(cat run.log out.json again.log)"; fi
	each FULLAT "$base" "$weirctl" store gc --state state
	if [ -z "$why" ] && [ $warned -ge 2 ] && [ $n -lt 100 ]; then
		ok "without room for it, $base: the command does its work, and warns"
	else
		not_ok "without room for it, $base: the command does its work, and warns" "call $n, $warned: $why" "$(cat run.log out.json again.log)"
	fi
done

# A power cut at each call
mkdir empty
for base in empty based halved; do
	rm -rf state log
	cp -a "$base" state
	DISKLOG=$work/log watched "$weirctl" store gc --state state > run.log 2>&1
	set -- --weirctl "$weirctl" --after state --scratch cut --then "$weirctl store gc --state STATE" \
		"$base" log
	if said=$(python3 "$tests/cuts.py" "$@" 2>&1); then
		ok "a power cut at any call, $base: all lines up to some ($said)"
	else
		not_ok "a power cut at any call, $base: all lines up to some" "$said" "$(cat log)"
	fi
	python3 "$tests/cuts.py" --syncs "$@" > syncs 2>&1
	if grep -q '^[1-9][0-9]* syncs$' syncs && ! grep -q '^[0-9]* fsync [0-9]' syncs; then
		ok "not so without any of the syncs of the file, $base"
	else
		not_ok "not so without any of the syncs of the file, $base" "$(cat syncs log)"
	fi
done
