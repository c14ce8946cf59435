"""The dauys command."""
