#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# weirctl against the running kernel: the whole way of a channel file, and each turn it can take.
# Prints KTAP; needs the module to be inserted, and unloads what it loads.
#
# Functions are called through claim, which shellcheck does not follow.
# shellcheck disable=SC2317
channel=7200
work=/tmp/weirctl_test
state=$work/state
floor=$state/channel-$channel.floor
made=20
stranger=/keys/TEST-STRANGER
mkdir -p "$work/stranger" "$work/both" || exit 1
cd "$work" || exit 1
. "${0%/*}/claim.sh"
cp $stranger.crt stranger/
cp $stranger.crt "$key".crt both/

load() {
	ctl load --state "$state" "$@"
}

# refused CODE STEP COMMAND...: exit status 1, and that code at that step
refused() {
	code=$1
	step=$2
	shift 2
	"$@" --json
	[ $? = 1 ] && grep -q "\"code\": \"$code\"" "$out" && grep -q "\"step\": \"$step\"" "$out"
}

# version SLOT: what a slot of the channel holds, 0 if nothing
version() {
	weirctl status --json >status.json || return 1
	awk -v channel="$channel" -v slot="\"$1\":" '
		$1 == "\"channel\":" { here = ($2 + 0 == channel) }
		here && $1 == slot { want = ($2 == "{"); if (!want) print 0 }
		here && want && $1 == "\"version\":" { print $2 + 0; want = 0 }' status.json
}

holds() {
	[ "$(version "$1")" = "$2" ]
}

marked_rule weirctl-test-marker "Program of the loader's test" high
cat >>rule.yml <<'YML'
weir:
    samples:
        - event: {CommandLine: echo weirctl-test-marker}
          match: true
        - event: {CommandLine: echo something else}
          match: false
YML
sed -e '/^weir:/,$d' rule.yml >plain.yml
cat >events.jsonl <<'JSON'
{"type": "process_creation", "fields": {"Image": "/bin/ls", "ProcessId": 7}}
{"type": "process_creation", "fields": {"CommandLine": "x WEIRCTL-test-MARKER y"}}

{"type": "ipc", "fields": {"Operation": "connect", "ProcessId": 7, "Abstract": true}}
{"type": "process_creation", "fields": {"CommandLine": "weirctl-test-marker", "Nice": -5}}
JSON
echo '{"type": "process_creation", "fields": {"NoSuchField": 1}}' >bad.jsonl

# What looks for the mark does not carry it: it would be detected itself.
found='weirctl-test-[m]arker'

marked() {
	sh -c ': weirctl-test-marker'
}

detected() {
	ctl events --json
	marked
	ctl events --json --count 1 --timeout 20 && says '"title":"Program of the loader' &&
		says '"level":"high"' && says "\"CommandLine\":\"sh -c : $found\"" && says '"type":"process_creation"'
}

detected_text() {
	marked
	sleep 1
	ctl events && says '^TIME  *LEVEL  *OUTCOME  *RULE  *PROCESS  *PARENT  *COMMAND LINE$' &&
		says "  high  *alert  *Program of the loader.s test  .*  sh -c : $found$"
}

same_replay() {
	weirc replay 5.weir events.jsonl >user && ctl replay "$channel" events.jsonl && cmp user "$out" &&
		grep -q 3f1c0c0e user
}

# Killed at any time: one version or the other is active, and the floor is not above it.
killed() {
	old=$(version active)
	for delay in 0 0.01 0.02 0.04 0.06 0.09 0.13 0.2; do
		made=$((made + 1))
		make "$made" || return 1
		weirctl load --state "$state" "$made.weir" >/dev/null 2>&1 &
		sleep "$delay"
		kill -9 $! 2>/dev/null
		wait $! 2>/dev/null
		now=$(version active)
		echo "after $delay s: $now of $old, $made"
		[ "$now" = "$old" ] || [ "$now" = "$made" ] || return 1
		[ "$(cut -d' ' -f4 "$floor")" -le "$now" ] || return 1
		old=$now
	done
}

# takes_up FILE: what is active already, but has no floor on disk
takes_up() {
	rm "$floor" && load "$1" && grep -q "^weir-floor 1 $channel 5 " "$floor"
}

counts_fields() {
	ctl schema && says '^process_creation (id 1): [0-9]* of 33 fields provided'
}

schema_compiles() {
	weirctl schema --json >live.json &&
		weirc compile --schema live.json --channel "$channel" --version 1 -o live.raw plain.yml
}

# both VERSION FIRST SECOND: a file that two signed
both() {
	weirc compile --channel "$channel" --version "$1" -o two.weir rule.yml &&
		weirc sign --key "$2.key" --cert "$2.crt" two.weir &&
		weirc sign --add --key "$3.key" --cert "$3.crt" two.weir &&
		ctl check --state "$state" --trust both --signers 2 two.weir && ctl submit two.weir
}

names_are_there() {
	weirctl status --json | grep -q '"names": 2'
}

bad_event() {
	! ctl replay "$channel" bad.jsonl && says NoSuchField && says bad.jsonl:1
}

# mode_is MODE FAIL_CLOSED: what status says of the channel
mode_is() {
	weirctl status --json >status.json || return 1
	awk -v channel="$channel" '
		$1 == "\"channel\":" { here = ($2 + 0 == channel) }
		here && $1 == "\"mode\":" { mode = $2 }
		here && $1 == "\"fail_closed\":" { print mode $2 }' status.json >modes
	grep -qxF "\"$1\",$2," modes
}

enforces() {
	ctl mode "$channel" enforce "$@" && mode_is enforce "$([ "$#" = 0 ] && echo false || echo true)"
}

audits() {
	ctl mode "$channel" audit && mode_is audit false
}

