// SPDX-License-Identifier: GPL-2.0
/* The arguments of an exec under way, from the memory that the new program will have. */
#include <linux/binfmts.h>
#include <linux/highmem.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "exec.h"

/*
 * The strings are in the kernel's hands alone: nobody else can reach this memory yet, and so the
 * tables that lead to it stay. Pages may go all the same, for the kernel takes them back as it
 * needs, and those that went are not waited for. Huge ones are not made here.
 */
static pte_t *entry_of(struct mm_struct *mm, unsigned long at)
{
	pgd_t *pgd = pgd_offset(mm, at);
	p4d_t *p4d;
	pud_t *pud;
	pmd_t *pmd;

	if (!pgd_present(*pgd))
		return NULL;
	p4d = p4d_offset(pgd, at);
	if (!p4d_present(*p4d) || p4d_leaf(*p4d))
		return NULL;
	pud = pud_offset(p4d, at);
	if (!pud_present(*pud) || pud_leaf(*pud))
		return NULL;
	pmd = pmd_offset(pud, at);
	if (!pmd_present(*pmd) || pmd_leaf(*pmd) || pmd_bad(*pmd))
		return NULL;
	return pte_offset_kernel(pmd, at);
}

/* The page at an address, with a reference to its folio; NULL if it is not in memory. */
static struct page *page_of(struct mm_struct *mm, unsigned long at)
{
	struct page *page = NULL;
	struct folio *folio;
	unsigned long flags;
	pte_t *entry, pte;

	local_irq_save(flags);
	entry = entry_of(mm, at);
	if (!entry)
		goto out;
	pte = READ_ONCE(*entry);
	if (!pte_present(pte) || pte_special(pte) || !pfn_valid(pte_pfn(pte)))
		goto out;
	folio = page_folio(pte_page(pte));
	if (!folio_try_get(folio))
		goto out;
	/* It may have gone, and even be somebody else's, before the reference was there. */
	if (pte_same(pte, READ_ONCE(*entry)) && page_folio(pte_page(pte)) == folio)
		page = pte_page(pte);
	else
		folio_put(folio);
out:
	local_irq_restore(flags);
	return page;
}

/* Bytes of one page. */
static bool copy_part(struct mm_struct *mm, unsigned long at, u8 *to, u32 n)
{
	struct page *page = page_of(mm, at);

	if (!page)
		return false;
	memcpy_from_page(to, page, offset_in_page(at), n);
	put_page(page);
	return true;
}

/* Where the last argument ends, or the end of what is there; the zero bytes become spaces. */
static u32 join(u8 *text, u32 from, u32 end, int *left)
{
	u32 i;

	for (i = from; i < end; i++) {
		if (text[i])
			continue;
		if (!--*left)
			break;
		text[i] = ' ';
	}
	return i;
}

bool weir_exec_arguments(struct weir_capture *c, struct weir_value *v,
			 const struct linux_binprm *bprm)
{
	u8 *to = weir_cap_room(c, WEIR_EXEC_ROOM);
	unsigned long end = bprm->vma->vm_end;
	int left = bprm->argc;
	u32 n = 0, step;

	if (!to)
		return false;
	/* As the program itself will find them: so many strings, whatever they were meant to be. */
	while (left > 0 && n < WEIR_EXEC_ROOM && bprm->p + n < end) {
		step = min_t(u32, WEIR_EXEC_ROOM - n, PAGE_SIZE - offset_in_page(bprm->p + n));
		if (!copy_part(bprm->mm, bprm->p + n, to + n, step)) {
			weir_cap_unread(c);
			break;
		}
		n = join(to, n, n + step, &left);
	}
	if (left > 0) {
		c->truncated = true;
		n = min_t(u32, n, WEIR_VALUE_MAX);
		if (!n)
			return false;
	}
	return weir_cap_keep(c, v, n);
}
