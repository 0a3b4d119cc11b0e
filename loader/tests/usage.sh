#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Usage text, command table and manual page agree; wrong usage is exit code 2; symbols keep to
# their prefix.
. "$(dirname "$0")/lib.sh"

docs=$tests/../../Documentation

# The commands as a program's --help lists them, and as its manual page does.
help_commands() { "$1" --help | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p' | sort; }
man_commands() { sed -n '/^\.SH COMMANDS/,/^\.SH OPTIONS/s/^\.SS \([a-z]*\).*/\1/p' "$1" | sort; }

# The options of a command, likewise.
options() { sed 's/\\-/-/g' | grep -o -e '--[a-z][a-z-]*' | sort -u | tr '\n' ' '; }
help_options() { { "$1" "$2" --help | grep '^  -' | cut -c1-25; echo --help; } | options; }
man_options() {
	sed -n "/^\.SS $2\( \|\$\)/,/^\.S[SH] /p" "$1" | sed '1d;$d' | sed -n '/^Options:/,$p' | options
}

agree() {
	program=$1
	page=$2
	help_commands "$program" > a
	man_commands "$page" > b
	if [ -s a ] && cmp -s a b; then ok "${program##*/}: usage and manual page list the same commands"
	else not_ok "${program##*/}: usage and manual page list the same commands" "$(diff a b)"; fi
	for c in $(help_commands "$program"); do
		a=$(help_options "$program" "$c")
		b=$(man_options "$page" "$c")
		if [ -n "$a" ] && [ "$a" = "$b" ]; then ok "${program##*/} $c: the same options"
		else not_ok "${program##*/} $c: the same options" "usage: $a" "manual: $b"; fi
		# The table knows the command: it takes --help, and refuses an option nobody has.
		"$program" "$c" --no-such-option > out.txt 2> out.err
		if [ $? -eq 2 ] && [ ! -s out.txt ] && grep -q "no-such-option" out.err; then
			ok "${program##*/} $c: an unknown option is wrong usage"
		else
			not_ok "${program##*/} $c: an unknown option is wrong usage" "$(cat out.txt out.err)"
		fi
		"$program" "$c" --json --no-such-option > out.txt 2> out.err
		if [ $? -eq 2 ] && grep -q '"error"' out.txt && [ ! -s out.err ]; then
			ok "${program##*/} $c: and in JSON if asked for"
		else
			not_ok "${program##*/} $c: and in JSON if asked for" "$(cat out.txt out.err)"
		fi
	done
}

agree "$weirctl" "$docs/weirctl.8"
agree "$weirc" "$docs/weirc.1"

usage() {
	name=$1
	shift
	"$@" > out.txt 2> out.err
	if [ $? -eq 2 ] && [ ! -s out.txt ] && [ -s out.err ]; then ok "$name"
	else not_ok "$name" "$(cat out.txt out.err)"; fi
}
usage "an unknown command is wrong usage" "$weirctl" frobnicate
usage "a missing argument is wrong usage" "$weirctl" load
usage "one argument too many is wrong usage" "$weirctl" check a b
usage "a channel that is no number is wrong usage" "$weirctl" unload ipc
usage "channel 0 is wrong usage" "$weirctl" unload 0
usage "an unknown mode is wrong usage" "$weirctl" mode 291 maybe
usage "--fail-closed does not go with audit" "$weirctl" mode 291 audit --fail-closed
usage "--none does not go with paths" "$weirctl" exempt --none /bin/true
usage "an option that is not this command's is wrong usage" "$weirctl" load --offline a
usage "--offline and --schema exclude each other" "$weirctl" check --offline --schema s a
usage "two files cannot both be standard input" "$weirctl" check --schema - -
usage "--state takes no empty name" "$weirctl" check --state "" a
usage "--signers takes a number" "$weirctl" check --signers many a
usage "--signers takes no 0" "$weirctl" check --signers 0 a
usage "--timeout takes a number" "$weirctl" events --timeout 1s
usage "--stage takes one of three" "$weirctl" load --stage canary a
usage "--gate takes a gate" "$weirctl" load --gate alerts=5 a
usage "--gate takes a number" "$weirctl" load --gate events=all a
usage "--gate takes no number below 0" "$weirctl" load --gate events=-1 a
usage "trusted content has no gate" "$weirctl" load --stage trusted --gate events=5 a
usage "trusted content has no trial to end" "$weirctl" load --stage trusted --manual a
usage "--policy takes one of four" "$weirctl" breaker --policy open 291
usage "--limit takes a limit" "$weirctl" breaker --limit denies=5 291
usage "--limit takes a number" "$weirctl" breaker --limit rate=all 291
usage "no share is above 100" "$weirctl" breaker --limit share=101 291
usage "who waits does not promote" "$weirctl" load --manual --wait a
usage "--timeout of a load goes with --wait" "$weirctl" load --timeout 5 a
usage "--timeout of a promotion goes with --wait" "$weirctl" promote --timeout 5 291
usage "promote takes a channel number" "$weirctl" promote ipc

# Without a device: each command that needs one says so.
for c in status "unload 291" "promote 291" "promote --wait 291" "rollback 291" "breaker 291" "breaker --policy hold 291" "mode 291 audit" exempt "exempt /bin/true" "exempt --none" events schema names prove; do
	# shellcheck disable=SC2086 # words on purpose
	refuses "$c without a device" DEVICE "$weirctl" $c --device "$work/none"
done
says "the refusal says what to do" "modprobe weir"
"$weirctl" --json status --device "$work/none" > out.txt 2> out.err
if [ $? -eq 1 ] && grep -q '"error"' out.txt && [ ! -s out.err ]; then ok "--json may stand before the command"
else not_ok "--json may stand before the command" "$(cat out.txt out.err)"; fi
for option in --help --hel --h -h; do
	if "$weirctl" load $option file > out.txt 2> out.err && grep -q "^usage: weirctl load" out.txt; then ok "load $option explains, and does not load"
	else not_ok "load $option explains, and does not load" "$(cat out.txt out.err)"; fi
done
"$weirctl" status --js --device "$work/none" > out.txt 2> out.err
if [ $? -eq 1 ] && grep -q '"error"' out.txt && [ ! -s out.err ]; then ok "--json cut short is --json"
else not_ok "--json cut short is --json" "$(cat out.txt out.err)"; fi
"$weirc" --json dump none > out.txt 2> out.err
if [ $? -eq 1 ] && grep -q '"error"' out.txt && [ ! -s out.err ]; then ok "weirc: --json may stand before the command"
else not_ok "weirc: --json may stand before the command" "$(cat out.txt out.err)"; fi
refuses "unload of what is no device" ENOTTY "$weirctl" unload 291 --device /dev/null
says "the refusal says that it is none" "does not answer as weir does"
refuses "a bare command is status" DEVICE "$weirctl" --device "$work/none"
: > file
refuses "submit without a device" DEVICE "$weirctl" submit --device "$work/none" file
refuses "a file that is no device" DEVICE "$weirctl" status --device file

# An answer that cannot be written is no success.
if [ -w /dev/full ]; then
	"$weirctl" schema --offline > /dev/full 2> out.err
	if [ $? -eq 1 ] && grep -q "cannot be written" out.err; then ok "a full disk is noticed"
	else not_ok "a full disk is noticed" "$(cat out.err)"; fi
else
	skip "a full disk is noticed" "no /dev/full"
fi

# The library gives away names with its prefix only.
nm -g --defined-only "$BIN/libweirload.a" | awk 'NF == 3 { print $3 }' > names
if [ -s names ] && ! grep -v '^weir_' names > foreign; then ok "the library's symbols have its prefix"
else not_ok "the library's symbols have its prefix" "$(cat foreign)"; fi
sed -n 's/^WEIR_API .*[ *]\(weir_[a-z_]*\)(.*/\1/p' "$tests/../weirload.h" "$tests/../device.h" \
	"$tests/../plain.h" "$tests/../weirstore.h" "$tests/../weirlist.h" "$tests/../doubts.h" |
	sort > declared
sort names > defined
if [ -s declared ] && cmp -s declared defined; then ok "the library gives away what its header declares"
else not_ok "the library gives away what its header declares" "$(diff declared defined)"; fi
