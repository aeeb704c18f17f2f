"""Write references as files, and lists of papers as feeds. Pure: the same input gives the same bytes."""
