#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The store on disk: generations, what keeps and removes them, damage, and what a boot chooses.
# cuts.sh has what kills, full disks and power cuts leave.
. "$(dirname "$0")/lib.sh"

storectl=$BIN/loader/tests/storectl
craft_signed() {
	"$craft" make "$@" > content || exit 1
	good_sign content signed.weir
}
mkdir trust state
pair good 3072
cp good.crt trust/
for v in 4 5 6 7; do
	craft_signed version=$v
	mv signed.weir $v.weir
done
craft_signed version=1 channel=7
mv signed.weir other.weir

load() { "$storectl" load state trust "$1.weir"; }
try() { "$storectl" try state trust "$1.weir"; }
store() { "$weirctl" store "$@" --state state; }
digest() { sha256sum "$1" | cut -d' ' -f1; }

# boot ID, settle ID: of a machine that is on another time
boot() { "$storectl" boot state "11111111-1111-1111-1111-11111111111$1"; }
settle() { "$storectl" settle state "11111111-1111-1111-1111-11111111111$1"; }

# shows NAME PATTERN COMMAND...: a line like this
shows() {
	name=$1
	pattern=$2
	shift 2
	if "$@" > shown 2>&1 && grep -q -- "$pattern" shown; then ok "$name"
	else not_ok "$name" "no \"$pattern\" in" "$(cat shown)"; fi
}

# generations: their numbers
generations() { store list | sed -n 's/^ *\([0-9][0-9]*\) .*/\1/p' | tr '\n' ' '; }
comes_up() { "$weirctl" boot --dry-run --state state; }

# Generations
passes "a host without a store has nothing to verify" store verify
is "and comes up with nothing" "current: generation 0: no content" comes_up
if [ -e state/store ]; then not_ok "neither makes one"; else ok "neither makes one"; fi
passes "content is loaded" load 4
passes "and a newer version of it" load 5
passes "and another channel" load other
shows "each load is a generation" "^ *3 *2  load *channel 7 version 1, channel 291 version 5; current$" store list
shows "with the one before as it was" "^ *1 *0  load *channel 291 version 4$" store list
shows "the JSON says what each needs" '"schema": {' store list --json
is "a file is called by its digest" "$(digest 5.weir)" digest "state/store/objects/$(digest 5.weir).weir"
load 5 > again.log 2>&1
is "what is trusted already makes no generation" "1 2 3 " generations
passes "the store is whole" store verify
is "a boot comes up with the current one" "current: generation 3: channel 7 version 1, channel 291 version 5" comes_up

# Rollback, to what this host trusted; the floor holds for files
passes "back to an older generation" store rollback 1
is "it is what a boot comes up with" "current: generation 1: channel 291 version 4" comes_up
is "the file that it has is taken below the floor" "" "$storectl" check state trust
refuses "the same file by itself is not" OLD_VERSION check 4.weir
refuses "a generation that is not there" STORE store rollback 9
says "the refusal says what to do" "weirctl store list"
is "a refused rollback changes nothing" "current: generation 1: channel 291 version 4" comes_up
passes "the next load is made of that" load 6
shows "and of nothing newer" "^ *4 *1  load *channel 291 version 6; current$" store list
passes "back to two channels" store rollback 3

# gc
passes "a generation is kept" store keep 1
refuses "one that is not there cannot be" STORE store keep 8
passes "garbage is collected" store gc --keep 1
is "the newest, the current and the kept one stay" "1 3 4 " generations
touch state/store/objects/abc.weir.Ab12Cd state/store/generations/9.Ab12Cd state/store/mine
passes "not kept any more" store unkeep 1
shows "then it goes, and leftovers" "removed: 1 generations, 1 objects, 2 leftovers" store gc --keep 1
passes "a file that is not the store's stays" test -e state/store/mine
passes "and all is whole" store verify
is "the files of the others are there" 3 sh -c "ls state/store/objects | wc -l"

