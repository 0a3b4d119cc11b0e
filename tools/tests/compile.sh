#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# weirc compile: what rules mean, what is refused, and that the same rules give the same bytes.
#
# UPDATE=1 rewrites the golden files.
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
weirc=${WEIRC:-$top/build/weirc}
sigma=$top/../shared/sigma
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
unset SOURCE_DATE_EPOCH

# result NAME STATUS
result() {
	if [ "$2" = 0 ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		failed=1
	fi
}

compile() {
	"$weirc" compile "$@" >"$dir/said" 2>&1
	status=$?
	[ $status = 0 ] || sed 's/^/# /' "$dir/said" | head -n 20
	return $status
}

size_of() {
	wc -c <"$1" | tr -d ' '
}

python3 "$here/compile/cases.py" "$weirc" || failed=1
python3 "$here/compile/bad.py" "$weirc" || failed=1

# Golden files: the bytes as text, with what they are made from next to them.
for name in strings numbers addresses index; do
	compile -o "$dir/$name.weir" "$here/golden/$name.yml" &&
		od -A x -t x1 -v "$dir/$name.weir" >"$dir/$name.hex"
	[ -z "${UPDATE:-}" ] || cp "$dir/$name.hex" "$here/golden/$name.hex"
	cmp -s "$dir/$name.hex" "$here/golden/$name.hex"
	result "golden file $name" $?
done

# The order of files on the command line and in a folder changes nothing.
mkdir -p "$dir/rules/b/c" "$dir/rules/a"
cp "$here/golden/strings.yml" "$dir/rules/b/c/1.yml"
cp "$here/golden/numbers.yml" "$dir/rules/a/2.yaml"
cp "$here/golden/addresses.yml" "$dir/rules/0.yml"
cp "$here/golden/addresses.yml" "$dir/rules/b/.hidden.yml"
echo "no rule" >"$dir/rules/README.txt"
compile -o "$dir/folder.weir" "$dir/rules" &&
	compile -o "$dir/files.weir" "$here/golden/strings.yml" "$here/golden/addresses.yml" \
		"$here/golden/numbers.yml" &&
	cmp "$dir/folder.weir" "$dir/files.weir"
result "a folder and its files in another order give the same bytes" $?

"$weirc" compile -o - "$dir/rules" 2>/dev/null | cmp - "$dir/folder.weir"
result "standard output holds the same bytes" $?

"$weirc" compile -o "$dir/stdin.weir" - <"$here/golden/strings.yml" 2>/dev/null &&
	cmp "$dir/stdin.weir" "$dir/strings.weir"
result "rules come from standard input" $?

# The header as the options say it; offsets from channel-format.rst.
word() {
	od -A n -t u4 -j "$2" -N 4 "$1" | tr -d ' '
}
[ "$(word "$dir/numbers.weir" 16)" = 291 ] && [ "$(word "$dir/folder.weir" 16)" = 1 ]
result "the channel is that of the only type, else 1" $?
[ "$(word "$dir/numbers.weir" 24)" = 1721433600 ] && [ "$(word "$dir/numbers.weir" 32)" = 1721433600 ]
result "version and creation time are the newest date" $?
SOURCE_DATE_EPOCH=1700000000 "$weirc" compile --channel 7 --version 9 --name drill \
	-o "$dir/named.weir" "$here/golden/numbers.yml" 2>/dev/null &&
	[ "$(word "$dir/named.weir" 16) $(word "$dir/named.weir" 24)" = "7 9" ] &&
	[ "$(word "$dir/named.weir" 32) $(word "$dir/named.weir" 52)" = "1700000000 5" ]
result "channel, version, name and SOURCE_DATE_EPOCH are taken" $?

SOURCE_DATE_EPOCH=9223372036854775808 "$weirc" compile -o "$dir/late.weir" \
	"$here/golden/numbers.yml" 2>"$dir/said"
[ $? = 1 ] && [ ! -e "$dir/late.weir" ] && grep -q SOURCE_DATE_EPOCH "$dir/said"
result "a SOURCE_DATE_EPOCH past what a version may be is refused" $?
{ printf '\357\273\277'; cat "$here/golden/strings.yml"; } >"$dir/mark.yml"
compile -o "$dir/mark.weir" "$dir/mark.yml" && cmp "$dir/mark.weir" "$dir/strings.weir"
result "a byte order mark in front of a rule says nothing" $?

# One bad rule fails the run; with --skip-unsupported it is left out and listed.
sed 's/Image|fieldref/Imge|fieldref/; s/7a01/7a0f/' "$here/golden/strings.yml" >"$dir/rules/bad.yml"
"$weirc" compile -o "$dir/none.weir" "$dir/rules" >"$dir/said" 2>&1
[ $? = 1 ] && [ ! -e "$dir/none.weir" ] && grep -q "bad.yml:20: rule .*field Imge: " "$dir/said"
result "one bad rule fails the run and nothing is written" $?
"$weirc" compile --skip-unsupported -o "$dir/rest.weir" "$dir/rules" >"$dir/said" 2>&1 &&
	grep -q "skipped: .*bad.yml:20: rule .*field Imge: " "$dir/said" &&
	cmp "$dir/rest.weir" "$dir/folder.weir"
result "with --skip-unsupported it is left out and listed" $?
"$weirc" compile --skip-unsupported --json -o "$dir/rest.weir" "$dir/rules" >"$dir/said" &&
	grep -q '"rules": 4' "$dir/said" && grep -q '"field": "Imge"' "$dir/said"
result "and listed in JSON" $?
"$weirc" compile --skip-unsupported -o "$dir/none.weir" "$dir/rules/bad.yml" 2>/dev/null
[ $? = 1 ] && [ ! -e "$dir/none.weir" ]
result "when no rule is left nothing is written" $?
cp "$here/golden/strings.yml" "$dir/rules/bad.yml"
"$weirc" compile -o "$dir/none.weir" "$dir/rules" >"$dir/said" 2>&1
[ $? = 1 ] &&
	grep -q "bad.yml:1: .*0b5f4a52-6c0e-4c8e-9f0b-0d9b6f1f7a01 .* in .*/c/1.yml:1$" "$dir/said"
result "two rules of one id are an error that names both files" $?

# An old file stays when nothing new is written, and none is left half done.
echo old >"$dir/old.weir"
"$weirc" compile -o "$dir/old.weir" "$dir/rules" 2>/dev/null
[ "$(cat "$dir/old.weir")" = old ] && [ "$(find "$dir" -name 'old.weir*' | wc -l)" = 1 ]
result "a refused run leaves the old file" $?
"$weirc" compile -o "$dir/no/such/folder.weir" "$here/golden/strings.yml" 2>"$dir/said"
[ $? = 1 ] && grep -q "no/such/folder.weir: cannot be written" "$dir/said"
result "an output that cannot be written is an error" $?

mkdir "$dir/pipe" && mkfifo "$dir/pipe/a.yml" &&
	timeout 10 "$weirc" compile -o "$dir/x" "$dir/pipe" 2>"$dir/said"
[ $? = 1 ] && grep -q "pipe/a.yml: is no file" "$dir/said"
result "a pipe in a folder is an error, not waited for" $?
if [ -w /dev/full ]; then
	"$weirc" compile --json -o "$dir/x" "$here/golden/strings.yml" >/dev/full 2>"$dir/said"
	[ $? = 1 ] && grep -q "standard output cannot be written" "$dir/said"
	result "a report that cannot be written is no success" $?
fi

# Usage
for arguments in "" "-o" "-o x" "-o x --channel 0 y" "-o x --version -1 y" "-o x --foo y" \
	"-o x --expand y z" "-o - --json y" "-o x --channel 4294967296 y"; do
	# shellcheck disable=SC2086 # words are meant
	"$weirc" compile $arguments >"$dir/said" 2>&1
	[ $? = 2 ] && [ -s "$dir/said" ]
	result "usage: weirc compile $arguments" $?
done
"$weirc" compile -o "$dir/x" "$dir/none.yml" 2>"$dir/said"
[ $? = 1 ] && grep -q "none.yml: cannot be opened" "$dir/said"
result "a rule file that is not there" $?
mkdir "$dir/empty"
"$weirc" compile -o "$dir/x" "$dir/empty" 2>"$dir/said"
[ $? = 1 ] && grep -q "holds no" "$dir/said"
result "a folder without rules" $?

# Schemas: what is printed can be read, and gives the same file.
"$weirc" schema >"$dir/schema.json" && "$weirc" schema --schema "$dir/schema.json" |
	cmp - "$dir/schema.json" &&
	compile --schema "$dir/schema.json" -o "$dir/schema.weir" "$here/golden/numbers.yml" &&
	cmp "$dir/schema.weir" "$dir/numbers.weir"
result "weirc schema prints what --schema reads" $?
for bad in '{' '[]' '{"types": []}' '{"types": [{"name": "a", "id": 1, "fields": []}]}' \
	'{"types": [{"name": "a", "id": 0, "fields": [{"name": "b", "kind": "u64"}]}]}' \
	'{"types": [{"name": "a", "id": 1, "fields": [{"name": "b", "kind": "enum"}]}]}' \
	'{"types": [{"name": "a", "id": 1, "fields": [{"name": "b", "kind": "none"}]}]}' \
	'{"types": [{"name": "a\u001b[31m", "id": 1, "fields": [{"name": "b", "kind": "u64"}]}]}' \
	'{"types": [{"name": "a", "id": 1, "fields": [{"name": "b\u009b", "kind": "u64"}]}]}' \
	'{"types": [{"name": "a", "id": 1, "fields": [{"name": "b", "kind": "enum",
	  "values": ["c\u0007"]}]}]}' \
	'{"types": [{"name": "a", "id": 1, "fields": [{"name": "b", "kind": "ip"},
	  {"name": "b", "kind": "ip"}]}]}'; do
	printf "%s\n" "$bad" >"$dir/bad.json"
	"$weirc" schema --schema "$dir/bad.json" >/dev/null 2>"$dir/said"
	[ $? = 1 ] && grep -q "bad.json" "$dir/said"
	result "a schema that is none: $(echo "$bad" | tr -d '\n\t')" $?
