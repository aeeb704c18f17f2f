"""AcademicHub: academic intelligence, curated daily."""

__version__ = "0.1.0"
