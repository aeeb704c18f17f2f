"""Finding: stored queries matched against each day's papers."""
