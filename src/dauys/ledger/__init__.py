"""The one stateful engine: subjects, acts admitted once, the log's tail, the vault, receipts, publication."""
