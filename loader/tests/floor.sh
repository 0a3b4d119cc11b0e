#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Version floors: what they let through, and that no kill leaves one between two values.
. "$(dirname "$0")/lib.sh"

raise=$BIN/loader/tests/raise
mkdir trust state
pair good 3072
cp good.crt trust/
for v in 4 5 6; do
	"$craft" make version=$v > content.$v || exit 1
	good_sign content.$v $v.weir
done
"$craft" make version=5 title="other content" > other.5 || exit 1
good_sign other.5 other.weir
floor=state/channel-291.floor
digest() { sha256sum "$1" | cut -d' ' -f1; }

passes "without a floor any version passes" check 4.weir
if [ -e $floor ]; then not_ok "check leaves no floor"; else ok "check leaves no floor"; fi
passes "a floor is raised" "$raise" state 291 5 "$(digest content.5)"
refuses "an older version is refused" OLD_VERSION check 4.weir
says "the refusal names both versions" "version 4 is older than version 5"
passes "the version at the floor passes again" check 5.weir
refuses "other content under that version is refused" SAME_VERSION check other.weir
passes "a newer version passes" check 6.weir
passes "raising to an older version is no error" "$raise" state 291 3 "$(digest content.4)"
refuses "and changes nothing" OLD_VERSION check 4.weir
"$craft" make version=1 channel=7 > content.7
good_sign content.7 7.weir
passes "another channel has a floor of its own" check 7.weir

# damage
cp $floor saved
for at in 0 11 13 17 19 40 83 90 148; do
	cp saved $floor
	"$craft" poke $floor $at 37
	cmp -s saved $floor && "$craft" poke $floor $at 38
	refuses "a floor with byte $at changed is damaged" FLOOR check 6.weir
done
says "the refusal names the file" "channel-291.floor"
head -c 20 saved > $floor
refuses "a floor that was cut is damaged" FLOOR check 6.weir
: > $floor
refuses "an empty floor is damaged" FLOOR check 6.weir
{ cat saved; echo; } > $floor
refuses "a floor with a byte more is damaged" FLOOR check 6.weir
rm $floor
mkdir $floor
refuses "a folder in its place is an error" IO check 6.weir
rmdir $floor
sed 's/ 291 / 292 /' saved > $floor
refuses "another channel's line is damaged" FLOOR check 6.weir
mv saved $floor
passes "the floor as it was is good" check 6.weir

# kill -9 at each system call that writes, one after the other
preload=$(disk "$raise")
now=5
step=1
while [ $step -le 40 ]; do
	next=$((now + 1))
	LD_PRELOAD=$preload KILLAT=$step "$raise" state 291 $next \
		"$(digest content.5)" > kill.log 2>&1
	status=$?
	have=$("$raise" state 291) || { not_ok "killed at call $step: the floor is readable" "$have"; break; }
	if [ "$have" != "$now" ] && [ "$have" != "$next" ]; then
		not_ok "killed at call $step: old or new" "$have"
		break
	fi
	now=$have
	[ $status -eq 0 ] && break
	[ $status -eq 137 ] || { not_ok "killed at call $step" "status $status" "$(cat kill.log)"; break; }
	step=$((step + 1))
done
if [ $step -gt 5 ] && [ $step -le 40 ] && [ "$now" -gt 5 ]; then
	ok "a kill at each of $((step - 1)) calls leaves the old or the new floor"
else
	not_ok "a kill at each call leaves the old or the new floor" "stopped at call $step, floor $now"
fi

passes "a state folder is made with all that is above it" "$raise" new/state/folder 291 1 \
	"$(digest content.5)"
passes "and holds the floor" test -s new/state/folder/channel-291.floor

# two at once
passes "the lock is made" env LOCK=1 "$raise" state 291
passes "nobody but its owner can open the lock" test "$(stat -c %a state/lock)" = 600
( flock 9 && exec sleep 600 ) 9< state/lock &
holder=$!
sleep 0.3
if LOCK=1 "$raise" state 291 > lock.log 2>&1; then not_ok "a second loader is kept away" "$(cat lock.log)"
else ok "a second loader is kept away"; fi
kill $holder
wait
passes "and let in afterwards" env LOCK=1 "$raise" state 291
( flock 9 && sleep 2 ) 9< state &
sleep 0.3
passes "who can only read the folder keeps nobody away" env LOCK=1 "$raise" state 291
wait
chmod o+w state
refuses "a folder that anybody may write to is refused" STATE check 6.weir
says "the refusal says what to do" "chmod o-w"
chmod o-w state
refuses "and read once that is mended" OLD_VERSION check 6.weir
