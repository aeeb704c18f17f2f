"""Language-model and embedding providers."""
