/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libweirload's store on disk: which content this host trusts, and how it comes up at boot.
 * Documentation/store.rst has the layout. Returns as weirload.h says.
 *
 * Whoever calls a function that changes something holds weir_floor_lock() of the state folder.
 */
#ifndef WEIR_LOAD_STORE_H
#define WEIR_LOAD_STORE_H

#include "weirload.h"

#define WEIR_STORE_CHANNELS 64u /* as many as the kernel has */
#define WEIR_STORE_KEEP 10u /* newest generations that gc leaves, unless it is told otherwise */
#define WEIR_BOOT_ID 37 /* bytes of a boot id and its NUL */
#define WEIR_WORD 16 /* bytes of a word and its NUL */

/* Content of one channel. */
struct weir_entry {
	uint32_t channel;
	uint64_t version;
	char stage[WEIR_WORD]; /* "trusted" in a generation */
	uint8_t object[WEIR_DIGEST_SIZE]; /* SHA-256 of the file */
	uint8_t content[WEIR_DIGEST_SIZE]; /* SHA-256 of the file without its signature */
	uint32_t ntypes;
	struct {
		uint32_t id;
		uint64_t fingerprint;
	} type[WEIR_TYPES_MAX]; /* Template Types that it needs */
};

/* Content of several channels, by ascending channel number. */
struct weir_set {
	uint32_t n;
	struct weir_entry entry[WEIR_STORE_CHANNELS];
};

/* All content that this host trusted at one time. Its file is never rewritten. */
struct weir_generation {
	uint64_t number; /* from 1; 0: there is none */
	uint64_t from; /* which one it was made of */
	char why[WEIR_WORD]; /* load, unload, purge, boot-loop */
	struct weir_set set;
};

/* The marker: what has still to show, since this boot, that the machine lives with it. */
struct weir_trying {
	char boot[WEIR_BOOT_ID]; /* empty: there is no marker */
	uint64_t generation; /* what this boot came up with; 0: that is settled */
	uint32_t attempt; /* 1, or 2 after a boot that did not end well */
	struct weir_set set; /* content on trial */
};

/* Make durable the name that a file has in its folder. 0, or -1 and errno. */
WEIR_API int weir_sync_name(const char *path);

/**
 * weir_boot_id() - what tells one boot of this machine from another
 * @out: filled on success
 * @r: the reason
 */
WEIR_API int weir_boot_id(char out[WEIR_BOOT_ID], struct weir_refusal *r);

/**
 * weir_store_trying() - note on disk that content is about to be active on trial
 * @state: the state folder
 * @k: the file, checked
 * @live: the types that it was checked against
 * @stage: a word for how it is on trial
 * @r: the reason
 *
 * Puts the file into the store. Until weir_store_trusted() or weir_store_dropped() a boot finds the
 * marker, and comes up without it. To be called before the kernel activates the content.
 */
WEIR_API int weir_store_trying(const char *state, const struct weir_checked *k,
			       const struct weir_live *live, const char *stage,
			       struct weir_refusal *r);

/**
 * weir_store_trusted() - content is trusted: a new generation has it, and is the current one
 * @state: the state folder
 * @k: the file, checked
 * @live: the types that it was checked against
 * @r: the reason
 *
 * Puts the file into the store if it is not there yet. Nothing to do is no error.
 */
WEIR_API int weir_store_trusted(const char *state, const struct weir_checked *k,
				const struct weir_live *live, struct weir_refusal *r);

/**
 * weir_store_dropped() - content on trial is out of the kernel again
 * @state: the state folder
 * @channel: its channel
 * @r: the reason
 */
WEIR_API int weir_store_dropped(const char *state, uint32_t channel, struct weir_refusal *r);

/**
 * weir_store_follow() - make the store say of a channel what the kernel has come to by itself
 * @state: the state folder
 * @channel: the channel
 * @trusted: SHA-256 of the content that the kernel trusts, active or last-good; null: none
 * @trial: of the content that is on trial in the kernel; null: none
 * @r: the reason
 *
 * What was on trial and is trusted now makes a generation, as weir_store_trusted() does; so does
 * what some generation has and the kernel went back to. The marker keeps @trial alone. Without
 * @trusted the current generation stays as it is: weir_store_unload() takes a channel out.
 */
WEIR_API int weir_store_follow(const char *state, uint32_t channel, const uint8_t *trusted,
			       const uint8_t *trial, struct weir_refusal *r);

/* Where in a set a channel is; -1 if it is not. */
WEIR_API int weir_set_find(const struct weir_set *s, uint32_t channel);

/* Whether the current generation has this content. What cannot be read has not. */
WEIR_API int weir_store_holds(const char *state, const struct weir_checked *k);

/**
 * weir_store_unload() - a generation without a channel
 * @state: the state folder
 * @channel: the channel, which need not be there
 * @r: the reason
 */
WEIR_API int weir_store_unload(const char *state, uint32_t channel, struct weir_refusal *r);

/**
 * weir_store_read() - a generation
 * @state: the state folder
 * @number: which; 0: the current one
 * @out: filled on success; number 0 if the current one was asked for and nothing was ever stored
 * @r: the reason
 */
