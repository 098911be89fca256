"""What an import says it did."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """What an import did with one kind of rows; `changed` and `kept` give the fields by code."""

    label: str
    masculine: bool = False
    """Whether the label is masculine, for the words of the report."""
    created: list = field(default_factory=list)
    changed: dict = field(default_factory=dict)
    unchanged: int = 0
    kept: dict = field(default_factory=dict)
    """What the files would change but staff have taken over: see `territories.models.Kept`."""
    missing: list = field(default_factory=list)
    rejections: list = field(default_factory=list)

    @property
    def is_idle(self):
        """Whether the database already held exactly what the files say."""
        return not self.created and not self.changed

    @property
    def counts(self):
        """`46 créés, 0 modifiés, 0 inchangés`."""
        e = "" if self.masculine else "e"
        return f"{len(self.created)} créé{e}s, {len(self.changed)} modifié{e}s, {self.unchanged} inchangé{e}s"
