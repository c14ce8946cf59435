"""The face: settings, addresses, pages, languages."""