# Purge
passes "a file is purged by its digest" store purge "$(digest 5.weir)"
is "no boot comes up with it" "current: generation 5: channel 7 version 1" comes_up
if [ -e "state/store/objects/$(digest 5.weir).weir" ]; then not_ok "it is gone"; else ok "it is gone"; fi
is "so are generations that had it" "4 5 " generations
"$craft" make version=6 > content
passes "by its content's digest as well" store purge "$(digest content)"
is "and what does not have it stays" "5 " generations
load 7 > /dev/null && store rollback 5 > /dev/null && store purge "$(digest 7.weir)" > /dev/null
is "no number is given twice" "5 7 " generations
shows "what is not there does no harm" "removed: 0 generations, 0 objects" store purge "$(digest 4.weir)"
passes "all is whole then" store verify

# Damage
fresh() {
	rm -rf state
	mkdir state
	load 4 && load 5
} > /dev/null
fresh
object=state/store/objects/$(digest 5.weir).weir
cp "$object" saved
"$craft" poke "$object" 100 255
refuses "a damaged file is found" STORE store verify
says "the refusal names it" "$(digest 5.weir).weir"
says "and says what to do" "load it again"
refuses "it is not rolled back to" STORE store rollback 2
refuses "without another generation that a boot ended well with nothing comes up" STORE \
	"$weirctl" boot --dry-run --state state
is "the boot before ended well" "" "$storectl" settle state x
passes "a load of the same file mends it" load 5
cmp -s saved "$object" && passes "it is whole again" store verify
rm "$object"
refuses "a missing file is found" IO store verify
store rollback 1 > /dev/null
boot 1 > /dev/null
settle 1
passes "a load of the same file brings it back" load 5
is "as a new generation" "current: generation 3: channel 291 version 5" comes_up
cp state/store/generations/3 saved
for at in 5 30 60 150 300; do
	cp saved state/store/generations/3
	"$craft" poke state/store/generations/3 $at 37
	refuses "a generation with byte $at changed is damaged" STORE store verify
done
is "a boot takes the one that ended well" "damaged: generation 1: channel 291 version 4" comes_up
shows "list shows the damage" "^ *3  damaged: .*checksum" store list
refuses "gc does not guess what it needs" STORE store gc
for text in "" "weir-current 1 generation 3" "$(cat state/store/good)"; do
	echo "$text" > state/store/current
	refuses "a current that says \"$(echo "$text" | head -n 1)\" is damaged" STORE store verify
done
says "the refusal says what to do" "weirctl store rollback"
is "a boot takes the one that ended well then" "damaged: generation 1: channel 291 version 4" comes_up
passes "rollback mends it" store rollback 1
cp saved state/store/generations/3
passes "and all is whole" store verify
cp state/store/generations/1 state/store/generations/4
refuses "a generation under another number is damaged" STORE store verify
rm state/store/generations/4
sed 's/^sum .*/sum 00/' saved > state/store/generations/4
refuses "so is one without its sum" STORE store verify
rm state/store/generations/4

# Boots: of the machine's own boot, and of others
fresh
is "a boot comes up with the current generation" "current 291:5" boot 1
is "the same boot again with the same" "again 291:5" boot 1
is "the next one, after that did not end well, has no other" "back 291:5" boot 2
is "the same boot again does not count" "again 291:5" boot 2
is "after two there is nothing" "nothing" boot 3
is "and stays nothing" "current" boot 4
shows "list says why" "boot-loop  no content; current" store list
passes "a person rolls back" store rollback 2
is "and the next boot comes up with that" "current 291:5" boot 5
passes "it ends well" settle 5
passes "saying so twice is no harm" settle 5
is "so does not the next" "current 291:5" boot 6
echo 11111111-1111-1111-1111-111111111116 > boot.id
passes "nor does content that is loaded now" env LD_PRELOAD="$(disk "$storectl")" BOOTID=boot.id \
	"$storectl" load state trust 6.weir
