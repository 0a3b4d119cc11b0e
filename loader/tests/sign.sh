#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# weirc keygen and weirc sign, against weirctl check and against the programs of others.
. "$(dirname "$0")/lib.sh"

# fails NAME PATTERN COMMAND...: exit code 1 and a message
fails() {
	name=$1
	pattern=$2
	shift 2
	"$@" > out.txt 2> out.err
	if [ $? -eq 1 ] && grep -q -- "$pattern" out.err; then ok "$name"
	else not_ok "$name" "$(cat out.txt out.err)"; fi
}

mkdir state
passes "keygen makes a key pair" "$weirc" keygen --out keys
key=keys/weir-test.key
crt=keys/weir-test.crt
if [ "$(stat -c %a $key)" = 600 ]; then ok "the private key is readable by its owner alone"
else not_ok "the private key is readable by its owner alone" "$(stat -c %a $key)"; fi
fails "keygen does not overwrite" "is there already" "$weirc" keygen --out keys
openssl x509 -in $crt -noout -text > text
for want in "TEST KEY - NOT FOR PRODUCTION" "Public-Key: (3072 bit)" "sha256WithRSAEncryption" \
	"Digital Signature" "Code Signing" "Subject Key Identifier" "CA:FALSE"; do
	if grep -q "$want" text; then ok "the certificate says $want"
	else not_ok "the certificate says $want" "$(cat text)"; fi
done
openssl x509 -in keys/weir-test.x509 -inform DER -out der.pem
if cmp -s der.pem $crt; then ok "the DER file is the same certificate"
else not_ok "the DER file is the same certificate"; fi
passes "the certificate is its own issuer" openssl verify -CAfile $crt -partial_chain $crt
passes "keygen takes a name and days" "$weirc" keygen --out keys2 --name "second one" --days 2
passes "the name is in the subject" sh -c \
	'openssl x509 -in keys2/weir-test.crt -noout -subject | grep "second one"'

mkdir trust
cp $crt trust/
"$craft" make > content || exit 1
cp content a.weir
passes "sign signs a file in place" "$weirc" sign --key $key --cert $crt a.weir
passes "check accepts it" check a.weir
cp content private.weir
chmod 600 private.weir
passes "a file of its owner's is signed in place" "$weirc" sign --key $key --cert $crt private.weir
passes "and stays its owner's" test "$(stat -c %a private.weir)" = 600
passes "sign writes elsewhere" "$weirc" sign --key $key --cert $crt -o b.weir content
if cmp -s a.weir b.weir; then ok "the same content and key give the same bytes"
else not_ok "the same content and key give the same bytes"; fi
"$weirc" sign --key $key --cert keys/weir-test.x509 -o - - < content > c.weir
if cmp -s a.weir c.weir; then ok "from standard input to standard output, certificate in DER"
else not_ok "from standard input to standard output, certificate in DER"; fi
good_sign content d.weir keys/weir-test
if cmp -s a.weir d.weir; then ok "openssl cms makes the same bytes"
else not_ok "openssl cms makes the same bytes"; fi
n=$(($(stat -c %s a.weir) - $(stat -c %s content) - 40))
tail -c $((n + 40)) a.weir | head -c $n > sig.der
passes "openssl cms accepts the signature" openssl cms -verify -binary -inform DER -in sig.der \
	-content content -certfile $crt -CAfile $crt -purpose any -partial_chain -out /dev/null
signfile=$(find /usr/lib -path "*/linux-kbuild-*/scripts/sign-file" 2> /dev/null | head -n 1)
if [ -n "$signfile" ]; then
	cp content e.weir
	"$signfile" sha256 $key $crt e.weir
	passes "what the kernel's sign-file signs is accepted" check e.weir
else
	skip "what the kernel's sign-file signs is accepted" "no sign-file here"
fi

# second signers
fails "a signed file is not signed again" "is signed already" "$weirc" sign --key $key --cert $crt a.weir
fails "nor twice by the same signer" "is signed already with" \
	"$weirc" sign --add --key $key --cert $crt a.weir
cp a.weir two.weir
passes "a second signer is added" "$weirc" sign --add --key keys2/weir-test.key \
	--cert keys2/weir-test.crt two.weir
