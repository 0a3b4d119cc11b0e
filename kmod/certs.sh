#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Puts certificates, PEM or DER, one after the other as the module embeds them: certs.sh OUT CERT...
set -eu

[ $# -ge 2 ] || { echo "usage: certs.sh OUT CERT..." >&2; exit 2; }
out=$1
shift

die() {
	echo "certs.sh: $*" >&2
	exit 1
}

trap 'rm -f "$out.new"' EXIT
: >"$out.new"
for cert; do
	openssl x509 -in "$cert" -outform DER >>"$out.new" || die "$cert: not a certificate"
	# The module refuses to load with a weak certificate: say so while it is being built.
	bits=$(openssl x509 -in "$cert" -noout -pubkey | openssl rsa -pubin -noout -text 2>/dev/null |
		sed -n 's/.*Public-Key: (\([0-9]*\) bit).*/\1/p')
	[ -n "$bits" ] || die "$cert: its key is not RSA, which is all the kernel can be relied on for"
	[ "$bits" = 3072 ] || [ "$bits" = 4096 ] ||
		die "$cert: its RSA key has $bits bits; it takes 3072 or 4096"
done
# What did not change is not built again.
cmp -s "$out.new" "$out" || cp "$out.new" "$out"
