"""What each page shows: one frozen view and the function that builds it."""
