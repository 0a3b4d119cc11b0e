// SPDX-License-Identifier: GPL-2.0
/* weirc sign: append a signature to a channel file or a trust list. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include "channel.h"
#include "signing.h"
#include "trustlist.h"
#include "weirc.h"

const char weir_help_sign[] =
	"usage: weirc sign --key KEY --cert CERT [--passphrase-file FILE] [--add] [-o OUT] FILE\n\n"
	"Appends a detached PKCS#7 signature (RSA, SHA-256, no attributes, no certificates) and "
	"the\n"
	"kernel's trailer for appended signatures. The result replaces FILE unless -o says "
	"otherwise.\n\n"
	"  --key KEY               private key: a PEM file, or a pkcs11: URI where OpenSSL has a\n"
	"                          provider for it\n"
	"  --cert CERT             its certificate, PEM or DER\n"
	"  --passphrase-file FILE  first line is the key's passphrase; - reads standard input;\n"
	"                          without it the terminal is asked\n"
	"  --add                   add a second signer to a file that is signed\n"
	"  -o, --output OUT        write OUT; - is standard output\n"
	"  --json                  what was done as JSON\n";

#define CERT_MAX 0x100000u
#define PASSPHRASE_MAX 1024u

struct request {
	const char *file;
	const char *key;
	const char *cert;
	const char *passphrase;
	const char *out;
	int add;
};

/* What is being put together. */
struct work {
	struct weir_blob file;
	struct weir_signed old; /* sig is null if the file is not signed yet */
	X509 *cert;
	EVP_PKEY *key;
	CMS_ContentInfo *cms;
	CMS_ContentInfo *was; /* the signatures that are there */
};

int weir_loader_refused(const char *file, const struct weir_refusal *r)
{
	const struct weir_where w = { .file = r->file[0] ? r->file : file };

	return weir_fail_at(&w, "%s%s%s", r->what, r->todo[0] ? "; " : "", r->todo);
}

/* OpenSSL's own words for what went wrong, the innermost. */
static const char *reason(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_error());

	return text ? text : "OpenSSL gives no reason";
}

static int open_content(const struct request *q, struct work *k)
{
	const struct weir_where w = { .file = q->file };
	struct weir_refusal r;
	struct weir_error err = { .code = WEIR_E_OK };
	struct weir_trustlist l;
	struct weir_view v;

	if (weir_blob_read(q->file, WEIR_FILE_MAX, &k->file, &r))
		return weir_loader_refused(q->file, &r);
	if (weir_trailer_present(&k->file)) {
		if (!q->add)
			return weir_fail_at(&w, "is signed already; --add adds another signer");
		if (weir_trailer_parse(&k->file, &k->old, &r))
			return weir_loader_refused(q->file, &r);
	} else {
		if (q->add)
			return weir_fail_at(&w, "is not signed yet; leave out --add");
		k->old.content = k->file.b;
		k->old.ncontent = (uint32_t)k->file.n;
	}
	/* A key says yes to nothing but what starts with our magic and has its length. */
	if (k->old.ncontent >= 8 && !memcmp(k->old.content, WEIR_LIST_MAGIC, 8))
		weir_trustlist_open(k->old.content, k->old.ncontent, &l, &err);
	else
		weir_open(k->old.content, k->old.ncontent, &v, &err);
	return err.code ? weir_refused(q->file, &err) : 0;
}

X509 *weir_read_cert(const char *path)
{
	const struct weir_where w = { .file = path };
	struct weir_refusal r;
	struct weir_blob f;
	X509 *x = NULL;
	BIO *bio;

	if (weir_blob_read(path, CERT_MAX, &f, &r)) {
		weir_loader_refused(path, &r);
		return NULL;
	}
	bio = BIO_new_mem_buf(f.b, (int)f.n);
	if (bio && memmem(f.b, f.n, "-----BEGIN ", 11))
		x = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	else if (bio)
		x = d2i_X509_bio(bio, NULL);
	BIO_free(bio);
	weir_blob_free(&f);
	if (!x)
		weir_fail_at(&w, "is not a certificate in PEM or DER");
	return x;
}

static int open_cert(const struct request *q, struct work *k)
{
	struct weir_refusal r;

	k->cert = weir_read_cert(q->cert);
	if (!k->cert)
		return WEIR_EXIT_FAIL;
	if (weir_cert_strong(k->cert, &r) || weir_cert_usable(k->cert, time(NULL), &r))
		return weir_loader_refused(q->cert, &r);
	return 0;
}

