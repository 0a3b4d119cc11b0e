#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Records as text and as JSON, and bytes that are no records.
. "$(dirname "$0")/lib.sh"

records=$BIN/loader/tests/records
export TZ=UTC

cat > make.py <<'PY'
import struct, sys
TITLE = 0xffff
def field(number, kind, data):
    return struct.pack("<HHI", number, kind, len(data)) + data + bytes(-len(data) % 8)
def number(n, kind, value):
    return field(n, kind, struct.pack("<Q", value))
def record(kind, fields, nfields=None, size=None, instance=0, where=0xffffffff, version=5, type_=1,
           lost=0, flags=0, verdict=1):
    body = b"".join(fields)
    head = struct.pack("<IHHQQQQIIIIII16sQII", size or 96 + len(body), kind,
                       len(fields) if nfields is None else nfields, 7, 1000, 1721362140123456789,
                       version, 287, type_, instance, where, verdict, 4, bytes(range(16, 32)), lost, 42,
                       flags)
    assert len(head) == 96
    return head + body
match = [field(TITLE, 1, b"Odd \x1b[31mtitle"), field(0, 1, b"/usr/bin/curl"),
         field(1, 1, b"curl \xff\n http://x"), field(3, 1, b"/bin/bash"), number(5, 2, 42),
         number(27, 3, 2**63 - 5), number(25, 5, 1)]
ipc = [field(TITLE, 1, b"t"), number(0, 6, 1), number(1, 6, 3), number(8, 6, 63)]
net = [field(TITLE, 1, b"t"), field(2, 4, bytes([192, 0, 2, 1])), field(5, 4, bytes(15) + b"\1")]
good = {
    "match": record(1, match), "cut": record(1, match, flags=1), "ipc": record(1, ipc, type_=4),
    "net": record(1, net, type_=3), "trip": record(2, [], where=20, type_=4),
    "lost": record(3, [], lost=9, instance=0xffffffff), "new": record(4, []),
    "stored": record(4, [], instance=0xffffffff, type_=0xffffffff),
    "large": record(1, [field(TITLE, 1, b"t"), number(11, 2, 2**64 - 1)]),
    "wide": record(1, [field(TITLE, 1, b"t"), field(1, 1, "\u009b31m \u202e \u00e4".encode())]),
    "denied": record(1, match, flags=2 + 1, verdict=2), "killed": record(1, match, flags=6, verdict=3),
    "killedonly": record(1, match, flags=4, verdict=3), "exempt": record(1, match, flags=8, verdict=3),
    "wouldkill": record(1, match, flags=16, verdict=3), "woulddeny": record(1, match, flags=16, verdict=2),
    "unapplied": record(1, match, flags=32, verdict=2),
    "silent": record(5, [], instance=0xffffffff, type_=4),
    "failed": record(6, [], instance=0xffffffff, type_=4, flags=2, verdict=2),
    "unread": record(6, [], instance=0xffffffff, where=20, type_=4, flags=2, verdict=2),
    "gone": record(4, [], version=0), "alien": record(1, match, type_=999), "kind": record(77, []),
}
good["two"] = good["match"] + good["lost"]
later = good["match"][:16] + struct.pack("<Q", 2000) + good["match"][24:]
good["events"] = good["match"] + good["match"] + good["trip"] + good["lost"] + later + good["alien"]
bad = {
    "short": good["match"][:100], "size": record(1, [], size=64), "odd": record(1, [], size=97),
    "past": record(1, [], size=4096), "fields": record(1, [], nfields=1),
    "bytes": record(1, [struct.pack("<HHI", 0, 1, 4096)]),
    "wrap": record(1, [struct.pack("<HHI", 0, 1, 0xffffffff)]),
    "number": record(1, [field(5, 2, b"1234")]), "many": record(1, match[1:2] * 70),
    "tail": good["match"] + b"\0" * 8,
}
for name, data in {**good, **{"bad-" + k: v for k, v in bad.items()}}.items():
    open(name, "wb").write(data)
PY
python3 make.py || exit 1

line() {
	"$records" text < "$1" > out.txt 2> out.err || { not_ok "$2" "$(cat out.err)"; return; }
	if grep -q -- "$3" out.txt; then ok "$2"; else not_ok "$2" "$(cat -v out.txt)"; fi
}
object() {
	"$records" json < "$1" > out.json 2> out.err || { not_ok "$2" "$(cat out.err)"; return; }
	if jq -e "$3" out.json > jq.out 2>&1; then ok "$2"; else not_ok "$2" "$(cat out.json jq.out)"; fi
}

line match "a match is one line in the order of the heading" \
	'^2024-07-19 04:09:00.123  high  *alert  *Odd .*  /usr/bin/curl  */bin/bash  *curl '
line match "escape sequences of a title are escaped" 'Odd \\x1b\[31mtitle'
line match "other bytes of a command line are escaped" 'curl \\xff\\x0a http://x'
line denied "a denial is told" '  high  *denied  *Odd'
line killed "a kill is told" '  high  *killed  *Odd'
line exempt "an exempt task is told" '  high  *exempt  *Odd'
line wouldkill "what would have been killed is told" '  high  *would-kill  *Odd'
line woulddeny "what would have been denied is told" '  high  *would-deny  *Odd'
line unapplied "what could not be applied is told" '  high  *unapplied  *Odd'
line failed "a denial for want of a sound evaluation is told" \
	'channel 287 version 5, process 42, type ipc; fail-closed: denied'
