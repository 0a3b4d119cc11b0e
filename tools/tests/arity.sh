#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# A Template Type whose fields, arity and capture code disagree does not build.
#
# Each case edits a copy of the sources, compiles the one object that has to refuse it against real
# kernel headers, and looks for the reason in what the compiler says.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM HUP
failed=0

newest() {
	for dir in "/lib/modules/$(uname -r)/build" $(printf '%s\n' /lib/modules/*/build | sort -rV); do
		[ ! -e "$dir/Makefile" ] || { echo "$dir" && return; }
	done
}

kdir=${KDIR:-$(newest)}
if [ -z "$kdir" ]; then
	echo "skip arity no kernel headers are installed (linux-headers-amd64)"
	exit 0
fi

pass() {
	echo "ok arity-$1"
}

fail() {
	echo "# $2"
	sed 's/^/# /' "$work/out"
	echo "not ok arity-$1"
	failed=1
}

# fresh: an unedited copy. edit SED [FILE]: change a file, by default the table of Template Types,
# which must have an effect.
fresh() {
	rm -rf "$work/src"
	mkdir "$work/src"
	cp -r "$top/Kbuild" "$top/kmod" "$top/interpreter" "$work/src/"
}

edit() {
	file=$work/src/${2-interpreter/templates.def}
	sed "$1" "$file" >"$file.new"
	! cmp -s "$file" "$file.new" || { echo "not ok arity-edit # no effect: $1" && exit 1; }
	mv "$file.new" "$file"
}

compiles() {
	make -C "$kdir" M="$work/src" W=1 "$@" >"$work/out" 2>&1
}

# refused NAME OBJECT REASON: the object does not compile, for that reason.
refused() {
	if compiles "$2"; then
		fail "$1" "it compiled"
	elif grep -q "error: .*$3" "$work/out"; then
		pass "$1"
	else
		fail "$1" "refused, but not with: $3"
	fi
}

fresh
if compiles interpreter/templates.o kmod/exec_fields.o kmod/file_fields.o kmod/ipc_fields.o kmod/capture.o \
	kmod/hooks.o; then
	pass unchanged-compiles
else
	fail unchanged-compiles "the sources as they are do not compile"
fi

fresh
edit 's/^WEIR_TYPE(process_creation, 1, 287, 33)/WEIR_TYPE(process_creation, 1, 287, 34)/'
edit 's/^WEIR_TYPE_END(process_creation)/WEIR_FIELD(process_creation, Added, u64, CAPTURED, "")\n&/'
refused field-without-capture kmod/exec_fields.o 'weir_cap_process_creation_Added.* undeclared'

fresh
edit 's/^WEIR_TYPE_END(ipc)/WEIR_FIELD(ipc, Added, u64, NONE, "")\n&/'
refused field-more-than-arity interpreter/templates.o 'ipc: arity and fields disagree'

fresh
edit '/^WEIR_FIELD(ipc, TargetImage,/d'
refused field-less-than-arity interpreter/templates.o 'ipc: arity and fields disagree'

fresh
edit 's/^WEIR_TYPE(ipc, 4, 291, 21)/WEIR_TYPE(ipc, 4, 291, 20)/'
refused arity-20-of-21 interpreter/templates.o 'ipc: arity and fields disagree'

fresh
edit 's/^WEIR_TYPE(ipc, 4, 291, 21)/WEIR_TYPE(ipc, 4, 291, 20)/'
edit '/^WEIR_FIELD(ipc, TargetImage,/d'
refused capture-of-removed-field kmod/ipc_fields.o 'weir_cap_ipc_TargetImage.* defined but not used'

fresh
edit 's/^WEIR_FIELD(ipc, TargetImage, string, CAPTURED/WEIR_FIELD(ipc, TargetImage, string, NONE/'
refused capture-of-uncaptured-field kmod/ipc_fields.o \
	'weir_cap_ipc_TargetImage.* defined but not used'

fresh
edit 's/^#define WEIR_POINT_ipc 1/#define WEIR_POINT_ipc 0/' kmod/capture.c
refused type-without-capture-point kmod/capture.o 'ipc: fields and capture points disagree'

fresh
edit 's/^WEIR_HOOK(ipc, file_open, int, (struct file \*file)/WEIR_HOOK(ipc, file_open, int, (struct path *file)/' \
	kmod/hooks.def
refused hook-of-another-prototype kmod/hooks.o 'not the prototype in hooks.def'

fresh
edit 's/^WEIR_HOOK(ipc, unix_may_send, int/WEIR_HOOK(ipc, unix_may_sent, int/' kmod/hooks.def
refused hook-that-the-kernel-lacks kmod/hooks.o 'security_unix_may_sent. undeclared'

exit $failed
