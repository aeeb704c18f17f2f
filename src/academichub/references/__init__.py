"""What reference managers write: BibTeX, BibLaTeX, RIS, CSL-JSON, Zotero JSON. Pure."""
