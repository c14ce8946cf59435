/* Numbers mod q = 2^512 - c, and inversion by division steps. */

#include "scalar.h"

/* RFC 7836 A.1. */
const number CURVE_ORDER = {{0xcacdb1411f10b275, 0x9b4b38abfad2b85d, 0x6ff22b8d4e056060, 0x27e69532f48d8911,
                             0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff}};

#define SHORT 4
static const uint64_t C[SHORT] = {0x35324ebee0ef4d8b, 0x64b4c754052d47a2, 0x900dd472b1fa9f9f, 0xd8196acd0b7276ee};

void scalar_reduce(number *r, const number *a) {
    *r = *a;
    if (!number_less(r, &CURVE_ORDER)) number_subtract(r, r, &CURVE_ORDER); /* 2^512 is below 2q */
}

void scalar_negate(number *r, const number *a) {
    if (number_is_zero(a)) {
        *r = *a;
    } else {
        number_subtract(r, &CURVE_ORDER, a);
    }
}

/* sum += c high, where sum has SHORT limbs more than high; returns the carry. */
static uint64_t add_times_c(uint64_t *sum, const uint64_t *high, int limbs) {
    uint64_t over = 0;
    for (int i = 0; i < limbs; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < SHORT; j++) {
            uint128 part = (uint128)high[i] * C[j] + sum[i + j] + carry;
            sum[i + j] = (uint64_t)part;
            carry = (uint64_t)(part >> 64);
        }
        uint128 top = (uint128)sum[i + SHORT] + carry + over;
        sum[i + SHORT] = (uint64_t)top;
        over = (uint64_t)(top >> 64);
    }
    return over;
}

void scalar_multiply(number *r, const number *a, const number *b) {
    uint64_t product[2 * LIMBS], folded[LIMBS + SHORT] = {0};
    number_multiply(product, a, b);
    memcpy(folded, product, LIMBS * sizeof *folded);
    add_times_c(folded, product + LIMBS, LIMBS); /* below 2^768: no carry */
    memcpy(r->limb, folded, sizeof r->limb);
    if (add_times_c(r->limb, folded + LIMBS, SHORT)) {
        number rest = {{C[0], C[1], C[2], C[3]}};
        number_add(r, r, &rest); /* what overflowed left less than 2^512 - 2^257: no carry */
    }
    scalar_reduce(r, r);
}

/* Inversion: division steps after Bernstein and Yang, "Fast constant-time gcd computation and modular inversion" (2019),
   62 at a time on the lowest words, in the variable-time form: zeros of g are skipped, and g is cleared of several bits
   at once. Long numbers are nine signed digits of 62 bits, all but the highest in [0, 2^62). */

#define DIGITS 9
#define STEPS 62
#define DIGIT_MASK (UINT64_MAX >> 2)

typedef struct {
    int64_t digit[DIGITS];
} wide;

/* 2^62 (f', g') = (u f + v g, q f + r g): the effect of 62 steps. */
typedef struct {
    int64_t u, v, q, r;
} steps;

static wide wide_from(const number *a) {
    wide w;
    for (int i = 0; i < DIGITS; i++) {
        int limb = i * STEPS / 64, shift = i * STEPS % 64;
        uint64_t bits = a->limb[limb] >> shift;
        if (shift > 2 && limb + 1 < LIMBS) bits |= a->limb[limb + 1] << (64 - shift);
        w.digit[i] = (int64_t)(bits & DIGIT_MASK);
    }
    return w;
}

/* Of a wide number in [0, 2^512) with all digits in [0, 2^62). */
static void wide_to(number *a, const wide *w) {
    memset(a, 0, sizeof *a);
    for (int i = 0; i < DIGITS; i++) {
        int limb = i * STEPS / 64, shift = i * STEPS % 64;
        a->limb[limb] |= (uint64_t)w->digit[i] << shift;
        if (shift > 2 && limb + 1 < LIMBS) a->limb[limb + 1] |= (uint64_t)w->digit[i] >> (64 - shift);
    }
}

static bool wide_is_zero(const wide *w) {
    int64_t bits = 0;
    for (int i = 0; i < DIGITS; i++) bits |= w->digit[i];
    return bits == 0;
}

/* w += m; only the highest digit is signed. */
static void wide_add(wide *w, const wide *m) {
    int64_t carry = 0;
    for (int i = 0; i < DIGITS; i++) {
        int64_t sum = w->digit[i] + m->digit[i] + carry;
        carry = i + 1 < DIGITS ? sum >> STEPS : 0;
        w->digit[i] = i + 1 < DIGITS ? sum & (int64_t)DIGIT_MASK : sum;
    }
}

