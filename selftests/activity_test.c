// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says of modules, BPF programs and kexec is what a child really did, once each.
 * The other activity_*_test programs have the other operations.
 */
#include <fcntl.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "activity_claims.h"

static int act_nonsense(const void *fd)
{
	return fails(syscall(SYS_finit_module, *(const int *)fd, "", 0), ENOEXEC);
}

static int act_module(const void *fd)
{
	return fails(syscall(SYS_finit_module, *(const int *)fd, "", 0), EEXIST);
}

KTAP_TEST(a_module_is_named_by_its_file)
{
	int fd = open("/modules/weir.ko", O_RDONLY);
	const struct weir_u_record *r;

	begin();
	KTAP_ASSERT(fd >= 0);
	act(0, act_module, &fd);
	r = next(MODULE_LOAD);
	TEXT(r, TargetName, "weir.ko");
	TEXT(r, TargetFilename, "/modules/weir.ko");
	NUM(r, TargetDeleted, 0);
	NUM(r, TargetMemfd, 0);
	ABSENT(r, Flags);
	expect_no_target(r);
	ABSENT(r, TargetUserId);
	KTAP_EXPECT(weir_act_is(r, actor, 0));
	NUM(r, Chroot, 0);
	NUM(r, Truncated, 0);
	KTAP_EXPECT_EQ(r->nfields, 1 + WEIR_kernel_activity_arity - 4);
	expect_done();
}

KTAP_TEST(a_module_whose_file_was_deleted_says_so)
{
	static const char path[] = "/tmp/weir-gone.ko";
	const struct weir_u_record *r;
	int fd;

	begin();
	weir_child_put(path, "no module\n");
	fd = open(path, O_RDONLY);
	KTAP_ASSERT(fd >= 0 && !unlink(path));
	act(0, act_nonsense, &fd);
	r = next(MODULE_LOAD);
	TEXT(r, TargetName, "weir-gone.ko");
	TEXT(r, TargetFilename, path);
	NUM(r, TargetDeleted, 1);
	NUM(r, TargetMemfd, 0);
	expect_done();
}

KTAP_TEST(a_module_in_a_memory_file_says_so)
{
	int fd = memfd_create("hidden", 0);
	const struct weir_u_record *r;

	begin();
	KTAP_ASSERT(fd >= 0 && write(fd, "no module\n", 10) == 10);
	act(0, act_nonsense, &fd);
	r = next(MODULE_LOAD);
	TEXT(r, TargetName, "memfd:hidden");
	TEXT(r, TargetFilename, "/memfd:hidden");
	NUM(r, TargetDeleted, 1);
	NUM(r, TargetMemfd, 1);
	expect_done();
}

static int act_memory(const void *what)
{
	static const char nonsense[128];

	(void)what;
	return fails(syscall(SYS_init_module, nonsense, sizeof(nonsense), ""), ENOEXEC);
}

KTAP_TEST(a_module_from_memory_has_no_file)
{
	const struct weir_u_record *r;

	begin();
	act(0, act_memory, NULL);
	r = next(MODULE_LOAD);
	ABSENT(r, TargetName);
	ABSENT(r, Flags);
	expect_no_file(r);
	expect_no_target(r);
	ABSENT(r, TargetUserId);
	KTAP_EXPECT(weir_act_is(r, actor, 0));
	expect_done();
}

/* BPF_PROG_LOAD of a program that returns 0, with as much of a name as size lets the kernel see. */
struct program {
	const char *name;
	unsigned int size;
	int error;
};

static int act_program(const void *what)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static const char license[] = "GPL";
	const struct program *p = what;
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uintptr_t)insns,
		.insn_cnt = 2,
		.license = (uintptr_t)license,
	};
	long fd;

	memcpy(attr.prog_name, p->name, strlen(p->name));
	fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, p->size);
	return p->error ? fails(fd, p->error) : (int)fd;
}

#define NAME_AT offsetof(union bpf_attr, prog_name)

KTAP_TEST(a_program_is_named_as_far_as_the_kernel_was_told)
{
	static const struct program whole = { "weir_filter", NAME_AT + 16, 0 };
	static const struct program endless = { "sixteen_letters_", NAME_AT + 16, EINVAL };
	static const struct program cut = { "weir_filter", NAME_AT + 4, 0 };
	static const struct program none = { "", NAME_AT, 0 };
	const struct weir_u_record *r;

	begin();
	act(0, act_program, &whole);
	r = next(BPF_LOAD);
	TEXT(r, TargetName, "weir_filter");
	NUM(r, Flags, BPF_PROG_TYPE_SOCKET_FILTER);
	expect_no_file(r);
	expect_no_target(r);
	ABSENT(r, TargetUserId);
	KTAP_EXPECT(weir_act_is(r, actor, 0));
	expect_done();
	act(0, act_program, &endless);
	r = next(BPF_LOAD);
	TEXT(r, TargetName, "sixteen_letters_");
	act(0, act_program, &cut);
	r = next(BPF_LOAD);
	TEXT(r, TargetName, "weir");
	act(0, act_program, &none);
	r = next(BPF_LOAD);
	ABSENT(r, TargetName);
	NUM(r, Flags, BPF_PROG_TYPE_SOCKET_FILTER);
}

static int act_map(const void *what)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1,
	};

	(void)what;
	return (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
}

KTAP_TEST(a_bpf_map_is_no_program)
{
	begin();
	act(0, act_map, NULL);
	expect_done();
}

static int act_kexec(const void *what)
{
	(void)what;
	return (int)syscall(SYS_kexec_load, 0, 0, NULL, 0);
}

KTAP_TEST(a_kernel_from_memory_has_no_file)
{
	const struct weir_u_record *r;

	begin();
	act(0, act_kexec, NULL);
	r = next(KEXEC_LOAD);
	ABSENT(r, TargetName);
	ABSENT(r, Flags);
	expect_no_file(r);
	expect_no_target(r);
	ABSENT(r, TargetUserId);
	KTAP_EXPECT(weir_act_is(r, actor, 0));
	expect_done();
}

static int act_kexec_file(const void *fd)
{
	return fails(syscall(SYS_kexec_file_load, *(const int *)fd, -1, 1, "", 4), ENOEXEC);
}

KTAP_TEST(a_kernel_is_named_by_its_file)
{
	static const char path[] = "/tmp/weir-kernel";
	const struct weir_u_record *r;
	int fd;

	if (syscall(SYS_kexec_file_load, -1, -1, 0, NULL, 0) && errno == ENOSYS)
		KTAP_SKIP("this kernel has no kexec_file_load()");
	begin();
	weir_child_put(path, "no kernel\n");
	fd = open(path, O_RDONLY);
	KTAP_ASSERT(fd >= 0);
	act(0, act_kexec_file, &fd);
	r = next(KEXEC_LOAD);
	TEXT(r, TargetName, "weir-kernel");
	TEXT(r, TargetFilename, path);
	NUM(r, TargetDeleted, 0);
	NUM(r, TargetMemfd, 0);
	expect_done();
}

KTAP_TEST(all_21_fields_are_provided_and_without_content_nothing_is_armed)
{
	struct weir_u_type t;

	begin();
	KTAP_ASSERT(!weir_ev_type(dev, WEIR_TYPE_kernel_activity, &t));
	KTAP_EXPECT_EQ(t.provided, (1ull << WEIR_kernel_activity_arity) - 1);
	KTAP_EXPECT_EQ(t.armed, 1);
	KTAP_EXPECT(!weir_ev_unload(dev, WEIR_ACTIVITY_CHANNEL));
	expect_nothing_armed();
}

KTAP_MAIN()
