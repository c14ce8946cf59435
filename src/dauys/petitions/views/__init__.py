"""Pages of the office of petitions."""
