/* The kernel's arithmetic under names that a test can call: 64 bytes in, 64 bytes out. */

#include "scalar.h"

static void store(uint8_t *bytes, const number *a) {
    for (int i = 0; i < LIMBS; i++) store64(bytes + 8 * i, a->limb[i]);
}

#define OPERATION(name, expression)                                          \
    void name(uint8_t *result, const uint8_t *left, const uint8_t *right);   \
    void name(uint8_t *result, const uint8_t *left, const uint8_t *right) {  \
        number a = number_load(left), b = number_load(right), r = {{0}};     \
        (void)b;                                                             \
        expression;                                                          \
        store(result, &r);                                                   \
    }

OPERATION(add, field_add(&r, &a, &b))
OPERATION(subtract, field_subtract(&r, &a, &b))
OPERATION(multiply, field_multiply(&r, &a, &b))
OPERATION(square, field_square(&r, &a))
OPERATION(twice, field_shift(&r, &a, 1))
OPERATION(eightfold, field_shift(&r, &a, 3))
OPERATION(reduce, r = a; field_reduce(&r))
OPERATION(is_zero, r.limb[0] = field_is_zero(&a))
OPERATION(invert, number_invert(&r, &a, &FIELD_PRIME))
OPERATION(scalar_product, scalar_multiply(&r, &a, &b))
OPERATION(scalar_rest, scalar_reduce(&r, &a))
OPERATION(scalar_opposite, scalar_negate(&r, &a))
OPERATION(scalar_inverse, number_invert(&r, &a, &CURVE_ORDER))
