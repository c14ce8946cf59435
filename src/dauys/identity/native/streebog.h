/* Streebog (GOST R 34.11-2012, RFC 6986). */

#ifndef DAUYS_STREEBOG_H
#define DAUYS_STREEBOG_H

#include <stddef.h>
#include <stdint.h>

#define STREEBOG_BYTES 64

/* Makes the look-up tables; once, before anything else. */
void streebog_start(void);

/* The digest with 512 or 256 bits: 64 or 32 bytes, in the byte order of certificates and CMS. */
void streebog(uint8_t *digest, int bits, const uint8_t *data, size_t size);

#endif
