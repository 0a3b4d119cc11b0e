// SPDX-License-Identifier: GPL-2.0
/* The trust folder: certificates that may sign, revocation lists, and a policy. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "private.h"

static int refuse_file(const char *path, const char *todo, const char *what, struct weir_refusal *r)
{
	weir_refuse(r, WEIR_STEP_TRUST, "TRUST", todo, "%s", what);
	return weir_refusal_file(r, path);
}

/* Takes over the reference. The same certificate may lie there as PEM and as DER. */
static int keep_cert(struct weir_trust *t, X509 *x)
{
	int i;

	for (i = 0; i < sk_X509_num(t->certs); i++) {
		if (!X509_cmp(sk_X509_value(t->certs, i), x)) {
			X509_free(x);
			return 0;
		}
	}
	if (sk_X509_push(t->certs, x) > 0)
		return 0;
	X509_free(x);
	return -1;
}

static int keep_crl(struct weir_trust *t, X509_CRL *crl)
{
	if (sk_X509_CRL_push(t->crls, crl) > 0)
		return 0;
	X509_CRL_free(crl);
	return -1;
}

/* Return: how many certificates and lists a DER file held, or -1 without memory. */
static int take_der(struct weir_trust *t, const struct weir_blob *f)
{
	const unsigned char *p = f->b, *end = f->b + f->n;
	X509 *x = d2i_X509(NULL, &p, (long)f->n);
	X509_CRL *crl;

	if (x && p == end)
		return keep_cert(t, x) ? -1 : 1;
	X509_free(x);
	p = f->b;
	crl = d2i_X509_CRL(NULL, &p, (long)f->n);
	if (crl && p == end)
		return keep_crl(t, crl) ? -1 : 1;
	X509_CRL_free(crl);
	return 0;
}

static int take_info(struct weir_trust *t, X509_INFO *info)
{
	int n = 0;

	if (info->x509) {
		if (!X509_up_ref(info->x509) || keep_cert(t, info->x509))
			return -1;
		n++;
	}
	if (info->crl) {
		if (!X509_CRL_up_ref(info->crl) || keep_crl(t, info->crl))
			return -1;
		n++;
	}
	return n;
}

static int no_passphrase(char *buf, int size, int rw, void *arg)
{
	(void)buf;
	(void)size;
	(void)rw;
	(void)arg;
	return -1;
}

/* Return: how many certificates and lists a PEM file held, or -1 if it is broken. */
static int take_pem(struct weir_trust *t, const struct weir_blob *f)
{
	BIO *bio = BIO_new_mem_buf(f->b, (int)f->n);
	STACK_OF(X509_INFO) *all = NULL;
	int i, n = 0, got;

	if (bio)
		all = PEM_X509_INFO_read_bio(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	if (!all)
		return -1;
	for (i = 0; i < sk_X509_INFO_num(all); i++) {
		got = take_info(t, sk_X509_INFO_value(all, i));
		if (got < 0) {
			n = -1;
			break;
		}
		n += got;
	}
	sk_X509_INFO_pop_free(all, X509_INFO_free);
	return n;
}

/* Whoever can write there can say whom to trust. */
static int check_writers(const char *path, struct weir_refusal *r)
{
	struct stat st;

	if (!stat(path, &st) && (st.st_mode & 0002))
		return refuse_file(path,
				   "take the right away (chmod o-w), and look at what is there",
				   "anybody may write to it, and so say whom to trust", r);
	return 0;
}

static int take_file(struct weir_trust *t, const char *path, struct weir_refusal *r)
{
	struct weir_blob f;
	int n;

	if (weir_blob_read(path, WEIR_TRUST_FILE_MAX, &f, r)) {
		r->step = WEIR_STEP_TRUST;
		return -1;
	}
	if (memmem(f.b, f.n, "-----BEGIN ", 11))
		n = take_pem(t, &f);
	else
		n = take_der(t, &f);
	weir_blob_free(&f);
	ERR_clear_error();
	if (n <= 0)
		return refuse_file(path, "replace the file, or take it out of the trust folder",
				   "neither a certificate nor a revocation list, in PEM or DER", r);
	return 0;
}

static int policy_line(struct weir_trust *t, const char *line)
{
	unsigned int n, channel;
	char rest;
	int got;

	if (line[strspn(line, " \t")] == 0 || line[strspn(line, " \t")] == '#')
		return 0;
	if (sscanf(line, " signers %u %c", &n, &rest) == 1) {
		t->signers = n;
		return n && n <= WEIR_SIGNERS_MAX ? 0 : -1;
	}
	got = sscanf(line, " signers %u channel %u %c", &n, &channel, &rest);
	if (got != 2 || !n || n > WEIR_SIGNERS_MAX || !channel || t->nchannels == WEIR_POLICY_MAX)
		return -1;
	t->channel[t->nchannels].channel = channel;
	t->channel[t->nchannels++].signers = n;
	return 0;
}

static int take_policy(struct weir_trust *t, const char *path, struct weir_refusal *r)
{
	char *text, *line, *save = NULL, what[64];
	struct weir_blob f;
	int ret = 0;

	if (weir_blob_read(path, WEIR_TRUST_FILE_MAX, &f, r)) {
		r->step = WEIR_STEP_TRUST;
		return -1;
	}
	if (memchr(f.b, 0, f.n)) {
		weir_blob_free(&f);
		return refuse_file(path, "write it as plain text",
				   "there is a NUL in it, and nothing behind that would be read",
				   r);
	}
	text = strndup((const char *)f.b, f.n);
	weir_blob_free(&f);
	if (!text)
		return weir_refuse_errno(r, WEIR_STEP_TRUST, path, "cannot read the policy");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!policy_line(t, line))
			continue;
		snprintf(what, sizeof(what), "a line that is not understood: %.30s", line);
		ret = refuse_file(path,
				  "write: signers N, with N from 1 to 16; or signers N channel C",
				  what, r);
		break;
	}
	free(text);
	return ret;
}

