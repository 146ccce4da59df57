"""Pure rules of double entry: lines, months, money, chain, charts."""
