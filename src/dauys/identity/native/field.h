/* Numbers of 512 bits and arithmetic mod p = 2^512 - 569 (id-tc26-gost-3410-12-512-paramSetA, RFC 7836 A.1).

   A field element is any number below 2^512 that is congruent to it: results are folded (2^512 = 569 mod p), not fully
   reduced; `field_reduce` gives the one below p. Nothing here runs in constant time: verification sees public data
   only. Never sign with this. */

#ifndef DAUYS_FIELD_H
#define DAUYS_FIELD_H

#ifndef __SIZEOF_INT128__
#error "the kernel needs 128-bit integers; without them Dauys verifies through gmpy2 or Python"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LIMBS 8
#define NUMBER_BYTES 64
#define FOLD 569u /* 2^512 mod p */

__extension__ typedef unsigned __int128 uint128;
__extension__ typedef __int128 int128;

/* Limbs of 64 bits, the lowest first. */
typedef struct {
    uint64_t limb[LIMBS];
} number;

static inline uint64_t load64(const uint8_t *bytes) {
    uint64_t word = 0;
    for (int i = 7; i >= 0; i--) word = word << 8 | bytes[i];
    return word;
}

static inline void store64(uint8_t *bytes, uint64_t word) {
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(word >> 8 * i);
}

/* A number from 64 bytes, little-endian as in every national format. */
static inline number number_load(const uint8_t *bytes) {
    number a;
    for (int i = 0; i < LIMBS; i++) a.limb[i] = load64(bytes + 8 * i);
    return a;
}

static inline bool number_is_zero(const number *a) {
    uint64_t bits = 0;
    for (int i = 0; i < LIMBS; i++) bits |= a->limb[i];
    return bits == 0;
}

static inline bool number_less(const number *a, const number *b) {
    for (int i = LIMBS - 1; i >= 0; i--) {
        if (a->limb[i] != b->limb[i]) return a->limb[i] < b->limb[i];
    }
    return false;
}

/* r = a + b mod 2^512; returns the carry. */
static inline uint64_t number_add(number *r, const number *a, const number *b) {
    uint128 sum = 0;
    for (int i = 0; i < LIMBS; i++) {
        sum += (uint128)a->limb[i] + b->limb[i];
        r->limb[i] = (uint64_t)sum;
        sum >>= 64;
    }
    return (uint64_t)sum;
}

/* r = a - b mod 2^512; returns the borrow, 0 or 1. */
static inline uint64_t number_subtract(number *r, const number *a, const number *b) {
    uint64_t borrow = 0;
    for (int i = 0; i < LIMBS; i++) {
        uint128 difference = (uint128)a->limb[i] - b->limb[i] - borrow;
        r->limb[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
    return borrow;
}

/* r += word mod 2^512; returns the carry. The carry past the lowest limb is rare, hence the branch. */
static inline uint64_t number_add_word(number *r, uint64_t word) {
    r->limb[0] += word;
    if (r->limb[0] >= word) return 0;
    for (int i = 1; i < LIMBS; i++) {
        if (++r->limb[i]) return 0;
    }
    return 1;
}

static inline uint64_t number_subtract_word(number *r, uint64_t word) {
    uint64_t before = r->limb[0];
    r->limb[0] -= word;
    if (before >= word) return 0;
    for (int i = 1; i < LIMBS; i++) {
        if (r->limb[i]--) return 0;
    }
    return 1;
}

/* Adds `over` times 2^512, over <= 569: a second carry leaves a number so small that a third cannot be. */
static inline void field_fold(number *r, uint64_t over) {
    if (number_add_word(r, over * FOLD)) r->limb[0] += FOLD;
}

static inline void field_add(number *r, const number *a, const number *b) {
    field_fold(r, number_add(r, a, b));
}

static inline void field_subtract(number *r, const number *a, const number *b) {
    uint64_t borrow = number_subtract(r, a, b);
    if (number_subtract_word(r, borrow * FOLD)) r->limb[0] -= FOLD;
}

/* r = 2^bits a, 0 < bits < 10. */
static inline void field_shift(number *r, const number *a, int bits) {
    uint64_t over = a->limb[LIMBS - 1] >> (64 - bits);
    for (int i = LIMBS - 1; i > 0; i--) r->limb[i] = a->limb[i] << bits | a->limb[i - 1] >> (64 - bits);
    r->limb[0] = a->limb[0] << bits;
    field_fold(r, over);
}

/* product = a b, sixteen limbs. */
void number_multiply(uint64_t product[2 * LIMBS], const number *a, const number *b);

/* r = a b mod p and r = a^2 mod p; r may be an operand. */
void field_multiply(number *r, const number *a, const number *b);
void field_square(number *r, const number *a);

extern const number FIELD_PRIME;

/* 2^512 is below 2p, so zero has two forms: 0 and p. */
static inline void field_reduce(number *a) {
    if (!number_less(a, &FIELD_PRIME)) number_subtract(a, a, &FIELD_PRIME);
}

static inline bool field_is_zero(const number *a) {
    number least = *a;
    field_reduce(&least);
    return number_is_zero(&least);
}

#endif
