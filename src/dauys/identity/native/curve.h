/* GOST R 34.10-2012 verification on id-tc26-gost-3410-12-512-paramSetA, in the national byte orders. */

#ifndef DAUYS_CURVE_H
#define DAUYS_CURVE_H

#include "field.h"

#define KEY_BYTES 128       /* x, y: 64 bytes little-endian each */
#define DIGEST_BYTES 64     /* little-endian */
#define SIGNATURE_BYTES 128 /* r, s */

/* Makes the table of the base point; once, before anything else. */
void gost_start(void);

/* Whether the signature of the digest is that of the key. Any bytes may come. */
bool gost_verify(const uint8_t key[KEY_BYTES], const uint8_t digest[DIGEST_BYTES],
                 const uint8_t signature[SIGNATURE_BYTES]);

/* Multiples of a key by windows: verification without doublings. */
typedef struct comb comb;

typedef enum { COMB_MADE, COMB_NO_POINT, COMB_NO_MEMORY } comb_result;

comb_result comb_make(comb **made, const uint8_t key[KEY_BYTES]);
comb_result comb_make_base(comb **made);
void comb_free(comb *made);

/* As gost_verify, by the combs of the base point and of the key. */
bool gost_verify_by_combs(const comb *base, const comb *key, const uint8_t digest[DIGEST_BYTES],
                          const uint8_t signature[SIGNATURE_BYTES]);

#endif