WEIR_API int weir_store_read(const char *state, uint64_t number, struct weir_generation *out,
			     struct weir_refusal *r);

/* What the name of a generation says, "current" or "good": 0 if there is none. */
WEIR_API int weir_store_pointer(const char *state, const char *name, uint64_t *number,
				struct weir_refusal *r);

/* The marker; one whose boot is empty if there is none. */
WEIR_API int weir_store_marker(const char *state, struct weir_trying *out, struct weir_refusal *r);

/* Write a marker, or remove it if it says nothing. */
WEIR_API int weir_store_mark(const char *state, const struct weir_trying *t,
			     struct weir_refusal *r);

/**
 * weir_store_object() - read a channel file, and compare it with its digest
 * @state: the state folder
 * @e: which
 * @out: filled on success; free with weir_blob_free()
 * @r: the reason
 */
WEIR_API int weir_store_object(const char *state, const struct weir_entry *e, struct weir_blob *out,
			       struct weir_refusal *r);

/**
 * weir_check_stored() - what weir_check_signed() checks, of content that this host trusted before
 * @c: what to check; its path and time are not used
 * @e: where it is in the store
 * @out: filled on success
 * @r: the reason
 *
 * The file's digest instead of the version floor; and signers, but not the clock.
 */
WEIR_API int weir_check_stored(const struct weir_check *c, const struct weir_entry *e,
			       struct weir_checked *out, struct weir_refusal *r);

/* Whether all files of a set are there as they should be. */
WEIR_API int weir_store_whole(const char *state, const struct weir_set *s, struct weir_refusal *r);

/**
 * weir_store_rollback() - make a kept generation the current one
 * @state: the state folder
 * @number: which
 * @r: the reason
 *
 * Every generation was trusted here once, so version floors do not stand in its way.
 */
WEIR_API int weir_store_rollback(const char *state, uint64_t number, struct weir_refusal *r);

/**
 * weir_store_numbers() - which generations there are
 * @state: the state folder
 * @out: ascending; free with free()
 * @n: how many
 * @r: the reason
 */
WEIR_API int weir_store_numbers(const char *state, uint64_t **out, size_t *n,
				struct weir_refusal *r);

/* Whether weirctl store keep holds a generation. */
WEIR_API int weir_store_kept(const char *state, uint64_t number);

/**
 * weir_store_keep() - hold a generation whatever its age, or not any more
 * @state: the state folder
 * @number: which
 * @keep: 1 or 0
 * @r: the reason
 */
WEIR_API int weir_store_keep(const char *state, uint64_t number, int keep, struct weir_refusal *r);

/* What was removed. */
struct weir_removed {
	uint32_t generations;
	uint32_t objects;
	uint32_t leftovers; /* of loaders that were stopped */
};

/**
 * weir_store_gc() - remove what nothing leads to
 * @state: the state folder
 * @keep: how many of the newest generations stay, besides those that are needed or held
 * @out: filled on success
 * @r: the reason
 */
WEIR_API int weir_store_gc(const char *state, uint32_t keep, struct weir_removed *out,
			   struct weir_refusal *r);

/**
 * weir_store_purge() - remove content, and all generations that have it
 * @state: the state folder
 * @digest: of the file, or of the file without its signature
 * @out: filled on success
 * @r: the reason
 *
 * If the current generation has it, a new one without it becomes the current one before.
 */
WEIR_API int weir_store_purge(const char *state, const uint8_t *digest, struct weir_removed *out,
			      struct weir_refusal *r);

/* What a boot comes up with, and why. */
enum weir_boot_choice {
	WEIR_BOOT_CURRENT, /* the current generation */
	WEIR_BOOT_AGAIN, /* the same: this boot chose already */
	WEIR_BOOT_BACK, /* the boot before did not end well: what last did, or the current */
	WEIR_BOOT_DAMAGED, /* the current one is damaged: what a boot last ended well with */
	WEIR_BOOT_NOTHING, /* two boots did not end well */
};

/**
 * weir_boot_choose() - what this boot has to come up with; changes nothing
 * @state: the state folder
 * @boot: the boot id
 * @choice: set on success
 * @out: filled on success; whole, and with an empty set if there is nothing to load
 * @r: the reason; with WEIR_BOOT_DAMAGED: what is damaged
 */
WEIR_API int weir_boot_choose(const char *state, const char *boot, enum weir_boot_choice *choice,
			      struct weir_generation *out, struct weir_refusal *r);

/**
 * weir_boot_begin() - make the choice durable, before anything of it is loaded
 * @state: the state folder
 * @boot: the boot id
 * @choice: from weir_boot_choose()
 * @g: from weir_boot_choose(); with WEIR_BOOT_NOTHING a new, empty generation is made of it
 * @r: the reason
 */
WEIR_API int weir_boot_begin(const char *state, const char *boot, enum weir_boot_choice choice,
			     struct weir_generation *g, struct weir_refusal *r);

/**
 * weir_boot_settled() - this boot has ended well
 * @state: the state folder
 * @boot: the boot id
 * @r: the reason
 */
WEIR_API int weir_boot_settled(const char *state, const char *boot, struct weir_refusal *r);

#endif
