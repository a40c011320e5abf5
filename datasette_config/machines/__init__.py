"""What programs read beside pages: feeds, tables for spreadsheets, site maps."""