static int give_passphrase(char *buf, int size, int rw, void *arg)
{
	const struct weir_blob *f = arg;
	size_t n = strcspn((const char *)f->b, "\r\n");

	(void)rw;
	if (n > (size_t)size)
		return -1;
	memcpy(buf, f->b, n);
	return (int)n;
}

static EVP_PKEY *load_key(const char *uri, UI_METHOD *ui, void *arg)
{
	OSSL_STORE_CTX *store = OSSL_STORE_open(uri, ui, arg, NULL, NULL);
	EVP_PKEY *key = NULL;
	OSSL_STORE_INFO *info;

	while (store && !key && !OSSL_STORE_eof(store)) {
		info = OSSL_STORE_load(store);
		if (!info && OSSL_STORE_error(store))
			break;
		if (info && OSSL_STORE_INFO_get_type(info) == OSSL_STORE_INFO_PKEY)
			key = OSSL_STORE_INFO_get1_PKEY(info);
		OSSL_STORE_INFO_free(info);
	}
	OSSL_STORE_close(store);
	return key;
}

static int read_passphrase(const char *path, struct weir_blob *out)
{
	struct weir_refusal r;
	uint8_t *p;

	if (weir_blob_read(path, PASSPHRASE_MAX, out, &r))
		return weir_loader_refused(path, &r);
	p = realloc(out->b, out->n + 1);
	if (!p)
		return weir_fail("not enough memory");
	p[out->n] = 0;
	out->b = p;
	return 0;
}

static int open_key(const struct request *q, struct work *k)
{
	const struct weir_where w = { .file = q->key };
	UI_METHOD *ui = UI_OpenSSL(), *own = NULL;
	struct weir_blob pass = { NULL, 0 };

	/* What has no colon is no URI: OpenSSL's words for a missing file lead astray. */
	if (!strchr(q->key, ':') && access(q->key, R_OK))
		return weir_fail_at(&w, "cannot be opened: %s", strerror(errno));
	if (q->passphrase) {
		if (read_passphrase(q->passphrase, &pass))
			return WEIR_EXIT_FAIL;
		own = UI_UTIL_wrap_read_pem_callback(give_passphrase, 0);
		ui = own;
	}
	k->key = load_key(q->key, ui, &pass);
	if (own)
		UI_destroy_method(own);
	if (pass.b)
		OPENSSL_cleanse(pass.b, pass.n);
	weir_blob_free(&pass);
	if (!k->key)
		return weir_fail_at(&w,
				    "gives no private key: %s; if it is encrypted, check the "
				    "passphrase and --passphrase-file",
				    reason());
	if (!X509_check_private_key(k->cert, k->key))
		return weir_fail_at(&w, "is not the private key of %s", q->cert);
	return 0;
}

static int make_signature(struct work *k)
{
	const unsigned int flags =
		CMS_BINARY | CMS_DETACHED | CMS_NOCERTS | CMS_NOATTR | CMS_NOSMIMECAP;
	BIO *data = BIO_new_mem_buf(k->old.content, (int)k->old.ncontent);
	int ok;

	k->cms = CMS_sign(NULL, NULL, NULL, NULL, flags | CMS_PARTIAL);
	ok = data && k->cms && CMS_add1_signer(k->cms, k->cert, k->key, EVP_sha256(), flags) &&
	     CMS_final(k->cms, data, NULL, flags);
	BIO_free(data);
	return ok ? 0 : weir_fail("the content cannot be signed: %s", reason());
}

static int check_old(const struct request *q, struct work *k, STACK_OF(CMS_SignerInfo) * all)
{
	const struct weir_where w = { .file = q->file };
	X509_ALGOR *dig;
	int i;

	if (sk_CMS_SignerInfo_num(all) >= (int)WEIR_SIGNERS_MAX)
		return weir_fail_at(&w, "has %u signatures already; no more are allowed",
				    WEIR_SIGNERS_MAX);
	for (i = 0; i < sk_CMS_SignerInfo_num(all); i++) {
		CMS_SignerInfo *si = sk_CMS_SignerInfo_value(all, i);

		if (!CMS_SignerInfo_cert_cmp(si, k->cert))
			return weir_fail_at(&w, "is signed already with the certificate %s",
					    q->cert);
		/* the message names its digests once for all signatures in it */
		CMS_SignerInfo_get0_algs(si, NULL, NULL, &dig, NULL);
		if (OBJ_obj2nid(dig->algorithm) != NID_sha256)
			return weir_fail_at(&w, "has a signature with another digest than SHA-256; "
						"sign the content anew");
	}
	return 0;
}

