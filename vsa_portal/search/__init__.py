"""One field over everything that readers may find: `/recherche/`, and what it suggests while one types.

`finders` say what there is, one small class a kind; `results` asks them all in one query and groups what they answer.
"""
