#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Trust lists: making them, what takes one's place, and what content they let through.
. "$(dirname "$0")/lib.sh"

mkdir trust
for who in good second third stranger; do pair $who 3072; done
cp good.crt second.crt trust/
for v in 3 4 5; do
	"$craft" make channel=7 version=$v > content.$v || exit 1
	good_sign content.$v $v.weir
	good_sign content.$v second.$v.weir second
	good_sign content.$v third.$v.weir third
done
raw_sign content.5 two.weir -noattr -md sha256 -signer good.crt -inkey good.key \
	-signer second.crt -inkey second.key
raw_sign content.5 new.weir -noattr -md sha256 -signer second.crt -inkey second.key \
	-signer third.crt -inkey third.key
id() { openssl x509 -in "$1.crt" -pubkey -noout | openssl rsa -pubin -RSAPublicKey_out -outform DER \
	2> id.log | sha256sum | cut -d' ' -f1; }
digest() { sha256sum "$1" | cut -d' ' -f1; }

# fails NAME PATTERN COMMAND...: exit code 1 and a message
fails() {
	name=$1
	pattern=$2
	shift 2
	"$@" > out.txt 2> out.err
	if [ $? -eq 1 ] && grep -q -- "$pattern" out.err; then ok "$name"
	else not_ok "$name" "$(cat out.txt out.err)"; fi
}

# list OUT ARGUMENTS...: a list that the first signer signed
list() {
	to=$1
	shift
	"$weirc" trustlist "$@" -o list.raw && good_sign list.raw "$to"
}

# two OUT ARGUMENTS...: one that the first and the second did
two() {
	to=$1
	shift
	"$weirc" trustlist "$@" -o list.raw && raw_sign list.raw "$to" -noattr -md sha256 \
		-signer good.crt -inkey good.key -signer second.crt -inkey second.key
}

take() { "$weirctl" trust --offline --trust trust --state state "$@"; }

# fresh: a host that has no list
fresh() { rm -rf state; mkdir state; }

# making one
passes "a list of every kind of entry is made" "$weirc" trustlist --version 4 --deny content.3 \
	--deny "$(digest content.4)" --revoke third.crt --revoke "$(id stranger)" --below 7:4 \
	--withdraw 7:9 --signers all:1 --signers 9:3 --signer 9:good.crt --signer lists:second.crt \
	--introduce third.crt -o all.raw
"$weirc" trustlist all.raw > all.txt
for want in "trust list 4, not signed" "content $(digest content.3) must not run" \
	"content $(digest content.4) must not run" "key $(id third) is revoked" \
	"key $(id stranger) is revoked" "channel 7: below version 4 nothing may run" \
	"channel 7: version 9 is withdrawn" "every channel: 1 distinct signers are needed" \
	"channel 9: 3 distinct signers are needed" "channel 9: key $(id good) may sign" \
	"trust lists: key $(id second) may sign" "introduces CN = TEST third, key $(id third)"; do
	if grep -qF "$want" all.txt; then ok "it says: $(echo "$want" | sed 's/[0-9a-f]\{64\}/.../')"
	else not_ok "it says: $want" "$(cat all.txt)"; fi
done
"$weirc" trustlist --introduce third.crt --signer lists:second.crt --signer 9:good.crt --signers 9:3 \
	--signers all:1 --withdraw 7:9 --below 7:4 --revoke "$(id stranger)" --revoke third.crt \
	--deny 4.weir --deny 3.weir --deny 3.weir --version 4 -o again.raw
if cmp -s all.raw again.raw; then ok "the order of the arguments does not matter, nor saying one twice"
else not_ok "the order of the arguments does not matter, nor saying one twice"; fi
fails "a version that is not above that of the base" "is not above" "$weirc" trustlist --base all.raw \
	--version 4 -o x.raw
