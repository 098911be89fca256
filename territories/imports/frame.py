"""What the importers of official files share: reading a file that may be anything, keeping Vaucluse, telling what was done.

Two levels of refusal, as for the reference files: a file that cannot be what is expected raises `RefusedFile` and nothing is
loaded; a row that cannot be true is left out, with its line and the reason.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from core import french
from core.search import fold
from territories.importers.report import Report
from territories.models import Commune

LARGEST_BYTES = 300 * 1024 * 1024
"""The FINESS extract of the whole country weighs a tenth of it."""
TITLE_LINES = 30
"""Lines that may come before the header: official files start with a title and notes."""
DELIMITERS = ";,\t"
DEPARTMENT = "84"
INSEE_HEADERS = (
    *("code insee", "insee", "code commune insee", "code insee commune", "codgeo", "depcom", "insee com", "code commune", "com"),
    *("code commune insee 2025", "code geographique", "code officiel geographique"),
)
"""How official files call the column of the INSEE code; case, accents and punctuation apart."""
INSEE = re.compile(r"\d{5}|2[AB]\d{3}")
SHORTENED = re.compile(r"\d{4}")
"""A code that a spreadsheet took for a number, and so without its first zero: another département than Vaucluse."""
BINARIES = {
    b"PK\x03\x04": "un classeur ou une archive (xlsx, ods, zip)\u00a0: décompressez-la, ou enregistrez la feuille en CSV",
    b"\xd0\xcf\x11\xe0": "un ancien classeur Excel\u00a0: enregistrez la feuille en CSV",
    b"%PDF": "un document PDF\u00a0: il faut la table en CSV",
    b"\x1f\x8b": "un fichier compressé\u00a0: décompressez-le d’abord",
}


class RefusedFile(Exception):
    """The file as a whole cannot be what is expected: nothing of it is loaded. The message is in French."""


class BadLine(Exception):
    """A row that cannot be true, with the reason in French."""


@dataclass(frozen=True)
class Options:
    """What the operator says about a file besides its rows: what it is true of, where it comes from."""

    dated: date | None = None
    source: str = ""
    source_url: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class LineRejected:
    """A row left out: its line in the file, the code it bears, why."""

    line: int
    code: str
    reason: str

    def __str__(self):
        return f"ligne {self.line} ({self.code or 'sans code'})\u00a0: {self.reason}."


@dataclass
class ImportReport(Report):
    """What an import did. `created`, `changed` and `kept` are by code; `notes` say what a person should look at."""

    elsewhere: int = 0
    """Rows of other départements, left aside."""
    ignored: int = 0
    """Rows of Vaucluse that the portal has no use for."""
    notes: list = field(default_factory=list)

    def reject(self, line, code, reason):
        self.rejections.append(LineRejected(line, code, str(reason)))

    def refuse_if_absurd(self, accepted):
        """Refuse a file without Vaucluse, or of which more rows were rejected than accepted: its columns hold something else."""
        if not accepted and not self.rejections:
            raise RefusedFile(f"Aucune ligne du Vaucluse dans ce fichier ({french.plural(self.elsewhere, 'ligne')} d’ailleurs).")
        if len(self.rejections) > accepted:
            first = "\u00a0; ".join(str(rejection).rstrip(".") for rejection in self.rejections[:3])
            raise RefusedFile(f"{len(self.rejections)} lignes sont impossibles contre {accepted} possibles. Les premières\u00a0: {first}.")


def read_text(path):
    """The text of a file in UTF-8 or in the encoding of Windows, which holds Latin-1."""
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise RefusedFile(f"{path.name} pèse {french.number(size // 1024**2)}\u00a0Mo, plus que tout fichier attendu ici.")
        raw = path.read_bytes()
    except OSError:
        raise RefusedFile(f"{path} n’est pas un fichier lisible.") from None
    for start, what in BINARIES.items():
        if raw.startswith(start):
            raise RefusedFile(f"{path.name} est {what}.")
    if b"\0" in raw:
        raise RefusedFile(f"{path.name} n’est pas un fichier de texte (ou il est en UTF-16\u00a0: enregistrez-le en UTF-8).")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if not text.strip():
        raise RefusedFile(f"{path.name} est vide.")
    if text.lstrip()[:15].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise RefusedFile(f"{path.name} est une page web ou un document XML, pas une table\u00a0: le téléchargement a sans doute échoué.")
    return text


def read_cells(text, delimiter):
    """Numbered rows of a text of cells, without those that are empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise RefusedFile(f"Ligne {reader.line_num}\u00a0: ce n’est pas un fichier CSV lisible ({error}).") from error
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield reader.line_num, cells


def read_table(path, columns):
    """Numbered rows of a CSV file as dictionaries, by the names of `columns`: for each, the headers it goes by, best first.

    The header is the first row that has them all, case, accents and punctuation apart; titles may stand above it.
    """
    text = read_text(path)
    for delimiter in DELIMITERS:
        for _, cells in islice(read_cells(text, delimiter), TITLE_LINES):
            if positions := find_columns(cells, columns):
                return list(rows_below(text, delimiter, cells, positions))
    wanted = "\u00a0; ".join(f"{name} ({', '.join(headers)})" for name, headers in columns.items())
    raise RefusedFile(f"{Path(path).name}\u00a0: aucune ligne d’en-tête avec les colonnes attendues\u00a0: {wanted}.")


def find_columns(cells, columns):
    """The position of each column in a row that is the header, or None."""
    folded = [fold(cell) for cell in cells]
    positions = {}
    for name, headers in columns.items():
        found = [folded.index(header) for header in map(fold, headers) if header in folded]
        if not found:
            return None
        positions[name] = found[0]
    return positions


def rows_below(text, delimiter, header, positions):
    """Rows under the header; one that is too short has empty cells at its end."""
    is_below = False
    for number, cells in read_cells(text, delimiter):
        if is_below:
            yield number, {name: cells[position] if position < len(cells) else "" for name, position in positions.items()}
        is_below = is_below or cells == header


def by_commune(path, columns, read, report):
    """What a file says of each commune of Vaucluse, `{commune: value}`; `read` makes the value of a row or raises `BadLine`.

    Rows of other départements are counted apart; codes that are no commune, said twice, or whose value cannot be true are rejected.
    One query.
    """
    communes = {commune.insee: commune for commune in Commune.objects.select_related("cpts")}
    found, lines = {}, {}
    for number, row in read_table(path, columns):
        code = row["insee"].upper()
        try:
            if is_elsewhere(code):
                report.elsewhere += 1
            elif code not in communes:
                raise BadLine("aucune commune du portail n’a ce code INSEE")
            elif code in lines:
                raise BadLine(f"cette commune figure déjà à la ligne {lines[code]}")
            else:
                lines[code] = number
                found[communes[code]] = read(row)
        except BadLine as reason:
            report.reject(number, code[:20], reason)
    report.refuse_if_absurd(len(found))
    report.missing = sorted(commune.name for commune in communes.values() if commune.insee not in lines)
    return found


def is_elsewhere(code):
    """Whether an INSEE code is that of a commune outside Vaucluse; what is no code is refused."""
    if not INSEE.fullmatch(code) and not SHORTENED.fullmatch(code):
        raise BadLine("ce n’est pas un code INSEE")
    return not (len(code) == 5 and code.startswith(DEPARTMENT))