is "have that boot end well: the next one takes what did" "back 291:5" boot 7
passes "this one ends well" settle 7
is "and is what boots come up with" "current 291:5" boot 8
passes "settling another boot" settle 7
is "does not settle this one" "back 291:5" boot 9
fresh
boot 1 > /dev/null && settle 1
passes "content goes on trial" try 6
shows "list shows it" "^on trial: channel 291 version 6$" store list
is "gc leaves its file" "removed: 1 generations, 1 objects, 0 leftovers" store gc --keep 1
is "in this boot it is no news" "again: generation 2: channel 291 version 5" comes_up
is "the next boot comes up with what is trusted" "back 291:5" boot 2
is "after that with nothing" "nothing" boot 3
fresh
try 6 > /dev/null
passes "a trial that ended" "$storectl" drop state 291
is "leaves nothing behind" "current 291:5" boot 1

# What the kernel came to by itself
follow() { "$storectl" follow state 291 "$@"; }
of() { "$craft" make version="$1" > content && digest content; }
fresh
try 6 > /dev/null
passes "what is still on trial stays there" follow "$(of 5)" "$(of 6)"
shows "as list shows" "^on trial: channel 291 version 6$" store list
passes "what is trusted now" follow "$(of 6)" -
shows "is a generation" "^ *3 *2  load *channel 291 version 6; current$" store list
is "and leaves no marker" "current: generation 3: channel 291 version 6" comes_up
passes "what the kernel went back to" follow "$(of 4)" -
shows "is one as well" "^ *4 *3  rollback *channel 291 version 4; current$" store list
try 7 > /dev/null
passes "what is out again" follow "$(of 4)" -
is "leaves no marker" "current: generation 4: channel 291 version 4" comes_up
follow "$(of 7)" - > log 2>&1
is "content that no generation has is not followed" 1 grep -c UNKNOWN log
passes "nothing is no reason to forget what is trusted" follow - -
is "it is current still" "current: generation 4: channel 291 version 4" comes_up
fresh
try 6 > /dev/null
"$craft" poke state/store/trying 40 37
refuses "a damaged marker is found" STORE store verify
refuses "and stops a load before anything is active" STORE store list
is "a boot takes it for one" "back 291:5" boot 1
passes "and writes it anew" store verify

# What was trusted stays so whatever the clock says, but not whoever signed it
passes "signers are checked without the clock" "$storectl" check state trust
if NOW=1000 load 7 > log 2>&1; then not_ok "a new file with it"; else ok "a new file with it"; fi
: > ca-good/index
authority() { openssl ca -config ca-good/conf -keyfile good.key -cert good.crt "$@" 2> log; }
passes "the signer is revoked" authority -revoke good.crt
passes "and a list says so" authority -gencrl -out trust/good.crl
is "a revoked signer's content does not come up" 1 sh -c \
	"'$storectl' check state trust 2>&1 | grep -c REVOKED"
rm trust/good.crl

# Two at once, and usage
( flock 9 && sleep 1 ) 9< state/lock &
sleep 0.3
passes "another loader that ends soon is waited for" store gc
( flock 9 && exec sleep 600 ) 9< state/lock &
holder=$!
sleep 0.3
refuses "one that does not is not" BUSY store gc
kill $holder
wait
passes "afterwards it is free" store gc
chmod o+w state
refuses "nor is anything read that anybody may write" STATE store list
chmod o-w state
fresh
refuses "a boot without a device" DEVICE "$weirctl" boot --state state --device "$work/none"
is "leaves no marker" 0 sh -c "ls state/store | grep -c trying"
for words in "" "lst" "gc 1" "keep" "keep x" "keep 0" "purge abc" "rollback -1"; do
	# shellcheck disable=SC2086 # words on purpose
	"$weirctl" store $words --state state > out.txt 2> out.err
	if [ $? -eq 2 ] && [ -s out.err ]; then ok "store \"$words\" is wrong usage"
	else not_ok "store \"$words\" is wrong usage" "$(cat out.txt out.err)"; fi
done
