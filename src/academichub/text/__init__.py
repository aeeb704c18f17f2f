"""Pure string work: TeX, HTML, dates, names, identifiers. Knows no database, no network."""
