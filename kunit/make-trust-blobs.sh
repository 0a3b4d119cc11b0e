#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Signs a few bytes in every way that matters to trust_test.c, and makes the lists of
# trustlist_test.c: make-trust-blobs.sh WORKDIR WEIRC > HEADER
set -eu

usage="usage: make-trust-blobs.sh WORKDIR WEIRC"
dir=${1:?$usage}
weirc=${2:?$usage}
mkdir -p "$dir"
cd "$dir"
quiet() {
	"$@" > log 2>&1 || { cat log >&2; exit 1; }
}

# key NAME BITS
key() {
	[ -s "$1.crt" ] && return
	quiet openssl req -x509 -newkey "rsa:$2" -sha256 -nodes -days 3650 \
		-subj "/O=Weir/CN=TEST ONLY $1" -addext "keyUsage=critical,digitalSignature" \
		-addext "extendedKeyUsage=codeSigning" -keyout "$1.key" -out "$1.crt"
}

# octet N: one byte
octet() {
	printf '%b' "\\0$(printf %03o "$1")"
}

# seal NAME CMS-OPTIONS...: content, signature, trailer
seal() {
	name=$1
	shift
	quiet openssl cms -sign -binary -in content -outform DER -out "$name.p7s" "$@"
	n=$(wc -c < "$name.p7s")
	{
		cat content "$name.p7s"
		octet 0; octet 0; octet 2; octet 0; octet 0; octet 0; octet 0; octet 0
		octet 0; octet 0; octet $((n / 256)); octet $((n % 256))
		printf '~Module signature appended~\n'
	} > "$name.file"
}

# list NAME SIGNERS ARGUMENTS...: list_NAME, made by weirc trustlist and signed by a few
list() {
	name=$1
	signers=$2
	shift 2
	quiet "$weirc" trustlist "$@" -o "$name.raw"
	cp "$name.raw" "$name.list"
	add=
	for signer in $signers; do
		quiet "$weirc" sign $add --key "$signer.key" --cert "$signer.crt" "$name.list"
		add=--add
	done
}

# array NAME FILE
array() {
	printf 'static const u8 __maybe_unused %s[] = {\n' "$1"
	od -An -v -tx1 "$2" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
	printf '};\n\n'
}

key strong 3072
key stranger 3072
key weak 2048
key partner 3072
key heir 3072
printf 'WEIRCHN1 these bytes are signed, they need not be content' > content
seal good -signer strong.crt -inkey strong.key -noattr -nocerts -md sha256
seal sha512 -signer strong.crt -inkey strong.key -noattr -nocerts -md sha512
seal sha1 -signer strong.crt -inkey strong.key -noattr -nocerts -md sha1
seal md5 -signer strong.crt -inkey strong.key -noattr -nocerts -md md5
seal stranger -signer stranger.crt -inkey stranger.key -noattr -nocerts -md sha256
seal weak -signer weak.crt -inkey weak.key -noattr -nocerts -md sha256
seal brings_certificate -signer strong.crt -inkey strong.key -noattr -md sha256
seal attributes -signer strong.crt -inkey strong.key -nosmimecap -nocerts -md sha256
seal attached -signer strong.crt -inkey strong.key -noattr -nocerts -md sha256 -nodetach
seal and_stranger -signer strong.crt -inkey strong.key -signer stranger.crt \
	-inkey stranger.key -noattr -nocerts -md sha256
seal and_weak -signer strong.crt -inkey strong.key -signer weak.crt -inkey weak.key \
	-noattr -nocerts -md sha256
list first strong --below 77:2
list other strong --below 77:3
list by_stranger stranger --base first.raw
list shrunk strong --version 9 --below 77:3
list both "strong partner" --base first.raw --signers all:2 --introduce heir.crt
list by_one strong --base both.raw --revoke partner.crt
list by_heir "strong heir" --base both.raw --revoke partner.crt
list by_revoked "strong partner" --base by_heir.raw
list named strong --signer 77:partner.crt --signer lists:strong.crt
list denied strong --withdraw 77:4
for name in strong stranger weak partner; do
	quiet openssl x509 -in $name.crt -outform DER -out $name.der
done

echo '/* SPDX-License-Identifier: GPL-2.0 */'
echo '/* Made by kunit/make-trust-blobs.sh with throw-away keys. */'
array blob_content content
for name in strong weak; do
	array cert_$name $name.der
done
cat strong.der partner.der > pair.der
array cert_pair pair.der
for name in good sha512 sha1 md5 stranger weak brings_certificate attributes attached \
	and_stranger and_weak; do
	array file_$name $name.file
done
for name in first other by_stranger shrunk both by_one by_heir by_revoked named denied; do
	array list_$name $name.list
done
