#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Signatures and certificates: one that passes, and each way of not passing.
. "$(dirname "$0")/lib.sh"

mkdir trust state
pair good 3072
pair stranger 3072
cp good.crt trust/
"$craft" make > content || exit 1
good_sign content good.weir
size=$(stat -c %s content)
whole=$(stat -c %s good.weir)

passes "a good signature passes" check good.weir
openssl x509 -in good.crt -outform DER -out trust/good.x509
passes "the same certificate may be there in DER too" check good.weir
rm trust/good.x509

# the file itself
: > empty.weir
refuses "an empty file is refused" EMPTY check empty.weir
truncate -s 1G huge.weir
refuses "a file of 1 GiB is refused" LARGE check huge.weir
start=$(date +%s)
check huge.weir 2> /dev/null
if [ $(($(date +%s) - start)) -le 2 ]; then ok "it is refused without being read"
else not_ok "it is refused without being read"; fi
piped() { head -c 1G /dev/zero | check - "$@"; }
refuses "1 GiB through a pipe is refused" LARGE piped
refuses "a file that is not there is refused" IO check nowhere.weir
refuses "a folder is refused" IO check trust
refuses "content without a signature is refused" NO_SIGNATURE check content
input() { check - < good.weir; }
passes "standard input is read" input

# the trailer
for cut in 1 28 39 40 41 200; do
	head -c $((whole - cut)) good.weir > cut.weir
	"$weirctl" check --offline --trust trust --state state --json cut.weir > out.json
	if [ $? -eq 1 ] && grep -q '"code": "NO_SIGNATURE"' out.json; then ok "$cut bytes cut off are noticed"
	else not_ok "$cut bytes cut off are noticed" "$(cat out.json)"; fi
done
for at in 40 39 38 37 36 35 34 33; do
	cp good.weir t.weir
	"$craft" poke t.weir $((whole - at)) 05
	refuses "byte $((40 - at)) of the trailer is checked" TRAILER check t.weir
done
cp good.weir t.weir
"$craft" poke t.weir $((whole - 32)) 00000000
refuses "a signature of no bytes is refused" TRAILER check t.weir
"$craft" poke t.weir $((whole - 32)) 00003fff
refuses "a signature longer than the file is refused" TRAILER check t.weir
"$craft" poke t.weir $((whole - 32)) ffffffff
refuses "a signature of 4 GiB is refused" TRAILER check t.weir
n=$((whole - 40 - size - 1))
"$craft" poke t.weir $((whole - 32)) "$(printf %08x $n)"
refuses "a signature that starts too late is refused" SIGNATURE check t.weir
tail -c 40 good.weir > t.weir
refuses "a trailer alone is refused" TRAILER check t.weir

# the bytes
at=0
while [ $at -lt "$size" ]; do
	cp good.weir t.weir
	byte=$(dd if=content bs=1 skip=$at count=1 2> /dev/null | od -An -tu1)
	"$craft" poke t.weir $at "$(printf %02x $((byte ^ 1)))"
	check --json t.weir > out.json
	if [ $? -ne 1 ] || ! grep -q '"code": "SIGNATURE"' out.json; then
		not_ok "byte $at of the content is covered by the signature" "$(cat out.json)"
		break
	fi
	at=$((at + 23))
done
[ $at -lt "$size" ] || ok "every 23rd byte of the content is covered by the signature"
# In the message a few bytes say nothing: version numbers, the list of digests. Whatever is changed,
# the file is refused, or it is the same content by the same signer.
check --json good.weir > good.json
bad=
same=0
at=$((size))
while [ $at -lt $((whole - 40)) ]; do
	cp good.weir t.weir
	byte=$(dd if=good.weir bs=1 skip=$at count=1 2> /dev/null | od -An -tu1)
	"$craft" poke t.weir $at "$(printf %02x $((byte ^ 64)))"
	check --json t.weir > out.json 2> out.err
	case $? in
	0) if cmp -s good.json out.json; then same=$((same + 1)); else bad="$bad $at"; fi ;;
	1) [ -s out.err ] && bad="$bad $at" ;;
	*) bad="$bad $at" ;;
	esac
	at=$((at + 11))
done
if [ -z "$bad" ] && [ $same -le 3 ]; then ok "every 11th byte of the signature matters or says nothing"
else not_ok "every 11th byte of the signature matters or says nothing" "$same say nothing; bad:$bad"; fi
{ cat content; printf x; tail -c $((whole - size)) good.weir; } > t.weir
refuses "a byte behind the content is noticed" SIGNATURE check t.weir

# who
good_sign content t.weir stranger
refuses "an unknown signer is refused" SIGNER check t.weir
says "the refusal names the unknown signer" "CN = TEST stranger"
openssl req -x509 -key stranger.key -subj "/CN=TEST good" -days 2 -out fake.crt \
	-set_serial "0x$(openssl x509 -in good.crt -noout -serial | cut -d= -f2)" 2> /dev/null
raw_sign content t.weir -noattr -md sha256 -signer fake.crt -inkey stranger.key
refuses "a wrong key under a known name is refused" SIGNATURE check t.weir

# strength
for md in md5 sha1 sha224; do
	raw_sign content t.weir -noattr -md $md -signer good.crt -inkey good.key
	refuses "a digest of $md is refused" DIGEST check t.weir
done
raw_sign content t.weir -noattr -md sha512 -signer good.crt -inkey good.key
passes "a digest of sha512 passes" check t.weir
pair short 2048
cp short.crt trust/
good_sign content t.weir short
refuses "an RSA key of 2048 bits is refused" DIGEST check t.weir
rm trust/short.crt
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=TEST ec" -days 2 \
	-addext keyUsage=digitalSignature -keyout ec.key -out ec.crt 2> /dev/null
cp ec.crt trust/
good_sign content t.weir ec
refuses "an elliptic curve key is refused" DIGEST check t.weir
rm trust/ec.crt

# form
raw_sign content t.weir -md sha256 -signer good.crt -inkey good.key
refuses "signed attributes are refused" SIGNATURE check t.weir
raw_sign content t.weir -nodetach -noattr -md sha256 -signer good.crt -inkey good.key
refuses "a signature with content of its own is refused" SIGNATURE check t.weir
raw_sign content t.weir -noattr -md sha256 -signer good.crt -inkey good.key -keyopt rsa_padding_mode:pss
refuses "RSA-PSS is refused" DIGEST check t.weir
head -c 700 /dev/zero > sig.der
{ cat content sig.der; trailer sig.der; } > t.weir
refuses "a signature that is no PKCS#7 is refused" SIGNATURE check t.weir
good_sign content t.weir
printf '\0' >> sig.der
{ cat content sig.der; trailer sig.der; } > t.weir
refuses "bytes behind the PKCS#7 message are refused" SIGNATURE check t.weir
raw_sign content t.weir -keyid -noattr -md sha256 -signer good.crt -inkey good.key
passes "a signer may be named by key identifier" check t.weir
