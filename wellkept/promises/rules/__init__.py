"""Pure rules of promises: when one falls due, what is left of it, how a period's promises add up. No database, no clock."""
