/* Points of y^2 = x^3 - 3x + b, their multiples, and the verification of RFC 7091 section 6.2. Variable time. */

#include "curve.h"

#include <stdlib.h>

#include "scalar.h"

typedef struct {
    number x, y; /* both below p; never infinity */
} affine;

/* (x / z^2, y / z^3); infinity has z = 0, and nothing else: no point has order 2, so no product makes z vanish. */
typedef struct {
    number x, y, z;
} jacobian;

/* RFC 7836 A.1. */
static const number B = {{0x503190785a71c760, 0x862ef9d4ebee4761, 0x4cb4574010da90dd, 0xee3cb090f30d2761,
                          0x79bd081cfd0b6265, 0x34b82574761cb0e8, 0xc1bd0b2b6667f1da, 0xe8c2505dedfc86dd}};
static const affine BASE = {{{3}},
                            {{0x89a589cb5215f2a4, 0x8028fe5fc235f5b8, 0x3d75e6a50e3a41e9, 0xdf1626be4fd036e9,
                              0x778064fdcbefa921, 0xce5e1c93acf1abc1, 0xa61b8816e25450e6, 0x7503cfe87a836ae3}}};

/* r = 2a, r may be a (dbl-2001-b for a = -3). */
static void point_double(jacobian *r, const jacobian *a) {
    number delta, gamma, beta, alpha, t;
    field_square(&delta, &a->z);
    field_square(&gamma, &a->y);
    field_multiply(&beta, &a->x, &gamma);
    field_subtract(&alpha, &a->x, &delta);
    field_add(&t, &a->x, &delta);
    field_multiply(&alpha, &alpha, &t);
    field_shift(&t, &alpha, 1);
    field_add(&alpha, &alpha, &t);
    field_multiply(&t, &a->y, &a->z);
    field_shift(&r->z, &t, 1);
    field_square(&r->x, &alpha);
    field_shift(&t, &beta, 3);
    field_subtract(&r->x, &r->x, &t);
    field_shift(&beta, &beta, 2);
    field_subtract(&beta, &beta, &r->x);
    field_multiply(&r->y, &alpha, &beta);
    field_square(&gamma, &gamma);
    field_shift(&gamma, &gamma, 3);
    field_subtract(&r->y, &r->y, &gamma);
}

static void point_set(jacobian *r, const affine *b, bool negative) {
    *r = (jacobian){b->x, b->y, {{1}}};
    if (negative) number_subtract(&r->y, &FIELD_PRIME, &b->y);
}

/* r = r + b or r - b; complete: infinite, equal and opposite points are handled. */
static void point_add(jacobian *r, const affine *b, bool negative) {
    number zz, h, d, hh, hhh, v;
    if (number_is_zero(&r->z)) {
        point_set(r, b, negative);
        return;
    }
    field_square(&zz, &r->z);
    field_multiply(&h, &b->x, &zz);
    field_subtract(&h, &h, &r->x);
    field_multiply(&d, &zz, &r->z);
    field_multiply(&d, &b->y, &d);
    if (negative) field_subtract(&d, &FIELD_PRIME, &d);
    field_subtract(&d, &d, &r->y);
    if (field_is_zero(&h)) {
        if (field_is_zero(&d)) {
            point_double(r, r);
        } else {
            memset(r, 0, sizeof *r);
        }
        return;
    }
    field_square(&hh, &h);
    field_multiply(&hhh, &h, &hh);
    field_multiply(&v, &r->x, &hh);
    field_multiply(&r->z, &r->z, &h);
    field_square(&r->x, &d);
    field_subtract(&r->x, &r->x, &hhh);
    field_multiply(&hhh, &r->y, &hhh);
    field_shift(&zz, &v, 1);
    field_subtract(&r->x, &r->x, &zz);
    field_subtract(&v, &v, &r->x);
    field_multiply(&r->y, &d, &v);
    field_subtract(&r->y, &r->y, &hhh);
}

#define RUN 64 /* points that share an inversion */

