"""The surge door: signing requests, signed statements, receipts, the published log. It knows subjects, never an office."""
