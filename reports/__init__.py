"""From a scorecard to what a manager reads: pages, charts, a PDF and the text of a mail.

Pure: no warehouse, no clock, no network. The same scorecard gives the same bytes.
"""
