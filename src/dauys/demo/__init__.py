"""A country in a box: citizens by seed, a PKI of the national profile, petitions, and the signers who replay a real surge."""
