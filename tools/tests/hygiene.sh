#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# House rules that a machine can check: licence lines, format, sizes, symbol names, scripts.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
failed=0
list=$(mktemp)
found=$(mktemp)
trap 'rm -f "$list" "$found"' EXIT

# Without git's list all sources outside of build/ count.
if ! git ls-files >"$list" 2>/dev/null || [ ! -s "$list" ]; then
	find . -path ./build -prune -o -path ./.git -prune -o -type f -print | sed 's,^\./,,' >"$list"
fi

files() {
	grep -E "$1" "$list" | while read -r f; do
		[ ! -f "$f" ] || echo "$f"
	done
}

# claim TEXT: what stands in $found contradicts it.
claim() {
	if [ -s "$found" ]; then
		sed 's/^/# /' "$found" | head -n 20
		echo "not ok $1"
		failed=1
	else
		echo "ok $1"
	fi
}

files '\.(cc?|h|S|def|sh|py|mk|yml)$|(^|/)(Makefile|Kbuild)$|^\.ci/run$' | grep -v '\.yml$' |
	while read -r f; do
		head -n 2 "$f" | grep -q 'SPDX-License-Identifier: ' || echo "$f"
	done >"$found"
claim "every source names its licence at the top"

files '\.(cc?|h)$' | grep -v '^interpreter/proof/' | while read -r f; do
	[ "$(wc -l <"$f")" -le 400 ] || echo "$f: $(wc -l <"$f") lines"
done >"$found"
claim "no source has more than 400 lines"

files '^(kmod|tools|loader|interpreter|selftests|kunit)/.*\.c$' | grep -v '^interpreter/proof/' |
	xargs grep -nE '^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef)\b' >"$found"
claim "no .c file asks the preprocessor what to compile"

files '\.(cc?|h)$' | xargs grep -nE '.{101,}' | grep -v '^interpreter/proof/' >"$found"
claim "no line is longer than 100 columns"

# A function begins with { and ends with } in the first column.
files '\.cc?$' | xargs awk '
FNR == 1 { start = 0 }
/^\{/ { start = FNR }
/^\}/ { if (start && FNR - start > 61) print FILENAME ":" start ": " FNR - start - 1 " lines"; start = 0 }
' >"$found"
claim "no function has more than 60 lines"

if command -v clang-format >/dev/null; then
	files '\.(cc?|h)$' | xargs clang-format --dry-run --ferror-limit=1 2>&1 |
		grep -E '(warning|error):' >"$found"
	claim "clang-format has nothing to change"
else
	echo "skip clang-format: it is not installed"
fi

if command -v shellcheck >/dev/null; then
	# What a script sources by a computed path cannot be followed, nor what that sets.
	files '\.sh$|^\.ci/run$' | xargs shellcheck -x -e SC1091,SC2154 >"$found" 2>&1
	claim "shellcheck has nothing to say"
else
	echo "skip shellcheck: it is not installed"
fi

symbols() {
	nm --defined-only -g "$@" 2>/dev/null | awk 'NF == 3 { print $3 }' |
		grep -vE '^(weir_|__?asan|__?ubsan|__odr_asan)' | sort -u
}

symbols build/libweir.a build/libweirload.a >"$found"
claim "every symbol of the libraries begins with weir_"

find build/tools build/loader -name '*.o' -exec nm --defined-only -g {} + 2>/dev/null |
	awk 'NF == 3 { print $3 }' | grep -vE '^weir_|^main$' | sort -u >"$found"
claim "every symbol of the programs begins with weir_"

nm -u build/libweir.a 2>/dev/null | awk '$1 == "U" { print $2 }' |
	grep -vE '^(memcpy|memset|memcmp|memmove|weir_.*)$' | sort -u >"$found"
claim "the core needs nothing but memcpy, memset, memcmp and memmove"

git ls-files 2>/dev/null | cut -d/ -f1 | sort -u | grep -vxE \
	'kmod|interpreter|loader|tools|kunit|selftests|Documentation|packaging|\.ci|Kbuild|Makefile|README\.md|\.clang-format|\.gitignore' \
	>"$found"
claim "the top level is the agreed one"

exit $failed
