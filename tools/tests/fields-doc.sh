#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Documentation/fields-table.rst says what the tables of fields and hooks say, and of every field.
#
# Each case but the first ones edits a copy of the tables and looks at what the generator makes of it.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
weirc=${WEIRC:-$top/build/weirc}
table=Documentation/fields-table.rst
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM HUP
failed=0

# claim NAME: what stands in $work/found contradicts it.
claim() {
	if [ -s "$work/found" ]; then
		head -n 20 "$work/found" | sed 's/^/# /'
		echo "not ok fields-doc-$1"
		failed=1
	else
		echo "ok fields-doc-$1"
	fi
}

# fresh: an unedited copy. edit SED [FILE]: changes a table there, which must have an effect.
fresh() {
	rm -rf "$work/src"
	mkdir -p "$work/src/tools" "$work/src/interpreter" "$work/src/kmod" "$work/src/Documentation"
	cp "$top/tools/fields-doc.py" "$work/src/tools/"
	cp "$top/interpreter/templates.def" "$work/src/interpreter/"
	cp "$top/kmod/hooks.def" "$work/src/kmod/"
	cp "$top/$table" "$work/src/Documentation/"
}

edit() {
	file=$work/src/${2-interpreter/templates.def}
	sed "$1" "$file" >"$file.new"
	! cmp -s "$file" "$file.new" || { echo "not ok fields-doc-edit # no effect: $1" && exit 1; }
	mv "$file.new" "$file"
}

make_doc() {
	python3 "$work/src/tools/fields-doc.py" "$@" >"$work/out" 2>"$work/err"
}

# refused NAME REASON: the tables as edited are refused for that reason, and nothing is written.
refused() {
	: >"$work/found"
	! make_doc --write || echo "it was written" >>"$work/found"
	grep -qxF "$2" "$work/err" || { echo "not said: $2" && cat "$work/err"; } >>"$work/found"
	cmp "$top/$table" "$work/src/$table" >>"$work/found" 2>&1 || true
	claim "$1"
}

# written NAME LINE: the tables as edited are written, and the line, blanks folded, is new in it.
written() {
	: >"$work/found"
	make_doc --write || cp "$work/err" "$work/found"
	tr -s ' ' <"$work/src/$table" | grep -qxF "$2" || echo "not written: $2" >>"$work/found"
	! tr -s ' ' <"$top/$table" | grep -qxF "$2" || echo "was there: $2" >>"$work/found"
	claim "$1"
}

fresh
if make_doc; then
	diff -u "$top/$table" "$work/out" >"$work/found" || echo "run tools/fields-doc.py --write" >>"$work/found"
else
	cp "$work/err" "$work/found"
fi
claim up-to-date

# Types, fields and kinds in their order, from two sources that share no code.
"$weirc" schema | sed -n 's/^   "name": "\(.*\)",$/\1/p; s/^     "name": "\(.*\)",$/\1/p; s/^     "kind": "\(.*\)",*$/\1/p' |
	awk '{ printf "%s%s", $0, /^(string|u64|i64|bool|enum|ip)$/ || /^[a-z_]+$/ ? "\n" : " " }' >"$work/schema"
awk '
/^-+$/ { type = last }
{ last = $0 }
/^nr / { print type; fields = 1; next }
/^=/ && fields { fields++ }
fields == 3 { fields = 0 }
fields && /^[0-9]/ { print $2, $3 }
' "$top/$table" >"$work/table"
diff "$work/schema" "$work/table" >"$work/found" || true
[ "$(wc -l <"$work/schema")" -gt 100 ] || echo "the schema was not understood" >>"$work/found"
claim same-fields-as-the-schema

fresh
edit 's/^ \* @SetId: .*/ * @SetId:/; /^ \* @SetId:/,/^ \* @Arg/{/^ \*   /d}'
refused empty-description 'process_creation.SetId is not described'

fresh
edit 's/^WEIR_TYPE_END(ipc)/WEIR_FIELD(ipc, Added, u64, NONE, "")\n&/; s/^WEIR_TYPE(ipc, 4, 291, 21)/WEIR_TYPE(ipc, 4, 291, 22)/'
refused field-without-description 'ipc.Added is not described'

fresh
edit '/^WEIR_FIELD(ipc, TargetImage,/d; s/^WEIR_TYPE(ipc, 4, 291, 21)/WEIR_TYPE(ipc, 4, 291, 20)/'
refused description-without-field 'ipc.TargetImage is described and not there'

fresh
edit '/^ \* @LogonId:/d'
refused shared-field-without-description 'LogonId is not described, and types share it'

fresh
edit '/^WEIR_FIELD(process_creation, NetworkNamespace,/s/TASK/NONE/'
refused description-of-what-no-types-share 'NetworkNamespace is described, and no types share it'

fresh
edit 's/WEIR_file_event_SourceFilename/WEIR_file_event_SourceName/' kmod/hooks.def
refused hook-with-unknown-field 'hooks.def: file_event has no field SourceName'

fresh
edit 's/^WEIR_FIELD(ipc, ObjectMode, u64, CAPTURED/WEIR_FIELD(ipc, ObjectMode, u64, NONE/'
written capture-that-changed '4 ObjectMode u64 none Mode of the same.'

fresh
edit 's/1u << 2 \/\* accept \*\/, 0/1u << 2, 1u << 0 | 1u << 3/'
written more-that-cannot-be \
	'network_connection 3 289 23 Operation accept: not denied; Operation connect, sendto: not killed'

fresh
edit '/^WEIR_HOOK(ipc, sem_semop/,/NONE_ALONE/{s/OPTIONAL/NEEDED/;s/DENY/KILL/;s/USE/KERNEL/}' kmod/hooks.def
written hook-that-changed 'security_sem_semop needed kill by the module none'

exit $failed
