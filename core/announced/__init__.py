"""What people announce without an account (`core.models.Announced`): its life, its private link, its freshness, whatever is announced.

An app says what its announcements are called, which facts they need and how they look; the rest is here.
"""
