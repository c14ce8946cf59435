"""The office of petitions: what citizens ask for, and how many stand behind it."""
