/* SPDX-License-Identifier: GPL-2.0 */
/* Immutable content: one channel file as the kernel holds it. */
#ifndef WEIR_KMOD_CONTENT_H
#define WEIR_KMOD_CONTENT_H

#include <crypto/sha2.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "breaker.h"
#include "decision.h"
#include "trial.h"

struct page;

/* Longest file taken: content and, behind it, a signature. */
#define WEIR_SIGNATURE_MAX 0x4000u
#define WEIR_FILE_MAX (WEIR_CONTENT_MAX + WEIR_SIGNATURE_MAX)

/* Bits of struct weir_content.flags */
#define WEIR_CONTENT_BAD 0 /* it tripped: nobody evaluates it any more */
#define WEIR_CONTENT_BROKEN 1 /* the breaker is open: no verdict of it is applied */
#define WEIR_CONTENT_HELD 2 /* a limit was passed, and verdicts are applied still, by policy */

/**
 * struct weir_content - one channel file, never changed once it is sealed
 * @refs: one for each slot that holds it and for each caller of weir_store_get()
 * @flags: WEIR_CONTENT_BAD, set once by any reader, never cleared; the others, set by any reader,
 *	cleared under weir_store.lock
 * @raw: the whole file, signature included, mapped read-only; NULL until sealed
 * @len: bytes at @raw
 * @pages: what @raw maps
 * @npages: entries of @pages
 * @view: the content in @raw, opened
 * @about: its header; points into @raw
 * @wanted: by slot of the type: the fields it reads
 * @uses: bit i: it has instances of the type in slot i
 * @digest: SHA-256 of the content without its signature
 * @signers: which of the keys that may sign did; see struct weir_signers
 * @scratch: by CPU: what weir_eval() needs
 * @tally: by CPU: what it did on live events
 * @trial: of content on trial or in shadow
 * @breaker: of what was applied
 * @blame: of content that tripped; written by the reader that set WEIR_CONTENT_BAD
 * @memory: bytes of kernel memory, all of the above
 * @free: runs after the last reader is gone
 *
 * Everything but @refs, @flags, @tally, @trial, @breaker and @blame is written before the content
 * is published and read without a lock. Readers in hooks are under RCU and take no reference.
 */
struct weir_content {
	refcount_t refs;
	unsigned long flags;
	const u8 *raw;
	u32 len;
	struct page **pages;
	u32 npages;
	struct weir_view view;
	struct weir_about about;
	u64 wanted[WEIR_NSLOTS];
	u64 uses;
	u8 digest[SHA256_DIGEST_SIZE];
	u32 signers;
	u32 **scratch;
	struct weir_tally __percpu *tally;
	struct weir_trial trial;
	struct weir_breaker breaker;
	struct weir_blame blame;
	size_t memory;
	struct rcu_work free;
};

/**
 * weir_content_alloc() - room for a file that is still to be copied
 * @len: bytes, at most WEIR_FILE_MAX
 * @rw: where to copy them, until weir_content_seal()
 *
 * Context: process context, may sleep.
 * Return: content with one reference and no mapping of its own, or an ERR_PTR().
 */
struct weir_content *weir_content_alloc(u32 len, u8 **rw);

/**
 * weir_content_seal() - end writing: from here on the file is mapped read-only
 * @ct: the content
 * @rw: from weir_content_alloc(); gone afterwards, whatever is returned
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int weir_content_seal(struct weir_content *ct, u8 *rw);

/**
 * weir_content_open() - read the header of sealed content and take its digest
 * @ct: sealed content
 * @len: bytes of it without the signature
 * @err: written only on failure, and not when memory is short
 *
 * Return: 0, -EFBIG or -EBADMSG.
 */
int weir_content_open(struct weir_content *ct, u32 len, struct weir_error *err);

/**
 * weir_content_verify() - check opened content against the schema of the running kernel
 * @ct: opened content
 * @err: written only on failure, and not when memory is short
 *
 * Context: process context, may sleep.
 * Return: 0, -EOPNOTSUPP for a schema or fields that this kernel does not have, -EFBIG for a cost
 * above the limit, -EBADMSG for any other flaw, -ENOMEM.
 */
int weir_content_verify(struct weir_content *ct, struct weir_error *err);

/**
 * weir_content_prepare() - what evaluation needs: masks of fields, scratch for each CPU
 * @ct: opened content
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int weir_content_prepare(struct weir_content *ct);

/**
 * weir_content_selftest() - run the content's own sample events in this kernel's interpreter
 * @ct: verified content
 * @err: written only on failure, and not when memory is short
 *
 * Context: process context, may sleep.
 * Return: 0, -EBADMSG if a sample did not match what it should, -EINTR if the caller is being
 * killed, -ENOMEM.
 */
int weir_content_selftest(struct weir_content *ct, struct weir_error *err);

/**
 * weir_content_fuel() - how many steps one event may take
 * @ct: opened content
 */
u64 weir_content_fuel(const struct weir_content *ct);

/**
 * weir_content_max_cost() - the worst-case cost above which content is refused
 */
u64 weir_content_max_cost(void);

/**
 * weir_content_put() - drop a reference; with the last one the content goes once readers are gone
 * @ct: content or NULL
 *
 * Context: any.
 */
void weir_content_put(struct weir_content *ct);

/**
 * weir_content_init() - start the queue that frees content
 *
 * Return: 0 or -ENOMEM.
 */
int weir_content_init(void);

/**
 * weir_content_exit() - wait until all content that was put is freed, and stop
 */
void weir_content_exit(void);

#endif
