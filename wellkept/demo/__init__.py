"""The demo firm: invented people and clients with a month of life behind them, made through the rooms' actions.

Always true: the same seed and the same moment make the same firm; nothing is written into a database that has a firm.
"""
