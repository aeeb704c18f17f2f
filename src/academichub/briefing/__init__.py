"""Cross-field briefings: what was read, what ties fields together, and which words carry each sentence."""
