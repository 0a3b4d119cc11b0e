#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What the kernel's own checkers and the second compiler say of every source: checkpatch, sparse with
# the kernel's extra warnings, and clang. What the house rules alone demand is in hygiene.sh.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
out=$top/build/lint
series=6.1
source_tar=/usr/src/linux-source-$series.tar.xz
failed=0
cd "$top" || exit 1
mkdir -p "$out"
work=$(mktemp -d)
found=$work/found
trap 'rm -rf "$work"' EXIT

# Findings of checkpatch that do not count: type, files, and what the line in question holds (both
# as regular expressions). A row that suppresses nothing is a failure, so that none outlives its
# reason.
suppressed() {
	sed 's/#.*//' <<'EOS'
# Fields are called as in Sigma's taxonomy (WEIR_ipc_TargetImage); OpenSSL, libFuzzer, <inttypes.h>
# and C itself (_Static_assert) have their own names.
CAMELCASE ^ .

# Contracts of the proof, /*@ ... */ and //@, are annotations for another tool, not prose; a clause is
# not broken in the middle. hygiene.sh holds all lines to 100 characters.
BLOCK_COMMENT_STYLE ^interpreter/ .
LONG_LINE_COMMENT ^interpreter/ //@
# checkpatch takes the ':' of a function with a contract for that of a bit field.
SPACING ^interpreter/match\.h return.cased

# The core is C11 for the kernel and for user space; port.h is what makes the one look like the other.
COMPLEX_MACRO ^interpreter/port\.h weir_(in|out)line|weir_nospec
PREFER_DEFINED_ATTRIBUTE_MACRO ^interpreter/port\.h weir_(in|out)line
# Guards leave the function that they guard, or vanish in front of a prover.
COMPLEX_MACRO ^interpreter/guard\.h VER
MACRO_WITH_FLOW_CONTROL ^interpreter/guard\.h GUARD|TRAP|SPEND
MACRO_ARG_REUSE ^interpreter/guard\.h GUARD|SPEND

# Tables that a .def file is expanded into: entries, declarations or terms of a sum, each with what
# separates it from the next, so neither an expression nor a statement.
COMPLEX_MACRO ^(interpreter/templates\.[ch]|loader/refusal\.c) WEIR_
SPACING ^interpreter/templates\.h WEIR_TYPE.*\+1
MULTISTATEMENT_MACRO_USE_DO_WHILE ^interpreter/templates\.[ch] WEIR_
TRAILING_SEMICOLON ^(interpreter/templates\.[ch]|kmod/(capture\.c|hooks\.[ch])) WEIR_
MACRO_ARG_REUSE ^interpreter/templates\.c WEIR_TYPE
BRACKET_SPACE ^(kmod/decision|loader/journal_end)\.c define.WEIR_DECIDED

# One source builds for all kernels from 6.1 on, and compat.h alone knows the differences. checkpatch
# takes LINUX_VERSION_CODE, in capitals, for the constant of the comparison.
LINUX_VERSION_CODE ^kmod/compat\.h LINUX_VERSION_CODE
CONSTANT_COMPARISON ^kmod/compat\.h LINUX_VERSION_CODE
# A tracepoint's parts are laid out as in all of the kernel's trace headers.
OPEN_ENDED_LINE ^kmod/weir_trace\.h TP_
PARENTHESIS_ALIGNMENT ^kmod/weir_trace\.h TP_

# Macros that define a function: their arguments are names and types, and the return is the function's.
COMPLEX_MACRO ^loader/tests/disk\.c WRAP
MACRO_ARG_REUSE ^(loader/tests/disk\.c|selftests/ktap\.h) WRAP|KTAP_TEST_T
# What goes on in a second line is no statement, and clang-format aligns it with the first argument.
LEADING_SPACE ^loader/tests/disk\.c (wrote|wrote_at|notef)\(
MACRO_WITH_FLOW_CONTROL ^(loader/tests/disk\.c|selftests/ktap\.h) WRAP|KTAP_MAIN

# User space has neither the kernel's types nor its macros for attributes, arrays and numbers.
PREFER_KERNEL_TYPES ^(interpreter/port\.h|(loader|tools|selftests)/) u?int(8|16|32|64)_t
PREFER_DEFINED_ATTRIBUTE_MACRO ^(loader|tools|selftests)/ __attribute__
ARRAY_SIZE ^(interpreter/text\.c|loader/|tools/|selftests/) sizeof
SSCANF_TO_KSTRTO ^selftests/ sscanf
# A test asks the kernel whether it has a system call.
ENOSYS ^selftests/ SYS_
# Messages to people are sentences, longer than a line.
SPLIT_STRING ^(loader|tools|selftests)/ "
# What stands in for an argument has to be writable, as argv is.
STATIC_CONST_CHAR_ARRAY ^(loader/main|tools/weirc)\.c --json
# A word of a message is not a function's name because a function has that name.
EMBEDDED_FUNCTION_NAME ^(kunit|loader|tools)/ "
# checkpatch does not know types of OpenSSL, nor a type that is a macro, and sees a product.
SPACING ^(loader|tools)/ STACK_OF\(|X509.\*
LINE_SPACING ^(loader|tools)/ STACK_OF\(
EOS
}

# claim TEXT: what stands in $found contradicts it.
claim() {
	if [ -s "$found" ]; then
		echo "not ok $1"
		sed 's/^/# /' "$found" | head -n 20
		failed=1
	else
		echo "ok $1"
	fi
}

# sources REGEX: C sources and headers, with git's list those alone that belong to the tree
sources() {
	{ git ls-files 2>/dev/null || find kmod kunit interpreter loader tools selftests -type f; } |
		grep -E '\.[ch]$' | grep -E "$1" | while read -r f; do
		[ ! -f "$f" ] || echo "$f"
	done
}

# checkpatch.pl and its word lists, out of Debian's kernel source, once.
fetch_checkpatch() {
	package=$(dpkg-query -W -f '${Version}' linux-source-$series 2>/dev/null || stat -c %s "$source_tar")
	cache=${WEIR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir}
	dir=$cache/checkpatch-$package
	[ -e "$dir/checkpatch.pl" ] && return
	mkdir -p "$cache"
	tar -C "$work" --strip-components=2 --occurrence -xf "$source_tar" \
		"linux-source-$series/scripts/checkpatch.pl" "linux-source-$series/scripts/spelling.txt" \
		"linux-source-$series/scripts/const_structs.checkpatch" &&
		mkdir -p "$dir" &&
		mv "$work/spelling.txt" "$work/const_structs.checkpatch" "$work/checkpatch.pl" "$dir/"
}

# checkpatch: of files on standard input, findings as FILE:LINE: LEVEL:TYPE: TEXT, and one line of
# totals a file. It keeps notes in the current folder, which is therefore not the tree.
checkpatch() {
	# Each run has its own output, so that none breaks into a line of another.
	# shellcheck disable=SC2016
	(cd "$work" && rm -f part.* && xargs -n 8 -P "$(nproc)" sh -c 'perl "$@" >part.$$' checkpatch \
		"$dir/checkpatch.pl" --strict --no-tree --emacs --show-types --max-line-length=100 \
		--color=never -f 2>"$out/checkpatch.err"
	cat part.*)
}

# Takes what is suppressed out of findings, and names rows that suppressed nothing.
judge() {
	suppressed >"$work/rows"
	awk -v top="$top/" '
	function line_of(file, n,    text, i) {
		if (!(file in read)) {
			read[file] = 1
			for (i = 1; (getline text < (top file)) > 0; i++)
				source[file, i] = text
		}
		return source[file, n]
	}
	function excused(type, file, n,    i) {
		for (i = 1; i <= rows; i++)
			if (types[i] == type && file ~ files[i] && line_of(file, n) ~ lines[i]) {
				used[i] = 1
				return 1
			}
		return 0
	}
	FILENAME == ARGV[1] {
		if (NF < 3)
			next
		types[++rows] = $1
		files[rows] = $2
		lines[rows] = $0
		sub(/^[^ ]+ [^ ]+ /, "", lines[rows])
		next
	}
	/^[^ +#-][^:]*:[0-9]+: (ERROR|WARNING|CHECK):/ {
		sub(top, "")
		split($0, part, ":")
		if (!excused(part[4], part[1], part[2]))
			print
	}
	END {
		for (i = 1; i <= rows; i++)
			if (!used[i])
				print "suppresses nothing: " types[i] " " files[i] " " lines[i]
	}' "$work/rows" "$1"
}

check_patch() {
	[ -r "$source_tar" ] || {
		echo "skip checkpatch: no $source_tar (tools/deps.sh host)"
		return
	}
	fetch_checkpatch || {
		echo "not ok checkpatch can be had from $source_tar"
		failed=1
		return
	}
	printf '// SPDX-License-Identifier: GPL-2.0\nint f(int x)\n{\n\tif(x)\n\t\treturn 1;\n\treturn 0;\n}\n' \
		>"$work/fault.c"
	echo "$work/fault.c" | checkpatch | grep -q 'fault.c:4: ERROR:SPACING' ||
		echo "a missing space is not found" >"$found"
	claim "checkpatch finds a fault"

	sources '^(kmod|kunit|interpreter|loader|tools|selftests)/' >"$work/list"
	sed "s,^,$top/," "$work/list" | checkpatch >"$out/checkpatch.log"
	checked=$(grep -c '^total: ' "$out/checkpatch.log")
	[ "$checked" = "$(wc -l <"$work/list")" ] ||
		echo "$checked of $(wc -l <"$work/list") files were checked" >"$found"
	claim "checkpatch reads every C source and header ($checked)"
	judge "$out/checkpatch.log" >"$found"
	claim "checkpatch --strict has nothing to say"
}

# The newest Debian headers of a series; sparse's run needs no kernel image.
headers() {
	for h in /usr/src/linux-headers-"$1".*-amd64; do
		case $h in
		*-rt-amd64 | *-cloud-amd64) continue ;;
		esac
		[ ! -e "$h/Makefile" ] || echo "$h"
	done | sort -V | tail -n 1
}

# check_sparse SERIES: a build from nothing, since what is up to date is not compiled again.
check_sparse() {
	kdir=$(headers "$1")
	[ -n "$kdir" ] || {
		echo "skip sparse $1: no headers of a kernel $1 (tools/deps.sh host)"
		return
	}
	log=$out/sparse-$1.log
	rm -rf "$out/module-$1"
	make -C kmod KDIR="$kdir" TREE="$out/module-$1" -j"$(nproc)" sparse >"$log" 2>&1 ||
		tail -n 5 "$log" >"$found"
	sources '^(kmod|interpreter)/[^/]*\.c$' | while read -r f; do
		grep -qE "^  CHECK .*/$f\$" "$log" || echo "$f was not checked"
	done >>"$found"
	claim "the module builds for ${kdir#/usr/src/linux-headers-}, and sparse reads all of it"
	grep -E '(warning|error):' "$log" >"$found"
	claim "neither gcc with W=1 nor sparse warns of it ($1)"
}

# object FILE: the target that the Makefile of its folder makes of a source
object() {
	case $1 in
	tools/tests/*) echo "tools/tests tests/${1#tools/tests/}" ;;
	tools/fuzz/*) echo "tools/fuzz fuzz/$1" ;;
	tools/bench/*) echo "tools/bench bench/${1#tools/bench/}" ;;
	selftests/*) echo "selftests selftests/obj/${1#selftests/}" ;;
	*) echo "${1%%/*} $1" ;;
	esac | sed 's/c$/o/'
}

# The Makefiles' own flags, warnings being errors; -fsyntax-only leaves nothing that could be up to date.
check_clang() {
	command -v clang >/dev/null || {
		echo "skip clang: it is not installed (tools/deps.sh host)"
		return
	}
	# The proof's sources are for a prover; selftests/negative and selftests/modules are modules, and
	# a .bpf.c is for another machine.
	sources '^(interpreter|loader|tools|selftests)/.*\.c$' |
		grep -vE '^(interpreter/proof|selftests/(negative|modules))/|\.bpf\.c$' >"$work/list"
	for header in hs/hs.h yara.h bpf/libbpf.h; do
		[ ! -e "/usr/include/$header" ] || continue
		echo "skip clang: of what the benchmark compares with, $header is missing (tools/deps.sh bench)"
		sed -i '\,^tools/bench/peer_,d' "$work/list"
	done
	while read -r f; do
		object "$f"
	done <"$work/list" | sort >"$work/objects"
	cut -d' ' -f1 "$work/objects" | sort -u >"$work/folders"
	while read -r folder; do
		log=$out/clang-$(echo "$folder" | tr / -).log
		# shellcheck disable=SC2046
		make -s -k -j"$(nproc)" -C "$folder" BUILD="$out/clang" CC=clang CFLAGS=-fsyntax-only \
			$(sed -n "s,^$folder ,$out/clang/,p" "$work/objects") >"$log" 2>&1 ||
			grep -E 'warning:|error:|\*\*\*' "$log" >>"$found"
	done <"$work/folders"
	claim "clang compiles every source of user space without a warning ($(wc -l <"$work/list"))"
}

: >"$found"
check_patch
: >"$found"
check_sparse 6.1
: >"$found"
check_sparse 6.12
: >"$found"
check_clang
exit $failed