/* Affine forms of up to RUN finite points by one inversion. */
static void flatten(affine *flat, const jacobian *points, size_t count) {
    number before[RUN], inverse = {{1}}, own;
    for (size_t i = 0; i < count; i++) {
        before[i] = inverse;
        field_multiply(&inverse, &inverse, &points[i].z);
    }
    field_reduce(&inverse);
    number_invert(&inverse, &inverse, &FIELD_PRIME);
    for (size_t i = count; i-- > 0;) {
        field_multiply(&own, &inverse, &before[i]);
        field_multiply(&inverse, &inverse, &points[i].z);
        field_square(&before[i], &own);
        field_multiply(&flat[i].x, &points[i].x, &before[i]);
        field_multiply(&own, &own, &before[i]);
        field_multiply(&flat[i].y, &points[i].y, &own);
        field_reduce(&flat[i].x);
        field_reduce(&flat[i].y);
    }
}

/* first, first + step, first + 2 step ...; none may be infinite, and with few multiples of a point of order q none is. */
static void multiples(affine *flat, size_t count, const affine *first, const affine *step) {
    jacobian run[RUN], point;
    point_set(&point, first, false);
    for (size_t done = 0; done < count; done += RUN) {
        size_t size = count - done < RUN ? count - done : RUN;
        for (size_t i = 0; i < size; i++) {
            run[i] = point;
            point_add(&point, step, false);
        }
        flatten(flat + done, run, size);
    }
}

static void twice(affine *r, const affine *a) {
    jacobian point;
    point_set(&point, a, false);
    point_double(&point, &point);
    flatten(r, &point, 1);
}

/* Any key: digits of the non-adjacent form are zero or odd, in size below 2^(width - 1); doublings are shared. */

#define BASE_WIDTH 12 /* 1,024 points, made at import */
#define KEY_WIDTH 6   /* 16 points a verification */
#define BITS 512

static affine base_odd[1 << (BASE_WIDTH - 2)];

static void odd_multiples(affine *odd, int width, const affine *point) {
    affine step;
    twice(&step, point);
    multiples(odd, (size_t)1 << (width - 2), point, &step);
}

void gost_start(void) {
    odd_multiples(base_odd, BASE_WIDTH, &BASE);
}

/* `count` bits of a number from place `start`; those above 512 are zero. */
static int bits_at(const number *a, int start, int count) {
    int limb = start / 64, shift = start % 64;
    uint64_t bits = a->limb[limb] >> shift;
    if (shift + count > 64 && limb + 1 < LIMBS) bits |= a->limb[limb + 1] << (64 - shift);
    return (int)(bits & ((UINT64_C(1) << count) - 1));
}

static void non_adjacent_form(int16_t digits[BITS + 1], const number *scalar, int width) {
    int carry = 0, place = 0;
    memset(digits, 0, (BITS + 1) * sizeof *digits);
    while (place < BITS) {
        if (bits_at(scalar, place, 1) == carry) {
            place++;
            continue;
        }
        int digit = bits_at(scalar, place, width) + carry;
        carry = digit >> (width - 1);
        digits[place] = (int16_t)(digit - (carry << width));
        place += width;
    }
    if (carry) digits[BITS] = 1; /* a window that reaches beyond the highest bit leaves no carry */
}

static void add_digit(jacobian *sum, const affine *odd, int digit) {
    if (digit) point_add(sum, &odd[(digit < 0 ? -digit : digit) >> 1], digit < 0);
}

/* sum = z1 BASE + z2 point. */
static void multiply_both(jacobian *sum, const number *z1, const number *z2, const affine *point) {
    int16_t base_digits[BITS + 1], digits[BITS + 1];
    affine odd[1 << (KEY_WIDTH - 2)];
    odd_multiples(odd, KEY_WIDTH, point);
    non_adjacent_form(base_digits, z1, BASE_WIDTH);
    non_adjacent_form(digits, z2, KEY_WIDTH);
    memset(sum, 0, sizeof *sum);
    for (int place = BITS; place >= 0; place--) {
        point_double(sum, sum);
        add_digit(sum, odd, digits[place]);
        add_digit(sum, base_odd, base_digits[place]);
    }
}

/* A fixed key: signed digits of nine bits, each with its own table; no doublings. */

#define WINDOW 9
#define WINDOWS (BITS / WINDOW + 1)
#define HALF (1 << (WINDOW - 1))

struct comb {
    affine window[WINDOWS][HALF]; /* 1 .. HALF times 2^(WINDOW i) times the point; 1.9 MB */
};