/* 62 division steps on the lowest words of f (odd) and g; eta is the paper's -delta. Unsigned, so that it may wrap. */
static int64_t divide_steps(steps *t, int64_t eta, uint64_t f, uint64_t g) {
    uint64_t u = 1, v = 0, q = 0, r = 1, swapped;
    for (int left = STEPS;;) {
        int zeros = __builtin_ctzll(g | UINT64_MAX << left);
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        eta -= zeros;
        left -= zeros;
        if (left == 0) break;
        if (eta < 0) {
            eta = -eta;
            swapped = f, f = g, g = -swapped;
            swapped = u, u = q, q = -swapped;
            swapped = v, v = r, r = -swapped;
        }
        /* f (2 - f^2) is 1/f mod 2^6: as many bits of g go as the steps until the next exchange allow. */
        int bits = eta + 1 < left ? (int)eta + 1 : left;
        uint64_t w = f * g * (f * f - 2) & UINT64_MAX >> (64 - bits) & 63;
        g += f * w;
        q += u * w;
        r += v * w;
    }
    *t = (steps){(int64_t)u, (int64_t)v, (int64_t)q, (int64_t)r};
    return eta;
}

/* (f, g) = the steps applied; the division by 2^62 is exact. */
static void apply_steps(wide *f, wide *g, const steps *t) {
    int128 sum_f = 0, sum_g = 0;
    for (int i = 0; i < DIGITS; i++) {
        sum_f += (int128)t->u * f->digit[i] + (int128)t->v * g->digit[i];
        sum_g += (int128)t->q * f->digit[i] + (int128)t->r * g->digit[i];
        if (i > 0) {
            f->digit[i - 1] = (int64_t)((uint64_t)sum_f & DIGIT_MASK);
            g->digit[i - 1] = (int64_t)((uint64_t)sum_g & DIGIT_MASK);
        }
        sum_f >>= STEPS;
        sum_g >>= STEPS;
    }
    f->digit[DIGITS - 1] = (int64_t)sum_f;
    g->digit[DIGITS - 1] = (int64_t)sum_g;
}

/* (d, e) = the steps applied mod m, both in (-2m, m) before and after: a multiple of m makes the division exact. */
static void apply_steps_modulo(wide *d, wide *e, const steps *t, const wide *m, uint64_t inverse) {
    int64_t sign_d = d->digit[DIGITS - 1] >> 63, sign_e = e->digit[DIGITS - 1] >> 63;
    int64_t add_d = (t->u & sign_d) + (t->v & sign_e), add_e = (t->q & sign_d) + (t->r & sign_e);
    int128 sum_d = 0, sum_e = 0;
    for (int i = 0; i < DIGITS; i++) {
        sum_d += (int128)t->u * d->digit[i] + (int128)t->v * e->digit[i];
        sum_e += (int128)t->q * d->digit[i] + (int128)t->r * e->digit[i];
        if (i == 0) {
            add_d -= (int64_t)((inverse * (uint64_t)sum_d + (uint64_t)add_d) & DIGIT_MASK);
            add_e -= (int64_t)((inverse * (uint64_t)sum_e + (uint64_t)add_e) & DIGIT_MASK);
        }
        sum_d += (int128)m->digit[i] * add_d;
        sum_e += (int128)m->digit[i] * add_e;
        if (i > 0) {
            d->digit[i - 1] = (int64_t)((uint64_t)sum_d & DIGIT_MASK);
            e->digit[i - 1] = (int64_t)((uint64_t)sum_e & DIGIT_MASK);
        }
        sum_d >>= STEPS;
        sum_e >>= STEPS;
    }
    d->digit[DIGITS - 1] = (int64_t)sum_d;
    e->digit[DIGITS - 1] = (int64_t)sum_e;
}

void number_invert(number *r, const number *a, const number *prime) {
    wide m = wide_from(prime), f = m, g = wide_from(a), d = {{0}}, e = {{1}};
    uint64_t inverse = prime->limb[0]; /* of m mod 2^64, right in three bits; each round doubles them */
    for (int i = 0; i < 5; i++) inverse *= 2 - prime->limb[0] * inverse;
    int64_t eta = -1;
    while (!wide_is_zero(&g)) {
        steps t;
        eta = divide_steps(&t, eta, (uint64_t)f.digit[0] | (uint64_t)f.digit[1] << STEPS,
                           (uint64_t)g.digit[0] | (uint64_t)g.digit[1] << STEPS);
        apply_steps(&f, &g, &t);
        apply_steps_modulo(&d, &e, &t, &m, inverse);
    }
    /* Now f = d a mod m is 1 or -1, and d in (-2m, m). */
    while (d.digit[DIGITS - 1] < 0) wide_add(&d, &m);
    wide_to(r, &d);
    if (f.digit[DIGITS - 1] < 0) number_subtract(r, prime, r);
}