line unread "a denial for want of a field names it" \
	'ipc.TargetImage could not be read: channel 287 version 5, process 42, .*fail-closed: denied'
line silent "hooks that do not fire are an alarm" 'ALARM: hooks of ipc'
line trip "a trip names channel, instance and field" \
	'channel 287 version 5, instance 0 10111213-.*, field ipc.TargetImage'
line lost "losses are told" '9 records were lost'
line stored "an activation is told" 'channel 287: .*version 5'
line gone "an unload is told" 'channel 287: no content'
line kind "an unknown kind of record is shown as such" 'unknown kind 77'
line alien "a type that is not known has no columns" 'high'

object match "a match as JSON" '.kind == "match" and .uuid == "10111213-1415-1617-1819-1a1b1c1d1e1f"
	and .level == "high" and .verdict == "alert" and .type == "process_creation" and .pid == 42
	and .channel == 287 and .version == 5 and .seq == 7
	and .time == "2024-07-19T04:09:00.123456789Z"'
object match "its fields by name and kind" '.fields == {"Image": "/usr/bin/curl",
	"CommandLine": "curl \\xff\\x0a http://x", "ParentImage": "/bin/bash", "ProcessId": 42,
	"Nice": -5, "SetId": true}'
object match "what is not UTF-8 is listed" '.escaped == ["CommandLine"]'
object match "and nothing else is" '.truncated == false'
object match "nothing came of an alert but the record" \
	'.outcome == "alert" and .denied == false and .killed == false'
object denied "a denial as JSON" '.outcome == "denied" and .denied and (.killed | not) and .truncated'
object killed "a kill as JSON" '.outcome == "killed" and .denied and .killed'
object killedonly "a kill too late to deny as JSON" '.outcome == "killed" and .killed and (.denied | not)'
object exempt "an exempt task as JSON" '.outcome == "exempt" and (.denied or .killed | not)'
object wouldkill "an audited kill as JSON" '.outcome == "would-kill" and (.denied or .killed | not)'
object unapplied "what could not be applied as JSON" '.outcome == "unapplied" and (.denied | not)'
object failed "a failed evaluation as JSON" '.kind == "failed" and .outcome == "denied" and .denied
	and .channel == 287 and .version == 5 and .type == "ipc" and .pid == 42 and (has("instance") | not)'
object unread "a field that could not be read as JSON" '.kind == "failed" and .field == "TargetImage"'
object failed "and none where it was something else" 'has("field") | not'
object silent "hooks that do not fire as JSON" '.kind == "silent" and .type == 4'
object trip "a trip has no outcome" 'has("outcome") | not'
object cut "a cut field is told" '.truncated == true'
object large "a number above 2^63-1 is a string" '.fields.LogonId == "18446744073709551615"'
object ipc "enum values by name, unknown ones by number" '.fields ==
	{"Operation": "send", "IpcType": "fifo", "Access": 63}'
object net "addresses as text" '.fields == {"SourceIp": "192.0.2.1", "DestinationIp": "::1"}'
object trip "a trip as JSON" '.kind == "trip" and .field == "TargetImage" and .type == "ipc"'
object lost "losses as JSON" '.kind == "lost" and .lost == 9'
object stored "a change of the store as JSON" '.kind == "store" and .version == 5'
object alien "fields of an unknown type by number" '.type == 999 and .fields["0"] == "/usr/bin/curl"'
object wide "characters beyond ASCII as JSON" '.fields.CommandLine == "\u009b31m \u202e \u00e4"'
"$records" json < wide > out.json
if LC_ALL=C grep -q '[^ -~]' out.json; then not_ok "none of them goes to the terminal" "$(cat -v out.json)"
else ok "none of them goes to the terminal"; fi
"$records" json < two > out.json
if [ "$(wc -l < out.json)" -eq 2 ]; then ok "one line a record"; else not_ok "one line a record"; fi

# What weirctl profile makes of records.
if "$records" profile.json < events 2> out.err && jq -e '.types.process_creation |
	.events == 2 and (.fields.Image | length > 20) and .fields.ProcessId == [[42, 1000000]] and
	.fields.Nice == [[-5, 1000000]] and (.fields | has("User") | not)' profile.json > jq.out; then
	ok "the profile of an event counts it once, whatever matched it"
else
	not_ok "the profile of an event counts it once, whatever matched it" "$(cat out.err profile.json)"
fi
"$records" none.json < lost > out.txt 2> out.err
if [ $? -eq 1 ] && [ ! -e none.json ] && grep -q "no event was counted" out.err; then
	ok "records that are about no event make no profile"
else
	not_ok "records that are about no event make no profile" "$(cat out.err)"
fi

for f in bad-*; do
	"$records" json < "$f" > out.json 2> out.err
	got=$?
	if [ $got -eq 1 ] && tail -n 12 out.json | grep -q '"code": "RECORD"'; then
		ok "bytes that are no record: ${f#bad-}"
	else
		not_ok "bytes that are no record: ${f#bad-}" "exit $got" "$(cat out.json out.err)"
	fi
done
