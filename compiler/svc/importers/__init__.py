"""Foreign text becomes specs, with an account of every key of it: what it became, or why it is gone."""
