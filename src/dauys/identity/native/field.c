/* Products of 512-bit numbers, column by column, and their fold mod p. Unrolled: half of a verification's time. */

#include "field.h"

const number FIELD_PRIME = {{-(uint64_t)FOLD, -1, -1, -1, -1, -1, -1, -1}};

/* The sum of one column of a product: 192 bits. */
typedef struct {
    uint128 low;
    uint64_t high;
} column;

static inline void column_add(column *sum, uint128 product) {
    sum->low += product;
    sum->high += sum->low < product;
}

static inline void column_add_twice(column *sum, const column *half) {
    sum->high += half->high << 1 | (uint64_t)(half->low >> 127);
    column_add(sum, half->low << 1);
}

static inline uint64_t column_take(column *sum) {
    uint64_t limb = (uint64_t)sum->low;
    sum->low = sum->low >> 64 | (uint128)sum->high << 64;
    sum->high = 0;
    return limb;
}

static inline void multiply(uint64_t product[2 * LIMBS], const number *a, const number *b) {
    column sum = {0, 0};
#pragma GCC unroll 16
    for (int k = 0; k < 2 * LIMBS - 1; k++) {
        int first = k < LIMBS ? 0 : k - LIMBS + 1, last = k < LIMBS ? k : LIMBS - 1;
#pragma GCC unroll 8
        for (int i = first; i <= last; i++) column_add(&sum, (uint128)a->limb[i] * b->limb[k - i]);
        product[k] = column_take(&sum);
    }
    product[2 * LIMBS - 1] = (uint64_t)sum.low;
}

/* Products of different limbs are added once and doubled. */
static inline void square(uint64_t product[2 * LIMBS], const number *a) {
    column sum = {0, 0};
#pragma GCC unroll 16
    for (int k = 0; k < 2 * LIMBS - 1; k++) {
        column mixed = {0, 0};
        int first = k < LIMBS ? 0 : k - LIMBS + 1;
#pragma GCC unroll 8
        for (int i = first; 2 * i < k; i++) column_add(&mixed, (uint128)a->limb[i] * a->limb[k - i]);
        column_add_twice(&sum, &mixed);
        if (k % 2 == 0) column_add(&sum, (uint128)a->limb[k / 2] * a->limb[k / 2]);
        product[k] = column_take(&sum);
    }
    product[2 * LIMBS - 1] = (uint64_t)sum.low;
}

static inline void fold_product(number *r, const uint64_t product[2 * LIMBS]) {
    uint64_t carry = 0;
#pragma GCC unroll 8
    for (int i = 0; i < LIMBS; i++) {
        uint128 sum = (uint128)product[LIMBS + i] * FOLD + product[i] + carry;
        r->limb[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    field_fold(r, carry);
}

void number_multiply(uint64_t product[2 * LIMBS], const number *a, const number *b) {
    multiply(product, a, b);
}

void field_multiply(number *r, const number *a, const number *b) {
    uint64_t product[2 * LIMBS];
    multiply(product, a, b);
    fold_product(r, product);
}

void field_square(number *r, const number *a) {
    uint64_t product[2 * LIMBS];
    square(product, a);
    fold_product(r, product);
}