fails "a certificate that is none" "is not a certificate" "$weirc" trustlist --introduce content.3 -o x.raw
pair short 2048
fails "a certificate with a short key" "2048 bits" "$weirc" trustlist --introduce short.crt -o x.raw
fails "content that is none" "not a channel file" "$weirc" trustlist --deny good.crt -o x.raw
if [ -e x.raw ]; then not_ok "nothing is written on failure"; else ok "nothing is written on failure"; fi
for bad in "--below 7" "--below 0:3" "--below all:3" "--below 7:0" "--below 7:-1" "--withdraw 7:x" \
	"--signers 7:17" "--signers -7:2" "--signer 7:" "--version 0"; do
	# shellcheck disable=SC2086 # an option and its value
	"$weirc" trustlist $bad -o x.raw > out.txt 2> out.err
	if [ $? -eq 2 ] && [ -s out.err ]; then ok "$bad is wrong usage"
	else not_ok "$bad is wrong usage" "$(cat out.txt out.err)"; fi
done

# every bit says something, or is refused
bad=
at=0
size=$(stat -c %s all.raw)
certs=$((32 + 48 * 10))
while [ $at -lt $certs ]; do
	cp all.raw t.raw
	byte=$(dd if=all.raw bs=1 skip=$at count=1 2> /dev/null | od -An -tu1)
	"$craft" poke t.raw $at "$(printf %02x $((byte ^ 1 << at % 8)))"
	"$weirc" trustlist t.raw > t.txt 2> t.err
	status=$?
	{ [ $status -eq 1 ] && [ -s t.err ]; } || { [ $status -eq 0 ] && ! cmp -s t.txt all.txt; } ||
		bad="$bad $at"
	at=$((at + 1))
done
if [ -z "$bad" ]; then ok "each byte of header and entries says something, or is refused"
else not_ok "each byte of header and entries says something, or is refused" "$bad"; fi
bad=
at=0
while [ $at -lt "$size" ]; do
	head -c $at all.raw > t.raw
	"$weirc" trustlist t.raw > t.txt 2> t.err && bad="$bad $at"
	[ -s t.err ] || bad="$bad $at"
	at=$((at + 13))
done
if [ -z "$bad" ]; then ok "a list that was cut is refused"
else not_ok "a list that was cut is refused" "$bad"; fi
{ cat all.raw; printf x; } > t.raw
fails "a byte more is refused" "size" "$weirc" trustlist t.raw
"$weirc" trustlist --below 7:4 --below 8:4 -o t.raw
dd if=t.raw of=a bs=1 skip=32 count=48 2> /dev/null
dd if=t.raw of=b bs=1 skip=80 count=48 2> /dev/null
{ head -c 32 t.raw; cat b a; } > u.raw
fails "entries out of order are refused" "misplaced" "$weirc" trustlist u.raw
{ head -c 32 t.raw; cat a a; } > u.raw
fails "an entry twice is refused" "misplaced" "$weirc" trustlist u.raw

# signing, and what is not a list
cp all.raw s.list
passes "weirc sign signs a list" "$weirc" sign --key good.key --cert good.crt s.list
passes "and adds a second signer" "$weirc" sign --add --key second.key --cert second.crt s.list
fresh
passes "which both count" take --signers 2 s.list
fails "a list is no content" "not a channel file" "$weirc" dump s.list
refuses "nor does check take it" MAGIC check s.list
refuses "content is no list" LIST_MAGIC take 3.weir

