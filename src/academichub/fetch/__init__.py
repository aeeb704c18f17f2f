"""The only room that talks to the public web."""
