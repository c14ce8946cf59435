"""The verbs of the office of petitions; web, API, CLI and jobs call these same functions."""
