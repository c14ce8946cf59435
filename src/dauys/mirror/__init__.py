"""A mirror: follows a public log, keeps only what it has verified, and serves it under another name."""
