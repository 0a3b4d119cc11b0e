/* SPDX-License-Identifier: GPL-2.0 */
/* Every limit of the channel format and of the Content Interpreter. */
#ifndef WEIR_LIMITS_H
#define WEIR_LIMITS_H

#define WEIR_CONTENT_MAX 0x2000000u /* bytes of one channel file, without its signature: 32 MiB */
#define WEIR_COUNT_MAX 0x40000u /* entries of any one table: 262,144 */
#define WEIR_ARITY_MAX 64u /* fields of a Template Type: one bit each in a u64 mask */
#define WEIR_TYPES_MAX 64u /* Template Types one channel file may use */
#define WEIR_VALUE_MAX 8192u /* bytes of one string value of an event */
#define WEIR_LITERAL_MAX 2048u /* bytes of one literal */
#define WEIR_NODES_MAX 0xfff0u /* nodes of one instance's program */
#define WEIR_DFA_CELLS_MAX 0xfff0u /* states times classes of one DFA */
#define WEIR_DFA_CLASSES_MAX 257u /* 256 byte values and the end of input */
#define WEIR_PROBES_MAX 256u /* of one channel file */
#define WEIR_SLOTS_MAX 0x1fffu /* criteria of which it is noted where they are found */
#define WEIR_WORDS_MAX 0x100000u /* of filters: 4 MiB; and entries of the index: 16 MiB */
#define WEIR_WEIGHT_MAX 0x1000000u /* steps through entries of the index in a row */
#define WEIR_NAME_MAX 64u /* bytes of a channel name */
#define WEIR_TITLE_MAX 256u /* bytes of an instance's title */
#define WEIR_COST_MAX 0x1000000000ull /* steps of one event at worst, as declared: 2^36 */
#define WEIR_COST_USUAL 0x10000000ull /* that a kernel accepts unless it is told otherwise: 2^28 */
#define WEIR_ENUM_MAX 64u /* values of an enum field */
#define WEIR_ACTION_WORDS 2048u /* of scratch for weir_actions(): a bit a node of one program */

#endif