static comb *comb_of(const affine *point) {
    comb *made = malloc(sizeof *made);
    if (!made) return NULL;
    affine unit = *point;
    for (int i = 0; i < WINDOWS; i++) {
        multiples(made->window[i], HALF, &unit, &unit);
        twice(&unit, &made->window[i][HALF - 1]);
    }
    return made;
}

static void add_windows(jacobian *sum, const comb *table, const number *scalar) {
    int carry = 0;
    for (int i = 0; i < WINDOWS; i++) {
        int digit = bits_at(scalar, i * WINDOW, WINDOW) + carry;
        carry = digit > HALF;
        if (carry) digit -= 1 << WINDOW;
        if (digit) point_add(sum, &table->window[i][(digit < 0 ? -digit : digit) - 1], digit < 0);
    }
}

/* Verification. */

/* The point of a key, false where it is none. The cofactor is 1, so being on the curve is enough. */
static bool load_point(affine *point, const uint8_t key[KEY_BYTES]) {
    number left, right, three = {{3}};
    *point = (affine){number_load(key), number_load(key + NUMBER_BYTES)};
    if (!number_less(&point->x, &FIELD_PRIME) || !number_less(&point->y, &FIELD_PRIME)) return false;
    field_square(&left, &point->y);
    field_square(&right, &point->x);
    field_subtract(&right, &right, &three);
    field_multiply(&right, &right, &point->x);
    field_add(&right, &right, &B);
    field_subtract(&left, &left, &right);
    return field_is_zero(&left);
}

/* r, z1 = s / e and z2 = -r / e mod q; false where r or s is out of range. */
static bool load_scalars(number *r, number *z1, number *z2, const uint8_t *digest, const uint8_t *signature) {
    number s = number_load(signature + NUMBER_BYTES), e = number_load(digest);
    *r = number_load(signature);
    if (number_is_zero(r) || !number_less(r, &CURVE_ORDER)) return false;
    if (number_is_zero(&s) || !number_less(&s, &CURVE_ORDER)) return false;
    scalar_reduce(&e, &e);
    if (number_is_zero(&e)) e.limb[0] = 1;
    number_invert(&e, &e, &CURVE_ORDER);
    scalar_multiply(z1, &s, &e);
    scalar_multiply(z2, r, &e);
    scalar_negate(z2, z2);
    return true;
}

static bool has_x(const jacobian *point, const number *x) {
    number scaled;
    field_square(&scaled, &point->z);
    field_multiply(&scaled, &scaled, x);
    field_subtract(&scaled, &scaled, &point->x);
    return field_is_zero(&scaled);
}

/* Whether x mod q = r, without a division by z: as p is below 2q, x is r or r + q. */
static bool matches(const number *r, const jacobian *point) {
    number other;
    if (number_is_zero(&point->z)) return false;
    if (has_x(point, r)) return true;
    return !number_add(&other, r, &CURVE_ORDER) && number_less(&other, &FIELD_PRIME) && has_x(point, &other);
}

bool gost_verify(const uint8_t key[KEY_BYTES], const uint8_t digest[DIGEST_BYTES],
                 const uint8_t signature[SIGNATURE_BYTES]) {
    affine point;
    number r, z1, z2;
    jacobian sum;
    if (!load_point(&point, key) || !load_scalars(&r, &z1, &z2, digest, signature)) return false;
    multiply_both(&sum, &z1, &z2, &point);
    return matches(&r, &sum);
}

comb_result comb_make(comb **made, const uint8_t key[KEY_BYTES]) {
    affine point;
    if (!load_point(&point, key)) return COMB_NO_POINT;
    *made = comb_of(&point);
    return *made ? COMB_MADE : COMB_NO_MEMORY;
}

comb_result comb_make_base(comb **made) {
    *made = comb_of(&BASE);
    return *made ? COMB_MADE : COMB_NO_MEMORY;
}

void comb_free(comb *made) {
    free(made);
}

bool gost_verify_by_combs(const comb *base, const comb *key, const uint8_t digest[DIGEST_BYTES],
                          const uint8_t signature[SIGNATURE_BYTES]) {
    number r, z1, z2;
    jacobian sum = {{{0}}, {{0}}, {{0}}};
    if (!load_scalars(&r, &z1, &z2, digest, signature)) return false;
    add_windows(&sum, base, &z1);
    add_windows(&sum, key, &z2);
    return matches(&r, &sum);
}
