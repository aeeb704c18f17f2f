"""Turn Records into Drafts and decide what each one is. Reads nothing, writes nothing."""
