#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Sample events are evaluated with the matching index and without: an index that misleads is seen,
# even if the verifier had let it pass.
. "$(dirname "$0")/lib.sh"

mislead=$BIN/loader/tests/mislead
golden=$tests/../../tools/tests/golden/index.yml

# misled NAME SECTION RULE WHAT: with that section of the index zeroed, this is said of this rule
misled() {
	"$mislead" index.weir "$2" > said
	got=$?
	if [ $got -eq 1 ] && grep -q "^INDEX $3: .* $4 without" said; then ok "$1"
	else not_ok "$1" "exit $got" "$(cat said)"; fi
}

"$weirc" compile --version 1 -o index.weir "$golden" 2> /dev/null || exit 1
passes "with an index as it should be nothing is said" "$mislead" index.weir
misled "filters that let nothing pass are seen" 13 "Nothing rare" "that it does not match"
misled "entries of nothing are seen in a rule that says not" 14 "Nothing rare" "that it does not match"
misled "a rule that is never woken is seen" 15 "Any image" "that it matches"
