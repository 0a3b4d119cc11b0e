#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The trust folder: validity, purpose, revocation, how many signers, and its own mistakes.
. "$(dirname "$0")/lib.sh"

mkdir trust state
pair good 3072
pair second 3072
"$craft" make > content || exit 1
good_sign content good.weir
cp good.crt trust/

# only NAME...: the trust folder holds these certificates and nothing else
only() {
	rm -rf trust
	mkdir trust
	for f in "$@"; do cp "$f" trust/; done
}

# validity
pair old 3072 20200101000000Z 20210101000000Z
pair future 3072 20900101000000Z 20910101000000Z
only old.crt future.crt
good_sign content t.weir old
refuses "an expired certificate is refused" EXPIRED check t.weir
says "the refusal says when it expired" "2021-01-01"
good_sign content t.weir future
refuses "a certificate that is not valid yet is refused" NOT_YET_VALID check t.weir

# purpose
pair server 3072 "" "" extendedKeyUsage=serverAuth
pair coder 3072 "" "" extendedKeyUsage=codeSigning
pair mute 3072 "" "" nsComment=none
pair issuer 3072 "" "" keyUsage=critical,keyCertSign
only server.crt coder.crt mute.crt issuer.crt
good_sign content t.weir server
refuses "a certificate for servers is refused" PURPOSE check t.weir
good_sign content t.weir mute
refuses "a certificate without a purpose is refused" PURPOSE check t.weir
good_sign content t.weir issuer
refuses "a key usage without digitalSignature is refused" PURPOSE check t.weir
good_sign content t.weir coder
passes "a certificate for code signing passes" check t.weir

# revocation
crl() { openssl ca -gencrl -config "ca-$1/conf" -keyfile "$1.key" -cert "$1.crt" -out "$2" 2> crl.log ||
	{ cat crl.log >&2; exit 1; }; }
only good.crt
crl good trust/good.crl
passes "a list that does not name the certificate changes nothing" check good.weir
openssl ca -config ca-good/conf -keyfile good.key -cert good.crt -revoke good.crt 2> crl.log || exit 1
crl good trust/good.crl
refuses "a revoked certificate is refused" REVOKED check good.weir
openssl crl -in trust/good.crl -outform DER -out trust/good-der.crl
rm trust/good.crl
refuses "a list in DER counts too" REVOKED check good.weir
only good.crt
cat good.crt > trust/both.pem
crl good more.crl
cat more.crl >> trust/both.pem
refuses "a list behind a certificate in one PEM file counts too" REVOKED check good.weir
only good.crt
key other 3072
openssl req -x509 -key other.key -subj "/CN=TEST good" -days 2 -out other.crt 2> /dev/null
: > ca-good/index
openssl ca -gencrl -config ca-good/conf -keyfile other.key -cert other.crt -out trust/x.crl 2> crl.log
refuses "a list that somebody else signed is an error" CRL check good.weir
openssl ca -gencrl -config ca-good/conf -keyfile good.key -cert good.crt -out trust/x.crl \
	-crl_lastupdate 20200101000000Z -crl_nextupdate 20200201000000Z 2> crl.log
refuses "a list that is out of date is an error" CRL check good.weir

# how many signers
only good.crt second.crt
refuses "one signer where two are asked for is refused" SIGNERS check --signers 2 good.weir
says "the refusal says how many there are" "1 distinct trusted signer signed the file; 2 are required"
raw_sign content two.weir -noattr -md sha256 -signer good.crt -inkey good.key -signer second.crt \
	-inkey second.key
passes "two signers where two are asked for pass" check --signers 2 two.weir
raw_sign content twice.weir -noattr -md sha256 -signer good.crt -inkey good.key -signer good.crt \
	-inkey good.key
refuses "one signer twice counts once" SIGNERS check --signers 2 twice.weir
openssl req -x509 -key good.key -subj "/CN=TEST good again" -days 2 -addext keyUsage=digitalSignature \
	-out again.crt 2> /dev/null
cp again.crt trust/
raw_sign content twice.weir -noattr -md sha256 -signer good.crt -inkey good.key -signer again.crt \
	-inkey good.key
refuses "one key under two names counts once" SIGNERS check --signers 2 twice.weir
only good.crt second.crt
echo "signers 2" > trust/policy
refuses "the policy asks for two" SIGNERS check good.weir
refuses "the command line does not lower the policy" SIGNERS check --signers 1 good.weir
passes "two signers satisfy the policy" check two.weir
refuses "the command line raises the policy" SIGNERS check --signers 3 two.weir
echo "singers 2" > trust/policy
refuses "a policy with a typing error is an error" TRUST check two.weir
printf '# two\0\nsigners 2\n' > trust/policy
refuses "a policy with a NUL, behind which it would not be read, is an error" TRUST check good.weir
only good.crt
passes "an unknown second signer does not count against the first" check two.weir
refuses "an unknown second signer does not count for it either" SIGNERS check --signers 2 two.weir
cp two.weir t.weir
only old.crt good.crt
raw_sign content t.weir -noattr -md sha256 -signer good.crt -inkey good.key -signer old.crt \
	-inkey old.key
refuses "an expired second signer does not count" SIGNERS check --signers 2 t.weir
says "the refusal says why it does not" "expired"

# the folder
refuses "a trust folder that is not there is an error" IO "$weirctl" check --offline --trust nowhere \
	--state state good.weir
only
refuses "an empty trust folder is an error" TRUST check good.weir
only good.crt
echo "no certificate" > trust/bad.crt
refuses "a certificate that is none is an error" TRUST check good.weir
says "the refusal names the file" "bad.crt"
only good.crt
head -c 100 good.crt > trust/cut.pem
refuses "a certificate that was cut is an error" TRUST check good.weir
only good.crt
echo "remember the milk" > trust/README
passes "other files in the folder are left alone" check good.weir
mkfifo trust/pipe.pem
refuses "a pipe in the folder is an error, not waited for" TRUST timeout 10 "$weirctl" check --offline \
	--trust trust --state state good.weir
rm trust/pipe.pem
chmod o+w trust
refuses "a folder that anybody may write to is refused" TRUST check good.weir
chmod o-w trust
chmod o+w trust/good.crt
refuses "a certificate that anybody may write to is refused" TRUST check good.weir
says "the refusal names the file that anybody may write to" "trust/good.crt"