/* Moves the signatures that are there into the new message. */
static int merge(const struct request *q, struct work *k)
{
	const struct weir_where w = { .file = q->file };
	STACK_OF(CMS_SignerInfo) * from, *to = CMS_get0_SignerInfos(k->cms);
	const unsigned char *p = k->old.sig;
	CMS_SignerInfo *si;

	k->was = d2i_CMS_ContentInfo(NULL, &p, (long)k->old.nsig);
	from = k->was ? CMS_get0_SignerInfos(k->was) : NULL;
	if (!from || p != k->old.sig + k->old.nsig)
		return weir_fail_at(&w, "has a signature that is not a PKCS#7 message");
	if (check_old(q, k, from))
		return WEIR_EXIT_FAIL;
	while ((si = sk_CMS_SignerInfo_pop(from))) {
		if (sk_CMS_SignerInfo_push(to, si) <= 0) {
			sk_CMS_SignerInfo_push(from, si);
			return weir_fail("not enough memory");
		}
	}
	return 0;
}

static int write_signed(const struct request *q, struct work *k)
{
	unsigned char *sig = NULL;
	int nsig = i2d_CMS_ContentInfo(k->cms, &sig), ret;
	size_t n = k->old.ncontent;
	uint8_t *p;

	if (nsig <= 0 || nsig > (int)WEIR_SIGNATURE_MAX) {
		OPENSSL_free(sig);
		return weir_fail("the signature cannot be encoded: %s", reason());
	}
	p = weir_alloc(n + (size_t)nsig + WEIR_TRAILER_SIZE, 1);
	memcpy(p, k->old.content, n);
	memcpy(p + n, sig, (size_t)nsig);
	weir_trailer_put((uint32_t)nsig, p + n + nsig);
	ret = weir_write_file(q->out, p, n + (size_t)nsig + WEIR_TRAILER_SIZE);
	free(p);
	OPENSSL_free(sig);
	return ret;
}

static void report(const struct request *q, const struct work *k)
{
	char name[192];
	json_t *o;

	if (!weir_json || !strcmp(q->out, "-"))
		return;
	weir_cert_name(k->cert, name, sizeof(name));
	o = json_pack("{s:o, s:o, s:i}", "file", weir_json_bytes(q->out, strlen(q->out)), "signer",
		      weir_json_bytes(name, strlen(name)), "signatures",
		      sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(k->cms)));
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

static int sign(const struct request *q, struct work *k)
{
	int ret = open_content(q, k);

	if (!ret)
		ret = open_cert(q, k);
	if (!ret)
		ret = open_key(q, k);
	if (!ret)
		ret = make_signature(k);
	if (!ret && q->add)
		ret = merge(q, k);
	if (!ret)
		ret = write_signed(q, k);
	if (!ret)
		report(q, k);
	return ret;
}

static int is_stdin(const char *path)
{
	return path && !strcmp(path, "-");
}

static int parse(int argc, char **argv, struct request *q)
{
	static const struct option options[] = { { "key", required_argument, NULL, 'k' },
						 { "cert", required_argument, NULL, 'c' },
						 { "passphrase-file", required_argument, NULL,
						   'p' },
						 { "add", no_argument, NULL, 'a' },
						 { "output", required_argument, NULL, 'o' },
						 { "json", no_argument, NULL, 'j' },
						 { NULL, 0, NULL, 0 } };
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == 'k')
			q->key = optarg;
		else if (c == 'c')
			q->cert = optarg;
		else if (c == 'p')
			q->passphrase = optarg;
		else if (c == 'o')
			q->out = optarg;
		else if (c == 'a')
			q->add = 1;
		else if (c != 'j')
			return weir_usage("sign", "unknown or incomplete option %s",
					  argv[optind - 1]);
	}
	if (!q->key || !q->cert)
		return weir_usage("sign", "--key KEY and --cert CERT are both needed");
	if (optind + 1 != argc)
		return weir_usage("sign", "sign takes one FILE");
	q->file = argv[optind];
	if (!q->out)
		q->out = q->file;
	if (is_stdin(q->file) + is_stdin(q->cert) + is_stdin(q->passphrase) > 1)
		return weir_usage("sign", "only one file can be standard input");
	return 0;
}

int weir_cmd_sign(int argc, char **argv)
{
	struct request q = { .file = NULL };
	struct work k = { .file = { NULL, 0 } };
	int ret = parse(argc, argv, &q);

	if (ret)
		return ret;
	ret = sign(&q, &k);
	CMS_ContentInfo_free(k.was);
	CMS_ContentInfo_free(k.cms);
	EVP_PKEY_free(k.key);
	X509_free(k.cert);
	weir_blob_free(&k.file);
	return ret;
}
