"""What the offices share: officials and their tasks, sessions, transactions, and rows of the ledger as they read them."""
