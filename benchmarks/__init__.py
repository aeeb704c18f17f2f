"""Speed, measured: fixed seeds, CPU time, medians, ratios against a named peer in the same run."""
