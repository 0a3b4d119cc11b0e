# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What the guest scripts share: kernels, the accelerator, libraries. Sourced with $top set.
: "${top:?}"

say() {
	echo "guest: $*" >&2
}

die() {
	say "$*"
	exit 1
}

# The release of the newest Debian kernel of a series that has both its image and its headers.
stock_release() {
	for image in /boot/vmlinuz-"$1".*-amd64; do
		release=${image#/boot/vmlinuz-}
		case $release in
		*-rt-amd64 | *-cloud-amd64) continue ;;
		esac
		[ ! -e "/usr/src/linux-headers-$release/Makefile" ] || echo "$release"
	done | sort -V | tail -n 1 | grep . || die "no Debian kernel $1 with headers (tools/deps.sh guest)"
}

# kernel_release, kernel_image, kernel_dir: of "debug" or of a Debian series such as 6.1.
kernel_release() {
	case $1 in
	debug) cat "$(kernel_dir debug)/include/config/kernel.release" ;;
	*) stock_release "$1" ;;
	esac
}

kernel_image() {
	case $1 in
	debug) echo "$(dirname "$(kernel_dir debug)")/bzImage" ;;
	*) echo "/boot/vmlinuz-$(stock_release "$1")" ;;
	esac
}

kernel_dir() {
	case $1 in
	debug) "$top/tools/guest/build-kernel.sh" ;;
	*) echo "/usr/src/linux-headers-$(stock_release "$1")" ;;
	esac
}

# A boot sector that says K on the serial line. That KVM's device opens proves nothing.
probe_kvm() {
	dir=$(mktemp -d)
	{
		printf '\272\370\003\260\113\356\372\364\353\375'
		head -c 500 /dev/zero
		printf '\125\252'
	} >"$dir/boot"
	timeout -s KILL 5 qemu-system-x86_64 -accel kvm -cpu host -m 16 -display none -monitor none \
		-no-reboot -drive "file=$dir/boot,format=raw,if=floppy" -serial "file:$dir/out" \
		>/dev/null 2>&1 &
	probe=$!
	answer=1
	while kill -0 $probe 2>/dev/null; do
		if grep -q K "$dir/out" 2>/dev/null; then
			answer=0
			kill -KILL $probe 2>/dev/null || true
			break
		fi
		sleep 0.1
	done
	wait $probe 2>/dev/null || true
	rm -rf "$dir"
	return $answer
}

# The accelerator, asked for once in the life of this machine's kernel and this build folder.
accel() {
	boot=$(cat /proc/sys/kernel/random/boot_id)
	cache=$top/build/guest/accel
	if ! grep -qs "^$boot " "$cache"; then
		mkdir -p "$top/build/guest"
		found=tcg
		[ ! -w /dev/kvm ] || ! probe_kvm || found=kvm
		echo "$boot $found" >"$cache"
	fi
	cut -d' ' -f2 "$cache"
}

# Before 8.1, QEMU with a thread per CPU may go on running a breakpoint that the kernel set for a moment
# while it changed code, and the kernel has taken away: an int3 that nobody knows. One thread cannot.
tcg_threads() {
	version=$(qemu-system-x86_64 --version | sed -n 's/.*version \([0-9.]*\).*/\1/p')
	if printf '8.1\n%s\n' "$version" | sort -CV; then echo multi; else echo single; fi
}

# Copies a program and the libraries it is linked with to the same places under a root folder.
copy_program() {
	install -D -m 755 "$1" "$2$3"
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r so; do
		[ -e "$2$so" ] || install -D -m 755 "$so" "$2$so"
	done
}

# Builds an external module out of a copy of its folder, so that several kernels can coexist, and
# prints where the copy is.
build_external() {
	copy=$top/build/$1/$(kernel_release "$3")
	mkdir -p "$copy"
	cp -u "$top/$2"/* "$copy/"
	make -s -C "$(kernel_dir "$3")" M="$copy" modules >"$copy/make.log" 2>&1 || {
		cat "$copy/make.log" >&2
		die "$2 does not build for $3"
	}
	echo "$copy"
}

# The modules of selftests/modules, next to weir.ko, which is built.
build_modules() {
	release=$(kernel_release "$1")
	KBUILD_EXTRA_SYMBOLS=$top/build/module-$release/Module.symvers
	WEIR_INCLUDE=$top/kmod
	export KBUILD_EXTRA_SYMBOLS WEIR_INCLUDE
	copy=$(build_external sample selftests/modules "$1")
	cp "$copy/weir_sample.ko" "$copy/weir_holder.ko" "$top/build/$release/"
}
