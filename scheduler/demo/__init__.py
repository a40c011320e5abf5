"""``make demo``: four days of a small fictional web, with the real crawler, knowledge base, mails and webhooks."""