done

# A pattern is asked behind all that its input has to contain, what is rarest first.
{
	sed -n '1,/^detection/p' "$here/golden/strings.yml"
	printf "    s:\n        CommandLine|re: '/usr/bin.*qzvx[0-9]{9}'\n    condition: s\n"
} >"$dir/needs.yml"
compile -o "$dir/needs.weir" "$dir/needs.yml" && "$weirc" dump "$dir/needs.weir" >"$dir/said" &&
	[ "$(sed -n 's/.* c[0-9]*: CommandLine \(contains "[^"]*"\|matches\).*/\1/p' "$dir/said" | tr '\n' ' ')" = \
		'contains "qzvx" contains "/usr/bin" matches ' ]
result "a pattern is asked behind all that it needs, what is rarest first" $?

# A list of 1,090 values is one criterion.
{
	sed -n '1,/^detection/p' "$here/golden/strings.yml"
	printf '    s:\n        Image|endswith:\n'
	i=0
	while [ $i -lt 1090 ]; do
		echo "            - /tool$i"
		i=$((i + 1))
	done
	echo '    condition: s'
} >"$dir/list.yml"
compile -o "$dir/list.weir" "$dir/list.yml" &&
	[ "$(word "$dir/list.weir" 156) $(word "$dir/list.weir" 172)" = "1 1090" ]
result "a list of 1,090 values is one criterion" $?

if [ ! -d "$sigma" ]; then
	echo "skip public rules: ../shared/sigma is not there"
	exit $failed
fi
compile -o "$dir/linux.weir" "$sigma/linux" && grep -q " 135 rules" "$dir/said"
result "all 135 public Linux rules compile strictly" $?
[ "$(size_of "$dir/linux.weir")" -lt $((135 * 65536 / 100)) ]
result "they take $(size_of "$dir/linux.weir") bytes, less than 64 KiB per 100" $?
sh "$here/compile/schema-from-rules.sh" process_creation "$sigma/windows" >"$dir/windows.json"
"$weirc" compile --skip-unsupported --schema "$dir/windows.json" -o "$dir/windows.weir" \
	"$sigma/windows" >"$dir/said" 2>&1 && grep -q " 1181 rules" "$dir/said" &&
	[ "$(grep -c "^weirc: skipped:" "$dir/said")" = 2 ] &&
	[ "$(grep -c "^weirc: skipped: .*more than the 65520 cells" "$dir/said")" = 2 ]
result "of 1,183 public Windows rules all compile but 2, whose automata are too large" $?
if python3 -c 'import yaml' 2>/dev/null; then
	python3 "$here/compile/reference.py" "$weirc" - 8 200 "$sigma/linux" || failed=1
	python3 "$here/compile/reference.py" "$weirc" "$dir/windows.json" 6 100 "$sigma/windows" ||
		failed=1
else
	echo "skip reference: python3-yaml is not installed"
fi
exit $failed
