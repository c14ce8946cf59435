"""What the offices share: rows of the ledger as they read them."""
