/* Numbers mod q, the order of the curve, and inverses modulo either prime. */

#ifndef DAUYS_SCALAR_H
#define DAUYS_SCALAR_H

#include "field.h"

extern const number CURVE_ORDER;

/* r = a mod q. */
void scalar_reduce(number *r, const number *a);

/* r = a b mod q, below q. */
void scalar_multiply(number *r, const number *a, const number *b);

/* r = -a mod q of a below q. */
void scalar_negate(number *r, const number *a);

/* r = 1/a modulo the odd prime, of 0 < a < prime. */
void number_invert(number *r, const number *a, const number *prime);

#endif
