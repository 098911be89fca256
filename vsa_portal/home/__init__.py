"""The home page: for whom and what, one search, the doors by stage of life, then parts from data in the order that staff gave.

`counts` reads the offers once for every number of the page; `parts` makes each part, or nothing when it has nothing to show.
"""
