/* SPDX-License-Identifier: GPL-2.0 */
/* The one place where the core meets its surroundings: integer names and speculation. */
#ifndef WEIR_PORT_H
#define WEIR_PORT_H

#if defined(__KERNEL__)

#include <linux/types.h>
#include <linux/stddef.h>
#include <linux/nospec.h>
#include <linux/compiler.h>

/* An index that passed its bound check, clamped for speculation too. */
#define weir_nospec(i, n) array_index_nospec(i, n)
#define weir_inline static __always_inline
/* Out of line, with registers and stack of its own. */
#define weir_outline static noinline __maybe_unused

#else

#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define weir_nospec(i, n) (i)
#if defined(__FRAMAC__)
#define weir_inline static inline
#define weir_outline static
#else
#define weir_inline static inline __attribute__((always_inline))
#define weir_outline static __attribute__((noinline, unused))
#endif

#endif
#endif