# What the kernel says of armed types and hooks, and only of those.
status_hooks() {
	ctl status && says '^process_creation  .* CommandLine' && ! says '^ipc ' &&
		says '^security_bprm_creds_from_file  *process_creation' && ! says '^security_unix' &&
		ctl status --json && says '"name": "security_unix_stream_connect"' && says '"by_use": true'
}

exempts() {
	cp /usr/bin/busybox "$work/exempt" && ctl exempt "$work/exempt" /usr/bin/busybox &&
		says "^$work/exempt  device .* inode [0-9]*$" && ctl exempt --json &&
		says "\"path\": \"$work/exempt\"" && says "\"inode\": $(stat -c %i "$work/exempt")" &&
		! says '"current": false'
}

exempts_the_file() {
	cp /usr/bin/busybox "$work/newer" && mv "$work/newer" "$work/exempt" && ctl exempt &&
		says "^$work/exempt .* leads to another file now" && ctl exempt --json && says '"current": false'
}

refuses_exempt() {
	ctl exempt >before && cp "$out" before && refused EXEMPT device ctl exempt /usr/bin/busybox /no/such/file &&
		says '"file": "/no/such/file"' && refused EXEMPT device ctl exempt /tmp &&
		refused EXEMPT device ctl exempt busybox && ctl exempt && cmp before "$out"
}

exempts_none() {
	ctl exempt --none && says "no executable is exempt" && ctl exempt --json && says '"exempt": \[\]'
}

other_user() {
	! su nobody -s /bin/sh -c "weirctl status" >"$out" 2>&1 && says "needs root"
}

not_active() {
	[ "$(version active)" = 0 ] || [ -z "$(version active)" ]
}

echo "KTAP version 1"
echo "1..55"
claim "status answers" ctl status
claim "schema counts what is provided" counts_fields
claim "its JSON is a schema for the compiler" schema_compiles
make 4 && make 5 && make 6 && make 7 $stranger || exit 1
claim "check passes against the live schema" ctl check --state "$state" 5.weir
claim "check submits nothing" holds candidate ""
claim "load makes the content active" load 5.weir
claim "status shows the version" holds active 5
claim "the floor is on disk" grep -q "^weir-floor 1 $channel 5 " "$floor"
claim "a load that was stopped before it raised the floor is taken up" takes_up 5.weir
claim "user names went along" names_are_there
claim "the same version again: the kernel has seen it" refused OLD_VERSION submit load 5.weir
claim "an older version: the disk has seen it" refused OLD_VERSION version load 4.weir
claim "an older version, another state folder: the kernel has seen it" \
	refused OLD_VERSION submit ctl load --state "$work/other" 4.weir
claim "an unknown signer: the loader does not know it" refused SIGNER signature load 7.weir
claim "an unknown signer, trusted here: the kernel does not know it" \
	refused SIGNER submit load --trust stranger 7.weir
claim "past the loader: the same" refused SIGNER submit ctl submit 7.weir
weirc compile --channel "$channel" --version 8 -o 8.raw rule.yml || exit 1
claim "no signature: the loader refuses" refused NO_SIGNATURE trailer load 8.raw
claim "no signature, past the loader: the kernel refuses" refused NO_SIGNATURE submit ctl submit 8.raw
: >empty
claim "an empty file: the loader refuses" refused EMPTY file load empty
claim "an empty file, past the loader: the kernel refuses" refused SHORT submit ctl submit empty
{ head -c 500 6.weir; printf X; tail -c +502 6.weir; } >bent.weir
claim "a changed byte: the loader refuses" refused SIGNATURE signature load bent.weir
claim "a changed byte, past the loader: the kernel refuses" refused SIGNATURE submit ctl submit bent.weir
claim "after all these nothing has changed" holds active 5
claim "a detection as JSON, with all fields" detected
claim "a detection as a line of the table" detected_text
claim "waiting for a record that does not come ends with 1" refused TIMEOUT device \
	ctl events --count 1 --timeout 1
claim "replay in the kernel prints what weirc replay prints" same_replay
claim "a bad event names line and field" bad_event
claim "replay of an unknown channel is refused" refused CHANNEL device ctl replay 9 events.jsonl
claim "replay of a candidate that is not there is refused" refused CHANNEL device \
	ctl replay --candidate "$channel" events.jsonl
claim "audit mode can be set" ctl mode "$channel" audit
claim "enforce mode can be set" enforces
claim "and fail-closed, and status shows it" enforces --fail-closed
claim "setting it again without takes fail-closed away" enforces
claim "status shows what is captured, and all hooks in its JSON" status_hooks
claim "executables can be exempt" exempts
claim "a file that takes the name is not, and that is shown" exempts_the_file
claim "a list with a bad path is refused by that path and changes nothing" refuses_exempt
claim "the list can be emptied" exempts_none
claim "a file past the loader becomes candidate" ctl submit 6.weir
claim "it is there" holds candidate 6
claim "and is not active" holds active 5
claim "the candidate can be replayed" ctl replay --candidate "$channel" events.jsonl
claim "load takes up a candidate that is this file" load 6.weir
claim "and makes it active" holds active 6
claim "a new version is enforced as the old one was" mode_is enforce false
claim "and audit mode comes back" audits
claim "names can be given alone" ctl names
claim "two signers, the second one is the kernel's" both 9 $stranger "$key"
claim "two signers, the first one is the kernel's" both 10 "$key" $stranger
claim "others than root are told so" other_user
claim "a loader killed at any time leaves the old or the new" killed
claim "unload drops the content" ctl unload "$channel"
claim "nothing is active any more" not_active
claim "the floor stays" test -s "$floor"
rm -rf "$work"
exit "$failed"