passes "one trusted signer of two is enough for one" check two.weir
cp keys2/weir-test.crt trust/second.crt
passes "both count" check --signers 2 two.weir
fails "there is nothing to add to in a file without a signature" "not signed yet" \
	"$weirc" sign --add --key $key --cert $crt -o x.weir content

# what is not signed
cp a.weir keep.weir
fails "a key of another certificate" "is not the private key of" \
	"$weirc" sign --key keys2/weir-test.key --cert $crt -o x.weir content
pair short 2048
fails "a key of 2048 bits" "2048 bits" "$weirc" sign --key short.key --cert short.crt -o x.weir content
pair old 3072 20200101000000Z 20210101000000Z
fails "an expired certificate" "expired" "$weirc" sign --key old.key --cert old.crt -o x.weir content
pair server 3072 "" "" extendedKeyUsage=serverAuth
fails "a certificate for other purposes" "other purposes" \
	"$weirc" sign --key server.key --cert server.crt -o x.weir content
fails "a file that is no channel file" "not a channel file" \
	"$weirc" sign --key $key --cert $crt -o x.weir "$weirc"
{ cat content; echo; } > longer
fails "a channel file with a byte more" "size" "$weirc" sign --key $key --cert $crt -o x.weir longer
: > empty
fails "an empty file" "the file ends before" "$weirc" sign --key $key --cert $crt -o x.weir empty
fails "a certificate that is none" "not a certificate" "$weirc" sign --key $key --cert content -o x.weir content
fails "a key that is none" "gives no private key" "$weirc" sign --key content --cert $crt -o x.weir content
fails "a key that is not there" "nowhere.key: cannot be opened: No such file" \
	"$weirc" sign --key nowhere.key --cert $crt -o x.weir content
fails "an output folder that is not there" "cannot be written" \
	"$weirc" sign --key $key --cert $crt -o nowhere/x.weir content
if [ -e x.weir ]; then not_ok "nothing is written on failure"; else ok "nothing is written on failure"; fi
if cmp -s a.weir keep.weir; then ok "nothing is changed on failure"; else not_ok "nothing is changed on failure"; fi

# passphrases
echo "correct horse" > pass
openssl pkcs8 -topk8 -in $key -passout file:pass -out locked.key
passes "an encrypted key with its passphrase in a file" \
	"$weirc" sign --key locked.key --passphrase-file pass --cert $crt -o f.weir content
if cmp -s a.weir f.weir; then ok "it is the same key"; else not_ok "it is the same key"; fi
echo "wrong horse" > wrong
fails "a wrong passphrase" "gives no private key" \
	"$weirc" sign --key locked.key --passphrase-file wrong --cert $crt -o x.weir content
fails "an encrypted key without a terminal to ask" "gives no private key" \
	setsid -w "$weirc" sign --key locked.key --cert $crt -o x.weir content

# usage
usage() {
	name=$1
	shift
	"$@" > out.txt 2> out.err
	if [ $? -eq 2 ] && [ -s out.err ]; then ok "$name"; else not_ok "$name" "$(cat out.txt out.err)"; fi
}
usage "sign without a key is wrong usage" "$weirc" sign --cert $crt content
usage "sign without a file is wrong usage" "$weirc" sign --key $key --cert $crt
usage "keygen without a folder is wrong usage" "$weirc" keygen
usage "keygen for no days is wrong usage" "$weirc" keygen --out k3 --days 0
usage "two files cannot both be standard input" "$weirc" sign --key $key --cert - -o x.weir -
usage "an unknown option is wrong usage" "$weirc" sign --passphrase secret content
"$weirc" sign --json --key $key --cert $crt a.weir > out.json 2> out.err
if [ $? -eq 1 ] && grep -q '"error"' out.json && [ ! -s out.err ]; then ok "errors come as JSON too"
else not_ok "errors come as JSON too" "$(cat out.json out.err)"; fi
odd=$(printf 'odd\377.weir')
if "$weirc" sign --json --key $key --cert $crt -o "$odd" content > out.json 2> out.err &&
	[ -s "$odd" ] && grep -q '"file": "odd..xff.weir"' out.json; then ok "a name that is not UTF-8 is told in JSON"
else not_ok "a name that is not UTF-8 is told in JSON" "$(cat out.json out.err)"; fi
