"""Who may ask for what, how often, and what is said to whom it is refused."""
