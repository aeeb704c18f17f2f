"""One function per use case: the only code that leads papers from room to room."""
