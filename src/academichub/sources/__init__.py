"""What exists and how to read its answers. Pure: bytes in, Records out."""
