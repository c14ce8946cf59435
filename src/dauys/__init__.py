"""Dauys: petitions, feedback and votes of a country on a public log that anyone can check."""
