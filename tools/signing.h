/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands about signatures and keys share; it is in cmd_sign.c. */
#ifndef WEIR_SIGNING_H
#define WEIR_SIGNING_H

#include "weirload.h"

/* Report a refusal of the loader's library about a file. Return: WEIR_EXIT_FAIL. */
int weir_loader_refused(const char *file, const struct weir_refusal *r);

/**
 * weir_read_cert() - read a certificate in PEM or DER
 * @path: the file
 *
 * Reports the error itself.
 *
 * Return: the certificate, for X509_free(), or null.
 */
X509 *weir_read_cert(const char *path);

#endif
