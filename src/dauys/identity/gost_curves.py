"""The curves of the national signatures, as data: which numbers make GOST R 34.10 verify which kind of key."""

from __future__ import annotations

from typing import Final, NamedTuple


class Parameters(NamedTuple):
    """y^2 = x^3 + ax + b over GF(p), with a base point (x, y) of prime order q; the curve has q * cofactor points."""

    p: int
    a: int
    b: int
    q: int
    cofactor: int
    x: int
    y: int
    size: int  # bytes of a coordinate, of a scalar and of a digest


# id-tc26-gost-3410-12-512-paramSetA (1.2.643.7.1.2.1.2.1), RFC 7836 appendix A.1: GOST 34.10-2015 with 512 bits.
TC26_512_A: Final = Parameters(
    p=2**512 - 569,
    a=2**512 - 572,
    b=int(
        "e8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265"
        "ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760",
        16,
    ),
    q=int(
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
        16,
    ),
    cofactor=1,
    x=3,
    y=int(
        "7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921"
        "df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4",
        16,
    ),
    size=64,
)

# id-tc26-gost-3410-2012-256-paramSetA (1.2.643.7.1.2.1.1.1), RFC 7836 appendix A.2: GOST 34.10-2015 with 256 bits.
# A twisted Edwards curve in Weierstrass form: of its 4q points only those of the subgroup of order q are keys.
TC26_256_A: Final = Parameters(
    p=2**256 - 617,
    a=int("c2173f1513981673af4892c23035a27ce25e2013bf95aa33b22c656f277e7335", 16),
    b=int("295f9bae7428ed9ccc20e7c359a9d41a22fccd9108e17bf7ba9337a6f8ae9513", 16),
    q=int("400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67", 16),
    cofactor=4,
    x=int("91e38443a5e82c0d880923425712b2bb658b9196932e02c78b2582fe742daa28", 16),
    y=int("32879423ab1a0375895786c4bb46e9565fde0b5344766740af268adb32322e5c", 16),
    size=32,
)

# id-GostR3410-2001-CryptoPro-A-ParamSet (1.2.643.2.2.35.1), RFC 4357 section 11.4: GOST 34.310-2004.
CRYPTOPRO_A: Final = Parameters(
    p=2**256 - 617,
    a=2**256 - 620,
    b=166,
    q=int("ffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893", 16),
    cofactor=1,
    x=1,
    y=int("8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14", 16),
    size=32,
)