static int wanted_name(const struct dirent *e)
{
	static const char *const ends[] = { ".pem", ".crt", ".cer", ".der", ".x509", ".crl" };
	size_t i, n = strlen(e->d_name), k;

	if (!strcmp(e->d_name, "policy"))
		return 1;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		k = strlen(ends[i]);
		if (e->d_name[0] != '.' && n > k && !strcmp(e->d_name + n - k, ends[i]))
			return 1;
	}
	return 0;
}

/* Reading a pipe would wait for ever. What is not there at all is told by who reads it. */
static int check_file(const char *path, struct weir_refusal *r)
{
	struct stat st;

	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return refuse_file(path, "take it out of the trust folder", "this is no file", r);
	return 0;
}

static int take_named(struct weir_trust *t, const char *name, struct weir_refusal *r)
{
	char *path;
	int ret;

	if (asprintf(&path, "%s/%s", t->dir, name) < 0)
		return weir_refuse_errno(r, WEIR_STEP_TRUST, t->dir, "cannot name a file");
	ret = check_file(path, r);
	if (!ret)
		ret = check_writers(path, r);
	if (!ret)
		ret = strcmp(name, "policy") ? take_file(t, path, r) : take_policy(t, path, r);
	free(path);
	return ret;
}

static int take_folder(struct weir_trust *t, struct weir_refusal *r)
{
	struct dirent **list;
	int i, n, ret = 0;

	n = scandir(t->dir, &list, wanted_name, alphasort);
	if (n < 0) {
		weir_refuse_errno(r, WEIR_STEP_TRUST, t->dir, "cannot read the trust folder");
		snprintf(r->todo, sizeof(r->todo),
			 "make the folder and put the signers' certificates into it, or use "
			 "--trust");
		return -1;
	}
	for (i = 0; i < n; i++) {
		if (!ret)
			ret = take_named(t, list[i]->d_name, r);
		free(list[i]);
	}
	free(list);
	return ret;
}

int weir_trust_open(const char *dir, struct weir_trust **out, struct weir_refusal *r)
{
	struct weir_trust *t = calloc(1, sizeof(*t));

	if (t) {
		t->certs = sk_X509_new_null();
		t->crls = sk_X509_CRL_new_null();
		t->dir = strdup(dir);
		t->signers = 1;
	}
	if (!t || !t->certs || !t->crls || !t->dir) {
		weir_refuse_errno(r, WEIR_STEP_TRUST, dir, "cannot hold the trust folder");
		goto err_close;
	}
	if (check_writers(dir, r) || take_folder(t, r))
		goto err_close;
	if (!sk_X509_num(t->certs)) {
		refuse_file(dir, "put the signers' certificates into it, as .pem, .crt or .x509",
			    "there is no certificate in the trust folder", r);
		goto err_close;
	}
	*out = t;
	return 0;

err_close:
	weir_trust_close(t);
	return -1;
}

void weir_trust_close(struct weir_trust *t)
{
	if (!t)
		return;
	sk_X509_pop_free(t->certs, X509_free);
	sk_X509_CRL_pop_free(t->crls, X509_CRL_free);
	free(t->dir);
	free(t);
}

uint32_t weir_trust_signers(const struct weir_trust *t, uint32_t channel)
{
	uint32_t i, need = t->signers;

	for (i = 0; i < t->nchannels; i++)
		if (t->channel[i].channel == channel && t->channel[i].signers > need)
			need = t->channel[i].signers;
	return need;
}

int weir_trust_introduce(struct weir_trust *t, struct weir_trustlist l, struct weir_refusal *r)
{
	STACK_OF(X509) *certs = sk_X509_new_null();
	int ret = certs ? weir_list_certs(l, certs, r)
			: weir_refuse_errno(r, WEIR_STEP_TRUST, t->dir, "cannot hold certificates");
	X509 *x;

	while (!ret && (x = sk_X509_pop(certs)))
		if (keep_cert(t, x))
			ret = weir_refuse_errno(r, WEIR_STEP_TRUST, t->dir,
						"cannot hold certificates");
	sk_X509_pop_free(certs, X509_free);
	return ret;
}
