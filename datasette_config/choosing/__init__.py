"""What a reader chooses in an address: filters, their form, the SQL they become, page numbers."""