# what takes one's place
fresh
passes "without a list there is nothing to show" take
list 1.list --below 7:4
passes "the first list is taken" take 1.list
passes "and shown" sh -c "'$weirctl' trust --offline --state state | grep -q 'channel 7: below version 4'"
passes "once more is no error" take 1.list
list other.list --below 7:3
refuses "another list of that version is refused" OLD_VERSION take other.list
list 2.list --base 1.list --withdraw 7:5
passes "one that goes on from it is taken" take 2.list
refuses "the one before is not taken again" OLD_VERSION take 1.list
list 3.list --version 3 --below 7:4
refuses "one that leaves something out is refused" LIST_SHRUNK take 3.list
list 3.list --version 3 --below 7:5 --withdraw 7:5
refuses "one that says something else instead, too" LIST_SHRUNK take 3.list
list 3.list --base 2.list --introduce third.crt
passes "one that introduces a key is taken" take 3.list
list 4.list --version 4 --below 7:4 --withdraw 7:5
refuses "a certificate cannot be taken back" LIST_SHRUNK take 4.list
list 4.list --version 4 --below 7:4 --withdraw 7:5 --introduce stranger.crt --introduce third.crt
refuses "nor moved behind another one" LIST_SHRUNK take 4.list
"$weirc" trustlist --base 3.list -o 4.raw
refuses "one that nobody signed is refused" NO_SIGNATURE take 4.raw
good_sign 4.raw 4.list stranger
refuses "one that a stranger signed is refused" SIGNER take 4.list
good_sign 4.raw 4.list third
passes "one that the new signer signed is taken" take 4.list

# damage on the way: whatever is changed, the list is refused or it is the same one
fresh
cp 1.list whole.list
size=$(stat -c %s 1.list)
end=$((size - 40))
bad=
at=0
while [ $at -lt $end ]; do
	cp whole.list t.list
	byte=$(dd if=whole.list bs=1 skip=$at count=1 2> /dev/null | od -An -tu1)
	"$craft" poke t.list $at "$(printf %02x $((byte ^ 1)))"
	take t.list > t.txt 2>&1 && { [ $at -ge 80 ] || bad="$bad $at"; rm -rf state; mkdir state; }
	[ ! -e state/lists ] || bad="$bad $at(kept)"
	at=$((at + (at < 80 ? 1 : 9)))
done
if [ -z "$bad" ]; then ok "no byte of a signed list can be changed"
else not_ok "no byte of a signed list can be changed" "$bad"; fi
bad=
at=0
while [ $at -lt "$size" ]; do
	head -c $at whole.list > t.list
	take t.list > t.txt 2>&1 && bad="$bad $at"
	at=$((at + 17))
done
if [ -z "$bad" ] && [ ! -e state/lists ]; then ok "a signed list that was cut is refused"
else not_ok "a signed list that was cut is refused" "$bad"; fi

# what content it lets through
fresh
passes "without a list every version passes" check 3.weir
list 1.list --below 7:4
take 1.list > log 2>&1
refuses "a version below is refused" REVOKED check 3.weir
says "the refusal says which may run" "below version 4 of channel 7; this is 3"
passes "the version itself passes" check 4.weir
list 2.list --base 1.list --withdraw 7:4
take 2.list > log 2>&1
refuses "a version that was withdrawn is refused" REVOKED check 4.weir
says "the refusal says so" "trust list 2 withdraws version 4 of channel 7"
passes "the next one passes" check 5.weir
list 3.list --base 2.list --deny 5.weir
take 3.list > log 2>&1
refuses "content that is named is refused" REVOKED check 5.weir
refuses "whoever signed it" REVOKED check second.5.weir
fresh
list 1.list --revoke second.crt
take 1.list > log 2>&1
refuses "what a revoked key signed is refused" REVOKED check second.5.weir
says "the refusal names the signer" "revokes the key of CN = TEST second"
passes "what others signed passes" check 5.weir
passes "also if a revoked key signed as well" check two.weir
refuses "which does not count as one of two" SIGNERS check --signers 3 two.weir
list 2.list --base 1.list --signers 7:2
take 2.list > log 2>&1
refuses "nor does it for the list" REVOKED check two.weir

