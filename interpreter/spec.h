/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the prover is told: from bytes to records to tables. No C code. What ends in _ok is what a
 * check of the verifier makes sure of.
 */
#ifndef WEIR_SPEC_H
#define WEIR_SPEC_H

/* Steps at worst, by operator; limits.h has the maxima. */
#define UNIT_ANCHORED (1u + WEIR_LITERAL_MAX)
#define UNIT_CONTAINS (1u + 2u * WEIR_VALUE_MAX)
#define UNIT_CIDR 18u
#define COST_DFA (2u + 2u * WEIR_VALUE_MAX)
#define COST_FIELDS (1u + WEIR_VALUE_MAX)
#define COST_WINDOW 16u /* a window of at most eight bytes, or an address, to a tag */
/* No criterion costs more than this, no sum of them overflows 64 bits. */
#define COST_CRITERION_MAX (1ull + (u64)WEIR_COUNT_MAX * UNIT_CONTAINS)

/*@
  // ---- the header is decoded: every table lies inside the file
  predicate table(integer off, integer bytes, integer n) = 0 <= off && off + bytes <= n;
  predicate view_rules(struct weir_view v) =
     mem(v.b, v.n) && WEIR_HEADER_SIZE <= v.n &&
     v.ntext <= WEIR_CONTENT_MAX && table(v.text, v.ntext, v.n) &&
     v.ntypes <= WEIR_TYPES_MAX && table(v.types, 32 * v.ntypes, v.n) &&
     v.nkinds <= WEIR_CONTENT_MAX && table(v.kinds, v.nkinds, v.n) &&
     v.ninsts <= WEIR_COUNT_MAX && table(v.insts, 32 * v.ninsts, v.n) &&
     v.nnodes <= WEIR_COUNT_MAX && table(v.nodes, 8 * v.nnodes, v.n) &&
     v.ncrits <= WEIR_COUNT_MAX && table(v.crits, 16 * v.ncrits, v.n) &&
     v.nlits <= WEIR_COUNT_MAX && table(v.lits, 8 * v.nlits, v.n) &&
     v.nnums <= WEIR_COUNT_MAX && table(v.nums, 16 * v.nnums, v.n) &&
     v.npool <= WEIR_CONTENT_MAX && table(v.pool, v.npool, v.n) &&
     v.ndfas <= WEIR_COUNT_MAX && table(v.dfas, 32 * v.ndfas, v.n) &&
     v.ndfad <= WEIR_CONTENT_MAX && table(v.dfad, v.ndfad, v.n);
  predicate view_mem(struct weir_view v) =
     view_rules(v) &&
     v.nprobes <= WEIR_PROBES_MAX && table(v.probes, 32 * v.nprobes, v.n) &&
     v.nfilters <= WEIR_WORDS_MAX && table(v.filters, 4 * v.nfilters, v.n) &&
     v.nentries <= WEIR_WORDS_MAX && table(v.entries, 16 * v.nentries, v.n) &&
     v.nwakes <= WEIR_COUNT_MAX && table(v.wakes, 4 * v.nwakes, v.n) &&
     v.nsamples <= WEIR_COUNT_MAX && table(v.samples, 16 * v.nsamples, v.n) &&
     v.nsvals <= WEIR_COUNT_MAX && table(v.svals, 24 * v.nsvals, v.n) &&
     v.nsexps <= WEIR_COUNT_MAX && table(v.sexps, 4 * v.nsexps, v.n) &&
     v.nsdata <= WEIR_CONTENT_MAX && table(v.sdata, v.nsdata, v.n);

  // ---- members of records, by index
  logic integer low16(integer x) = x % 65536;
  logic integer high16(integer x) = x / 65536;
  logic integer t_id{L}(struct weir_view v, integer t) = low16(le32(v.b, v.types + 32*t));
  logic integer t_arity{L}(struct weir_view v, integer t) = high16(le32(v.b, v.types + 32*t));
  logic integer t_inst{L}(struct weir_view v, integer t) = le32(v.b, v.types + 32*t + 4);
  logic integer t_ninst{L}(struct weir_view v, integer t) = le32(v.b, v.types + 32*t + 8);
  logic integer t_kind{L}(struct weir_view v, integer t) = le32(v.b, v.types + 32*t + 12);
  logic integer t_nalways{L}(struct weir_view v, integer t) = le32(v.b, v.types + 32*t + 16);
  logic integer t_probe{L}(struct weir_view v, integer t) = le32(v.b, v.types + 32*t + 20);
  logic integer kind{L}(struct weir_view v, integer k) = v.b[v.kinds + k];
  logic integer i_type{L}(struct weir_view v, integer i) = low16(le32(v.b, v.insts + 32*i + 16));
  logic integer i_nn{L}(struct weir_view v, integer i) = high16(le32(v.b, v.insts + 32*i + 16));
  logic integer i_node{L}(struct weir_view v, integer i) = le32(v.b, v.insts + 32*i + 20);
  logic integer i_action{L}(struct weir_view v, integer i) =
     le32(v.b, v.insts + 32*i + 24) / 256 % 256;
  logic integer i_tlen{L}(struct weir_view v, integer i) = high16(le32(v.b, v.insts + 32*i + 24));
  logic integer n_crit{L}(struct weir_view v, integer k) =
     le32(v.b, v.nodes + 8*k) % WEIR_INDEXED_NODE;
  logic integer n_indexed{L}(struct weir_view v, integer k) =
     le32(v.b, v.nodes + 8*k) / WEIR_INDEXED_NODE % 2;
  logic integer n_yes{L}(struct weir_view v, integer k) = low16(le32(v.b, v.nodes + 8*k + 4));
  logic integer n_no{L}(struct weir_view v, integer k) = high16(le32(v.b, v.nodes + 8*k + 4));
  logic integer c_type{L}(struct weir_view v, integer c) = le32(v.b, v.crits + 16*c) % 256;
  logic integer c_field{L}(struct weir_view v, integer c) =
     le32(v.b, v.crits + 16*c) / 256 % 256;
  logic integer c_field2{L}(struct weir_view v, integer c) =
     le32(v.b, v.crits + 16*c) / 65536 % 256;
  logic integer c_op{L}(struct weir_view v, integer c) = le32(v.b, v.crits + 16*c) / 16777216;
  logic integer c_first{L}(struct weir_view v, integer c) = le32(v.b, v.crits + 16*c + 4);
  logic integer c_count{L}(struct weir_view v, integer c) =
     le32(v.b, v.crits + 16*c + 8) % 16777216;
  logic integer c_flags{L}(struct weir_view v, integer c) =
     le32(v.b, v.crits + 16*c + 8) / 16777216;
  logic integer c_wake{L}(struct weir_view v, integer c) =
     le32(v.b, v.crits + 16*c + 12) % WEIR_SLOT;
  logic integer l_off{L}(struct weir_view v, integer l) = le32(v.b, v.lits + 8*l);
  logic integer l_len{L}(struct weir_view v, integer l) = low16(le32(v.b, v.lits + 8*l + 4));
  logic integer b_field{L}(struct weir_view v, integer i) =
     le32(v.b, v.probes + 32*i) % 256;
  logic integer b_where{L}(struct weir_view v, integer i) =
     le32(v.b, v.probes + 32*i) / 256 % 256;
  logic integer b_width{L}(struct weir_view v, integer i) =
     le32(v.b, v.probes + 32*i) / 65536 % 256;
  logic integer b_filter{L}(struct weir_view v, integer i) = le32(v.b, v.probes + 32*i + 8);
  logic integer b_words{L}(struct weir_view v, integer i) = le32(v.b, v.probes + 32*i + 12);
  logic integer b_first{L}(struct weir_view v, integer i) = le32(v.b, v.probes + 32*i + 16);
  logic integer b_count{L}(struct weir_view v, integer i) = le32(v.b, v.probes + 32*i + 20);
  logic integer b_homes{L}(struct weir_view v, integer i) = le32(v.b, v.probes + 32*i + 24);
  logic integer b_weight{L}(struct weir_view v, integer i) = le32(v.b, v.probes + 32*i + 28);
  logic integer x_hash{L}(struct weir_view v, integer k) = le32(v.b, v.entries + 16*k);
  logic integer x_operand{L}(struct weir_view v, integer k) =
     le32(v.b, v.entries + 16*k + 8) % 0x40000000;
  logic integer x_crit{L}(struct weir_view v, integer k) = le32(v.b, v.entries + 16*k + 12);
  logic integer wake_at{L}(struct weir_view v, integer c) =
     c < v.ncrits ? c_wake(v, c) : v.nwakes;
  logic integer probe_at{L}(struct weir_view v, integer t) =
     t < v.ntypes ? t_probe(v, t) : v.nprobes;
  logic integer d_off{L}(struct weir_view v, integer d) = le32(v.b, v.dfas + 32*d);
  logic integer d_cells{L}(struct weir_view v, integer d) = le32(v.b, v.dfas + 32*d + 4);
  logic integer d_start{L}(struct weir_view v, integer d) = le32(v.b, v.dfas + 32*d + 8);
  logic integer d_nc{L}(struct weir_view v, integer d) = low16(le32(v.b, v.dfas + 32*d + 12));
  // entry j of the failure table at p; class of byte x and cell k of the DFA at p
  logic integer fail_at{L}(u8 *b, integer p, integer j) = le16(b, p + 2*j);
  logic integer class_at{L}(u8 *b, integer p, integer x) = b[p + x];
  logic integer cell_at{L}(u8 *b, integer p, integer k) = le16(b, p + 256 + 2*k);

  // ---- operands
  predicate fails_ok{L}(u8 *b, integer p, integer len) =
     \forall integer j; 1 <= j < len ==> fail_at(b, p, j) < j;
  // @plain: CONTAINS with failure tables, as it is where the index does not have it
  predicate plain(integer op, integer flags) = op == WEIR_OP_CONTAINS && flags < WEIR_INDEXED;
  predicate lit_ok{L}(struct weir_view v, integer l, integer op, integer flags) =
     l_len(v, l) <= WEIR_LITERAL_MAX && l_off(v, l) + l_len(v, l) <= v.npool &&
     (plain(op, flags) ==> 1 <= l_len(v, l) && l_off(v, l) + 3 * l_len(v, l) <= v.npool &&
	fails_ok(v.b, v.pool + l_off(v, l) + l_len(v, l), l_len(v, l))) &&
     (op == WEIR_OP_CIDR ==> l_len(v, l) == 5 || l_len(v, l) == 17);
  predicate lits_ok{L}(struct weir_view v, integer first, integer count, integer op,
		       integer flags) =
     first + count <= v.nlits &&
     \forall integer l; first <= l < first + count ==> lit_ok(v, l, op, flags);

  predicate next_ok(integer e, integer cells, integer nc) =
     e == WEIR_DFA_ACCEPT || e == WEIR_DFA_REJECT || e + nc <= cells;
  predicate dfa_tab{L}(u8 *b, integer n, integer p, integer cells, integer nc) =
     2 <= nc <= WEIR_DFA_CLASSES_MAX && cells <= WEIR_DFA_CELLS_MAX && p + 256 + 2 * cells <= n &&
     (\forall integer x; 0 <= x < 256 ==> class_at(b, p, x) < nc) &&
     (\forall integer k; 0 <= k < cells ==> next_ok(cell_at(b, p, k), cells, nc));
  predicate dfa_ok{L}(struct weir_view v, integer d) =
     d_off(v, d) <= v.ndfad &&
     dfa_tab(v.b, v.n, v.dfad + d_off(v, d), d_cells(v, d), d_nc(v, d)) &&
     d_start(v, d) + d_nc(v, d) <= d_cells(v, d);
  lemma class_moved{L}: \forall u8 *b, integer p, x; class_at(b + p, 0, x) == class_at(b, p, x);
  lemma cell_moved{L}: \forall u8 *b, integer p, k; cell_at(b + p, 0, k) == cell_at(b, p, k);
  lemma dfa_moved{L}: \forall u8 *b, integer n, p, cells, nc;
     dfa_tab(b, n, p, cells, nc) ==> dfa_tab(b + p, 256 + 2 * cells, 0, cells, nc);

  // ---- types and criteria
  predicate type_ok{L}(struct weir_view v, integer t) =
     t_arity(v, t) <= WEIR_ARITY_MAX && t_kind(v, t) + t_arity(v, t) <= v.nkinds &&
     t_inst(v, t) + t_ninst(v, t) <= v.ninsts && t_nalways(v, t) <= t_ninst(v, t);
  predicate numeric(integer k) =
     k == WEIR_KIND_u64 || k == WEIR_KIND_i64 || k == WEIR_KIND_bool || k == WEIR_KIND_enum;
  predicate anchored(integer op) =
     op == WEIR_OP_EQ || op == WEIR_OP_PREFIX || op == WEIR_OP_SUFFIX;
  predicate fields_op(integer op) =
     op == WEIR_OP_FIELD_EQ || op == WEIR_OP_FIELD_PREFIX || op == WEIR_OP_FIELD_SUFFIX;
  predicate op_fits(integer op, integer k) =
     (anchored(op) ==> k == WEIR_KIND_string) &&
     (op == WEIR_OP_CONTAINS ==> k == WEIR_KIND_string) &&
     (op == WEIR_OP_DFA ==> k == WEIR_KIND_string) &&
     (op == WEIR_OP_FIELD_PREFIX ==> k == WEIR_KIND_string) &&
     (op == WEIR_OP_FIELD_SUFFIX ==> k == WEIR_KIND_string) &&
     (op == WEIR_OP_CIDR ==> k == WEIR_KIND_ip) &&
     (op == WEIR_OP_RANGE ==> numeric(k));
  predicate operands_ok{L}(struct weir_view v, integer c, integer op) =
     0 <= c_count(v, c) &&
     (anchored(op) || op == WEIR_OP_CONTAINS || op == WEIR_OP_CIDR ==>
	lits_ok(v, c_first(v, c), c_count(v, c), op, c_flags(v, c))) &&
     (op == WEIR_OP_RANGE ==> c_first(v, c) + c_count(v, c) <= v.nnums) &&
     (op == WEIR_OP_DFA ==> c_first(v, c) < v.ndfas && dfa_ok(v, c_first(v, c)));
  predicate crit_fits{L}(struct weir_view v, integer c, integer arity, integer k0) =
     c_field(v, c) < arity && 1 <= c_op(v, c) < WEIR_OP_END &&
     op_fits(c_op(v, c), kind(v, k0 + c_field(v, c))) &&
     (fields_op(c_op(v, c)) ==>
	c_field2(v, c) < arity && kind(v, k0 + c_field2(v, c)) == kind(v, k0 + c_field(v, c)));
  predicate crit_ok{L}(struct weir_view v, integer c) =
     c_type(v, c) < v.ntypes &&
     crit_fits(v, c, t_arity(v, c_type(v, c)), t_kind(v, c_type(v, c))) &&
     operands_ok(v, c, c_op(v, c));

  // ---- programs
  predicate target_ok(integer to, integer at, integer nn) =
     to == WEIR_ACCEPT || to == WEIR_REJECT || at < to < nn;
  predicate node_ok{L}(struct weir_view v, integer base, integer k, integer nn, integer ty) =
     n_crit(v, base + k) < v.ncrits && c_type(v, n_crit(v, base + k)) == ty &&
     (n_indexed(v, base + k) == 0 ==> c_flags(v, n_crit(v, base + k)) < WEIR_INDEXED) &&
     target_ok(n_yes(v, base + k), k, nn) && target_ok(n_no(v, base + k), k, nn);
  predicate program_ok{L}(struct weir_view v, integer base, integer nn, integer ty) =
     0 <= base && 1 <= nn <= WEIR_NODES_MAX && base + nn <= v.nnodes &&
     \forall integer k; 0 <= k < nn ==> node_ok(v, base, k, nn, ty);
  predicate inst_ok{L}(struct weir_view v, integer i) =
     program_ok(v, i_node(v, i), i_nn(v, i), i_type(v, i)) && i_action(v, i) < WEIR_VERDICT_END;

  // ---- tables
  predicate types_ok{L}(struct weir_view v) =
     \forall integer t; 0 <= t < v.ntypes ==> type_ok(v, t);
  predicate crits_ok{L}(struct weir_view v) =
     \forall integer c; 0 <= c < v.ncrits ==> crit_ok(v, c);
  predicate insts_ok{L}(struct weir_view v) =
     \forall integer i; 0 <= i < v.ninsts ==> inst_ok(v, i);
  // programs tile the node table
  logic integer node_at{L}(struct weir_view v, integer i) =
     i == 0 ? 0 : i_node(v, i - 1) + i_nn(v, i - 1);
  predicate following{L}(struct weir_view v, integer n) =
     \forall integer i, j; 0 <= i <= j <= n ==> node_at(v, i) <= node_at(v, j);
  lemma following_next{L}: \forall struct weir_view v, integer n;
     0 <= n ==> following(v, n) ==> node_at(v, n) <= node_at(v, n + 1) ==> following(v, n + 1);
  predicate tiled{L}(struct weir_view v) =
     \forall integer i; 0 <= i < v.ninsts ==> i_node(v, i) == node_at(v, i);
  // the instances of a type are those that its record names, and the types tile the instances
  predicate group_ok{L}(struct weir_view v, integer t) =
     \forall integer i; t_inst(v, t) <= i < t_inst(v, t) + t_ninst(v, t) ==> i_type(v, i) == t;
  predicate grouped{L}(struct weir_view v) =
     \forall integer t; 0 <= t < v.ntypes ==> group_ok(v, t);
  logic integer inst_at{L}(struct weir_view v, integer t) =
     t == 0 ? 0 : t_inst(v, t - 1) + t_ninst(v, t - 1);
  predicate types_tiled{L}(struct weir_view v) =
     inst_at(v, v.ntypes) == v.ninsts &&
     \forall integer t; 0 <= t < v.ntypes ==> t_inst(v, t) == inst_at(v, t);

  // ---- cost
  logic integer cost_of(integer op, integer count) =
     1 + (op == WEIR_OP_EQ || op == WEIR_OP_PREFIX || op == WEIR_OP_SUFFIX ?
	  UNIT_ANCHORED * count :
	  op == WEIR_OP_CONTAINS ? UNIT_CONTAINS * count :
	  op == WEIR_OP_CIDR ? UNIT_CIDR * count :
	  op == WEIR_OP_RANGE ? count :
	  op == WEIR_OP_DFA ? COST_DFA :
	  op == WEIR_OP_FIELD_EQ || op == WEIR_OP_FIELD_PREFIX || op == WEIR_OP_FIELD_SUFFIX ?
	  COST_FIELDS : 0);
  logic integer plain_cost{L}(struct weir_view v, integer c) =
     cost_of(c_op(v, c), c_count(v, c));
  logic integer c_cost{L}(struct weir_view v, integer c) =
     c_flags(v, c) >= WEIR_INDEXED ? 1 : plain_cost(v, c);
  axiomatic Sum {
    // steps of the first k nodes
    logic integer nsum{L}(struct weir_view v, integer k) reads v.b[0 .. v.n - 1];
    axiom nsum_zero{L}: \forall struct weir_view v; nsum(v, 0) == 0;
    axiom nsum_next{L}: \forall struct weir_view v, integer k;
       view_mem(v) ==> 0 <= k < v.nnodes ==> n_crit(v, k) < v.ncrits ==>
       nsum(v, k + 1) == nsum(v, k) + 1 + c_cost(v, n_crit(v, k));
  }
  predicate growing{L}(struct weir_view v, integer n) =
     \forall integer j, k; 0 <= j <= k <= n ==> nsum(v, j) <= nsum(v, k);
  lemma growing_next{L}: \forall struct weir_view v, integer n;
     0 <= n ==> growing(v, n) ==> nsum(v, n) <= nsum(v, n + 1) ==> growing(v, n + 1);
  // ---- the index
  logic integer cost_of_probe(integer where, integer weight) =
     1 + (where == WEIR_AT_ALL ? WEIR_VALUE_MAX * (1 + weight) : COST_WINDOW + weight);
  logic integer b_cost{L}(struct weir_view v, integer i) =
     cost_of_probe(b_where(v, i), b_weight(v, i));
  axiomatic ProbeSum {
    // steps of the first i probes
    logic integer psum{L}(struct weir_view v, integer i) reads v.b[0 .. v.n - 1];
    axiom psum_zero{L}: \forall struct weir_view v; psum(v, 0) == 0;
    axiom psum_next{L}: \forall struct weir_view v, integer i;
       view_mem(v) ==> 0 <= i < v.nprobes ==> psum(v, i + 1) == psum(v, i) + b_cost(v, i);
  }
  predicate pgrowing{L}(struct weir_view v, integer n) =
     \forall integer i, j; 0 <= i <= j <= n ==> psum(v, i) + (j - i) <= psum(v, j);
  lemma pgrowing_next{L}: \forall struct weir_view v, integer n;
     0 <= n ==> pgrowing(v, n) ==> psum(v, n) + 1 <= psum(v, n + 1) ==> pgrowing(v, n + 1);

  predicate window_width(integer w) = 1 <= w <= 4 || w == 8;
  // the steps of an entry that is looked at and confirmed
  logic integer operand_cost{L}(struct weir_view v, integer op, integer k) =
     op == WEIR_OP_RANGE ? 0 : op == WEIR_OP_CIDR ? UNIT_CIDR : l_len(v, k);
  logic integer x_cost{L}(struct weir_view v, integer k) =
     1 + operand_cost(v, c_op(v, x_crit(v, k)), x_operand(v, k));
  axiomatic EntrySum {
    // steps of the entries in a row that end before entry k
    logic integer xrow{L}(struct weir_view v, integer k) reads v.b[0 .. v.n - 1];
    axiom xrow_zero{L}: \forall struct weir_view v; xrow(v, 0) == 0;
    axiom xrow_next{L}: \forall struct weir_view v, integer k;
       view_mem(v) ==> 0 <= k < v.nentries ==>
       xrow(v, k + 1) == (x_crit(v, k) == WEIR_NOWHERE ? 0 : xrow(v, k) + x_cost(v, k));
  }
  predicate entry_ok{L}(struct weir_view v, integer k, integer where) =
     x_crit(v, k) < v.ncrits && 1 <= x_cost(v, k) &&
     (c_op(v, x_crit(v, k)) == WEIR_OP_RANGE <==> where == WEIR_AT_NUM) &&
     (c_op(v, x_crit(v, k)) == WEIR_OP_RANGE ==> x_operand(v, k) < v.nnums) &&
     (c_op(v, x_crit(v, k)) != WEIR_OP_RANGE ==> x_operand(v, k) < v.nlits &&
	lit_ok(v, x_operand(v, k), c_op(v, x_crit(v, k)), WEIR_INDEXED));
  predicate slot_ok{L}(struct weir_view v, integer k, integer weight, integer where) =
     0 <= xrow(v, k) && (x_crit(v, k) == WEIR_NOWHERE ?
	x_hash(v, k) == WEIR_NOWHERE : entry_ok(v, k, where) && xrow(v, k + 1) <= weight);
  predicate slots_ok{L}(struct weir_view v, integer first, integer count, integer weight,
			integer where) =
     1 <= count && first + count <= v.nentries &&
     \forall integer k; first <= k < first + count ==> slot_ok(v, k, weight, where);
  predicate probe_ok{L}(struct weir_view v, integer i) =
     b_weight(v, i) <= WEIR_WEIGHT_MAX && 1 <= b_homes(v, i) <= b_count(v, i) &&
     slots_ok(v, b_first(v, i), b_count(v, i), b_weight(v, i), b_where(v, i)) &&
     (b_where(v, i) != WEIR_AT_NUM && b_where(v, i) != WEIR_AT_NET ==>
	window_width(b_width(v, i))) &&
     (b_where(v, i) == WEIR_AT_ALL ==> b_width(v, i) <= 4) &&
     1 <= b_words(v, i) && b_filter(v, i) + b_words(v, i) <= v.nfilters;
  predicate probe_suits{L}(struct weir_view v, integer i, integer k) =
     b_where(v, i) == WEIR_AT_NUM ? k != WEIR_KIND_string && k != WEIR_KIND_ip :
     b_where(v, i) == WEIR_AT_NET ? k == WEIR_KIND_ip : k == WEIR_KIND_string;
  predicate probe_fits{L}(struct weir_view v, integer i, integer arity, integer k0) =
     b_field(v, i) < arity && probe_suits(v, i, kind(v, k0 + b_field(v, i)));
  predicate probes_ok{L}(struct weir_view v, integer t) =
     t_probe(v, t) <= probe_at(v, t + 1) <= v.nprobes &&
     \forall integer i; t_probe(v, t) <= i < probe_at(v, t + 1) ==>
	probe_ok(v, i) && probe_fits(v, i, t_arity(v, t), t_kind(v, t));
  // what the first c criteria wake
  logic integer waked{L}(struct weir_view v, integer c) = wake_at(v, c <= v.ncrits ? c : v.ncrits);
  predicate waking{L}(struct weir_view v, integer n) =
     \forall integer a, b; 0 <= a <= b <= n ==> waked(v, a) <= waked(v, b) <= v.nwakes;
  lemma waking_next{L}: \forall struct weir_view v, integer n;
     0 <= n ==> waking(v, n) ==> waked(v, n) <= waked(v, n + 1) <= v.nwakes ==>
     waking(v, n + 1);
  predicate wakes_ok{L}(struct weir_view v) =
     waked(v, 0) == 0 &&
     \forall integer a, b; 0 <= a <= b ==> waked(v, a) <= waked(v, b) <= v.nwakes;
  // what one event costs at worst
  logic integer r_memo(struct weir_view v) = (v.ncrits + 15) / 16;
  logic integer r_woken(struct weir_view v) = (v.ninsts + 31) / 32;
  logic integer r_memos(struct weir_view v) = (r_memo(v) + 31) / 32;
  logic integer r_wokens(struct weir_view v) = (r_woken(v) + 31) / 32;
  logic integer r_slotss(struct weir_view v) = (v.ndfas + 31) / 32;
  logic integer words(struct weir_view v) =
     r_memo(v) + r_woken(v) + v.ndfas + r_memos(v) + r_wokens(v) + r_slotss(v);
  logic integer fixed(struct weir_view v) =
     v.ntypes + r_memos(v) + 1058 * r_wokens(v) + r_slotss(v) + v.nwakes + v.ninsts;
  logic integer cost{L}(struct weir_view v) =
     fixed(v) + psum(v, v.nprobes) + nsum(v, v.nnodes);

  predicate view_ok{L}(struct weir_view v) =
     view_mem(v) && types_ok(v) && crits_ok(v) && insts_ok(v) && tiled(v) && grouped(v) &&
     growing(v, v.nnodes) && following(v, v.ninsts) && pgrowing(v, v.nprobes) && wakes_ok(v) &&
     (\forall integer t; 0 <= t < v.ntypes ==> probes_ok(v, t)) && cost(v) <= WEIR_COST_MAX;

  // ---- elimination rules, proved once in an empty context
  lemma lits_lit{L}: \forall struct weir_view v, integer first, count, op, flags, l;
     lits_ok(v, first, count, op, flags) ==> first <= l < first + count ==>
     lit_ok(v, l, op, flags);
  lemma program_node{L}: \forall struct weir_view v, integer base, nn, ty, k;
     program_ok(v, base, nn, ty) ==> 0 <= k < nn ==> node_ok(v, base, k, nn, ty);

  // ---- what the caller promises about an event
  predicate value_ok(struct weir_value f) =
     f.kind == WEIR_KIND_string || f.kind == WEIR_KIND_ip ==> \valid_read(f.ptr + (0 .. f.len - 1));
  predicate event_ok{L}(struct weir_event e) =
     \valid_read(e.v + (0 .. e.n - 1)) &&
     \forall integer i; 0 <= i < e.n ==> value_ok(e.v[i]);
*/
#endif
