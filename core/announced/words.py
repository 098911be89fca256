"""What an app calls its announcements, in texts that several apps share. Always a feminine noun that begins with a vowel: « l’offre »."""

from typing import NamedTuple


class Words(NamedTuple):
    """Parts of sentences. `{{ words.noun }}` in templates."""

    noun: str
    """« offre »."""
    readers: str
    """Who reads one: « les médecins »."""
    filled: str
    """What is said of one that found somebody: « est pourvue »."""
    thanks: str
    """What it is good for to say so: « nous saurons que ce cabinet a trouvé »."""
    open: str
    """What readers look for in the lists: « des postes ouverts »."""
    facts: str
    """The template of the two lines of a mail that name the row."""

    @property
    def nouns(self):
        return f"{self.noun}s"
