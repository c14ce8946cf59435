"""A witness of transparency logs (c2sp.org/tlog-witness): it cosigns a log's checkpoint only if it extends the last one."""