# how many, and who
fresh
list 1.list --signers 7:2
take 1.list > log 2>&1
refuses "one signer where the list asks for two is refused" SIGNERS check 5.weir
says "the refusal says how many" "asks for 2 distinct signers; of those that it allows, 1 signed"
passes "two pass" check two.weir
"$craft" make channel=8 > content.8
good_sign content.8 8.weir
passes "another channel needs one" check 8.weir
list 2.list --base 1.list
refuses "a list needs as many as the channel that needs most" SIGNERS take 2.list
two 2.list --base 1.list --signers all:2
passes "with two it is taken" take 2.list
refuses "and asks for two everywhere" SIGNERS check 8.weir
fresh
list 1.list --signer 7:second.crt
take 1.list > log 2>&1
refuses "where signers are named, others do not count" SIGNERS check 5.weir
passes "the one that is named does" check second.5.weir
passes "channels of which the list says nothing are open to all" check 8.weir
list 2.list --base 1.list --signer lists:second.crt
passes "signers of lists can be named, too" take 2.list
list 3.list --base 2.list
refuses "then others cannot sign one" SIGNERS take 3.list
"$weirc" trustlist --base 2.list -o 3.raw
good_sign 3.raw 3.list second
passes "and those can" take 3.list
echo "signers 2 channel 8" > trust/policy
refuses "the policy of the trust folder can ask for more of a channel" SIGNERS check 8.weir
says "and says so" "the policy asks for 2 for channel 8"
passes "which leaves others alone" check second.5.weir
for bad in "signers 2 channel" "signers 2 channel 0" "signers 17 channel 3" "signers 2 channel 3 4"; do
	echo "$bad" > trust/policy
	refuses "\"$bad\" is a typing error" TRUST check second.5.weir
done
rm trust/policy

# rotation: two signers hand over to a third, and one of them leaves
fresh
two 1.list --signers all:2
take 1.list > log 2>&1
refuses "before it is introduced, a key is a stranger's" SIGNERS check new.weir
list 2.list --base 1.list --introduce third.crt
refuses "one signer alone cannot introduce another" SIGNERS take 2.list
two 2.list --base 1.list --introduce third.crt
passes "two can" take 2.list
passes "then it signs content, with one of them" check new.weir
"$weirc" trustlist --base 2.list --revoke good.crt -o 3.raw
raw_sign 3.raw 3.list -noattr -md sha256 -signer second.crt -inkey second.key -signer third.crt \
	-inkey third.key
passes "and a list that revokes the other" take 3.list
refuses "whose content is then refused" REVOKED check two.weir
passes "that of the new pair passes" check new.weir
two 4.list --base 3.list
refuses "a revoked key does not count for a list" REVOKED take 4.list
refuses "nor is an older list taken" OLD_VERSION take 2.list

# the last one
fresh
list 1.list --signers all:3
take 1.list > log 2>&1
if grep -q "warning: .*make sure that there are others" log; then ok "a list that may be the last is warned of"
else not_ok "a list that may be the last is warned of" "$(cat log)"; fi

# on disk
fresh
passes "a state folder is made with all that is above it" "$weirctl" trust --offline --trust trust \
	--state new/state 2.list
fresh
two 1.list --below 7:4
two 2.list --base 1.list --withdraw 7:4
take 1.list > log 2>&1
take 2.list > log 2>&1
set -- state/lists/*.list
if [ $# -eq 2 ]; then ok "all lists are kept, for a kernel that has none"
else not_ok "all lists are kept, for a kernel that has none" "$*"; fi
kept=$2
cp "$kept" saved
for at in 0 40 90 200; do
	cp saved "$kept"
	"$craft" poke "$kept" $at 37
	cmp -s saved "$kept" && "$craft" poke "$kept" $at 38
	refuses "a list on disk with byte $at changed is damaged" LIST check 5.weir
done
says "the refusal names the file" "lists/0*2-"
: > "$kept"
refuses "an empty one is damaged" LIST check 5.weir
cp 1.list "$kept"
refuses "another one under its name is damaged" LIST check 5.weir
refuses "no list is taken on top of a damaged one" LIST take 2.list
mv saved "$kept"
passes "as it was it is good" check 5.weir
chmod o+w state/lists
refuses "a folder that anybody may write to is refused" STATE check 5.weir
