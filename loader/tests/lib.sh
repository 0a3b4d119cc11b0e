# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2034 # its variables are used by those who source it
# What the loader's tests share: keys made at run time, files, and one line a test.
#
# A test prints "ok NAME", "not ok NAME" or "skip NAME reason". A script that ran no test fails.
set -u
: "${BIN:?set BIN to the build folder, or run: make -C loader check}"
weirctl=$BIN/weirctl
weirc=$BIN/weirc
craft=$BIN/loader/tests/craft
tests=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
ran=0
failed=0

finish() {
	status=$?
	rm -rf "$work"
	[ "$status" -eq 0 ] || { echo "not ok ${0##*/} ended with status $status"; exit 1; }
	[ "$ran" -gt 0 ] || { echo "not ok ${0##*/} ran no test"; exit 1; }
	[ "$failed" -eq 0 ] || exit 1
}
trap finish EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 1
umask 022

ok() { ran=$((ran + 1)); echo "ok $1"; }

not_ok() {
	ran=$((ran + 1))
	failed=$((failed + 1))
	echo "not ok $1"
	shift
	[ $# -eq 0 ] || printf '# %s\n' "$@"
}

skip() { ran=$((ran + 1)); echo "skip $1 $2"; }

# passes NAME COMMAND...: exit code 0
passes() {
	name=$1
	shift
	if out=$("$@" 2>&1); then ok "$name"; else not_ok "$name" "exit $?" "$out"; fi
}

# is NAME TEXT COMMAND...: exactly this text
is() {
	name=$1
	want=$2
	shift 2
	got=$("$@" 2>&1)
	if [ "$got" = "$want" ]; then ok "$name"; else not_ok "$name" "wanted $want" "got $got"; fi
}

# refuses NAME CODE COMMAND...: with --json exit code 1, that error code, a message and nothing on
# stderr; without it exit code 1, nothing on stdout, and the same message on stderr
refuses() {
	name=$1
	code=$2
	shift 2
	"$@" --json > out.json 2> out.err
	got=$?
	message=$(sed -n 's/^    "message": "\(.*\)",\{0,1\}$/\1/p' out.json)
	if [ $got -ne 1 ] || [ -z "$message" ] || [ -s out.err ] ||
		! grep -q "^    \"code\": \"$code\",\{0,1\}$" out.json; then
		not_ok "$name" "wanted exit 1 and $code, got exit $got" "$(cat out.json out.err)"
		return
	fi
	"$@" > out.txt 2> out.err
	got=$?
	if [ $got -ne 1 ] || [ -s out.txt ] || [ ! -s out.err ]; then
		not_ok "$name" "text: exit $got" "$(cat out.txt out.err)"
		return
	fi
	ok "$name"
}

# says NAME PATTERN: what the last refusal said in text
says() {
	if grep -q -- "$2" out.err; then ok "$1"; else not_ok "$1" "no \"$2\" in:" "$(cat out.err)"; fi
}

check() { "$weirctl" check --offline --trust trust --state state "$@"; }

# disk PROGRAM: what LD_PRELOAD has to be to see and spoil what it does to the disk
# (a program with a sanitizer wants that one's library first)
disk() { echo "$(ldd "$1" | sed -n 's/.*=> \(.*asan[^ ]*\) .*/\1:/p')$BIN/loader/tests/disk.so"; }

# key NAME BITS: NAME.key. Making one takes long, so keys are kept with what was built.
key() {
	kept=$BIN/loader/tests/keys/$1-$2.key
	if [ ! -s "$kept" ]; then
		mkdir -p "${kept%/*}"
		openssl genrsa -out "$1.new" "$2" 2> /dev/null || exit 1
		mv "$1.new" "$kept" || exit 1
	fi
	cp "$kept" "$1.key"
}

# pair NAME BITS [START END [EXTENSIONS]]: NAME.key and NAME.crt, self-signed
pair() {
	key "$1" "$2"
	mkdir -p "ca-$1"
	: > "ca-$1/index"
	cat > "ca-$1/conf" <<-CONF
		[ca]
		default_ca=d
		[d]
		database=ca-$1/index
		new_certs_dir=ca-$1
		rand_serial=yes
		default_md=sha256
		default_crl_days=30
		default_days=30
		policy=p
		[p]
		commonName=supplied
		[x]
		subjectKeyIdentifier=hash
		${5:-keyUsage=critical,digitalSignature,cRLSign}
		[req]
		distinguished_name=dn
		[dn]
	CONF
	openssl req -new -key "$1.key" -sha256 -config "ca-$1/conf" -subj "/CN=TEST $1" \
		-out "ca-$1/csr" 2> "ca-$1/log" || { cat "ca-$1/log" >&2; exit 1; }
	openssl ca -selfsign -batch -config "ca-$1/conf" -keyfile "$1.key" -in "ca-$1/csr" \
		-extensions x -notext -out "$1.crt" ${3:+-startdate "$3" -enddate "$4"} \
		2>> "ca-$1/log" || { cat "ca-$1/log" >&2; exit 1; }
}

trailer() {
	n=$(stat -c %s "$1")
	printf '\0\0\2\0\0\0\0\0'
	for shift in 24 16 8 0; do
		# shellcheck disable=SC2059 # the format is the byte
		printf "\\$(printf %03o $((n >> shift & 255)))"
	done
	printf '~Module signature appended~\n'
}

# raw_sign FILE OUT CMS-OPTIONS...: sign whatever the bytes are, with the openssl program
raw_sign() {
	in=$1
	to=$2
	shift 2
	openssl cms -sign -binary -nocerts -outform DER -in "$in" -out sig.der "$@" 2> cms.log ||
		{ cat cms.log >&2; exit 1; }
	{ cat "$in" sig.der; trailer sig.der; } > "$to"
}

# good_sign FILE OUT [KEY]: the same as weirc sign does
good_sign() {
	raw_sign "$1" "$2" -noattr -md sha256 -signer "${3:-good}.crt" -inkey "${3:-good}.key"
}
