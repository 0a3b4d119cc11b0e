#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Signs what no compiler writes and weirc would not sign: spoil.sh RAW OFFSET BYTE DIGEST KEY OUT
# sets one byte of RAW (BYTE octal; OFFSET - for none) and signs with KEY.key and KEY.crt.
set -eu

[ $# = 6 ] || { echo "usage: spoil.sh RAW OFFSET BYTE DIGEST KEY OUT" >&2; exit 2; }
raw=$1 offset=$2 byte=$3 digest=$4 key=$5 out=$6

cp "$raw" "$out.content"
[ "$offset" = - ] ||
	printf '%b' "\\0$byte" | dd of="$out.content" bs=1 seek="$offset" conv=notrunc status=none
openssl cms -sign -binary -in "$out.content" -signer "$key.crt" -inkey "$key.key" -noattr -nocerts \
	-md "$digest" -outform DER -out "$out.p7s"
n=$(wc -c <"$out.p7s")
{
	cat "$out.content" "$out.p7s"
	printf '\0\0\002\0\0\0\0\0\0\0'
	printf '%b' "\\0$(printf %03o $((n / 256)))\\0$(printf %03o $((n % 256)))"
	printf '~Module signature appended~\n'
} >"$out"
rm -f "$out.content" "$out.p7s"
