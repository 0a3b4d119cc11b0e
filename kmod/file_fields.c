// SPDX-License-Identifier: GPL-2.0
/* The fields of file_event, a function each; templates.def says what they mean. */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "capture.h"
#include "file.h"

static const struct weir_file *file_of(const struct weir_capture *c)
{
	return c->hook;
}

static bool weir_cap_file_event_TargetFilename(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_path(c, v, &file_of(c)->target);
}

static bool weir_cap_file_event_Operation(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, file_of(c)->operation);
}

static bool weir_cap_file_event_SourceFilename(struct weir_capture *c, struct weir_value *v)
{
	const struct weir_file *e = file_of(c);

	if (e->text)
		return weir_cap_bytes(c, v, e->text, strnlen(e->text, PATH_MAX));
	return e->source.dentry && weir_cap_path(c, v, &e->source);
}

static bool weir_cap_file_event_Mode(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, file_of(c)->mode);
}

/* A file that is not there yet will belong to whom the file system takes its creator for. */
static bool weir_cap_file_event_FileUserId(struct weir_capture *c, struct weir_value *v)
{
	const struct inode *inode = file_of(c)->inode;

	return weir_cap_num(v, from_kuid(&init_user_ns, inode ? inode->i_uid : current_fsuid()));
}

static bool weir_cap_file_event_Inode(struct weir_capture *c, struct weir_value *v)
{
	const struct inode *inode = file_of(c)->inode;

	return inode && weir_cap_num(v, inode->i_ino);
}

/* What is about to get a name is not deleted, though no directory has the name yet. */
static bool weir_cap_file_event_TargetDeleted(struct weir_capture *c, struct weir_value *v)
{
	const struct weir_file *e = file_of(c);

	if (e->operation == WEIR_FILE_CREATE || e->operation == WEIR_FILE_RENAME)
		return weir_cap_num(v, false);
	return weir_cap_num(v, d_unlinked(e->target.dentry) || weir_path_memfd(&e->target));
}

static bool weir_cap_file_event_TargetMemfd(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, weir_path_memfd(&file_of(c)->target));
}

static bool weir_cap_file_event_TargetOverlay(struct weir_capture *c, struct weir_value *v)
{
	return weir_cap_num(v, weir_path_overlay(&file_of(c)->target));
}

/* clang-format off */
#define WEIR_TYPE(t, id, channel, arity)
#define WEIR_FIELD(t, name, kind, capture, values) WEIR_ROW_##t(name, capture)
#define WEIR_TYPE_END(t)
#define WEIR_ROW_process_creation(name, capture)
#define WEIR_ROW_file_event(name, capture) WEIR_CAP_ROW_##capture(file_event, name)
#define WEIR_ROW_network_connection(name, capture)
#define WEIR_ROW_ipc(name, capture)
#define WEIR_ROW_kernel_activity(name, capture)
/* clang-format on */
const weir_cap_fn weir_file_fields[WEIR_file_event_arity] = {
#include "../interpreter/templates.def"
};
