"""The shelves: works, manifestations, sources, fetch log, quarantine."""
