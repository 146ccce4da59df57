"""A report as a neutral document, and its renderings: a page's table, PDF, a spreadsheet and CSV.

Always true: a figure is written as a figure (never as text a spreadsheet would run), and every rendering shows the same
rows in the same order.
"""
