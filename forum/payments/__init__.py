"""Money: orders, the ways to pay, papers, and the ledger."""
