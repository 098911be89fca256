"""A selection on paper: one file of A4 pages in the line of the site, with its links, its notes and the day it was printed."""

import re
import unicodedata
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import HRFlowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from core import french
from core.french import NBSP, THIN
from core.links import absolute

INK, SOFT, MUTED, LINE = (HexColor(colour) for colour in ("#1b1d33", "#454860", "#5f6178", "#dcd9d0"))
ACTION, OCHRE, OCHRE_INK, OCHRE_TINT = (HexColor(colour) for colour in ("#46399b", "#c2721f", "#824509", "#fbf0df"))
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
PADDING = 6
"""What a page keeps around its text by itself."""
CODEC = "cp1252"
"""What the fonts that every PDF reader has can write: French, its quotes and the euro sign."""
STAND_INS = str.maketrans({THIN: NBSP, "\u2011": "-", "\u2010": "-", "\u2212": "-", "\u2032": "’", "ʼ": "’", "\u2028": " ", "\u2029": " "})


def style(name, size, leading, **options):
    return ParagraphStyle(name, **{"fontName": "Helvetica", "fontSize": size, "leading": leading, "textColor": INK, **options})


TITLE = style("title", 24, 28, fontName="Helvetica-Bold", spaceAfter=4)
LEAD = style("lead", 10, 14, textColor=SOFT)
KIND = style("kind", 8.5, 11, fontName="Helvetica-Bold", textColor=OCHRE_INK, spaceBefore=2)
HEADING = style("heading", 13.5, 17, fontName="Helvetica-Bold")
PLACE = style("place", 10, 13, textColor=SOFT)
STATE = style("state", 9.5, 13, fontName="Helvetica-Bold", textColor=OCHRE_INK)
LABEL = style("label", 9, 12, textColor=MUTED)
VALUE = style("value", 9.5, 12)
NOTE = style("note", 9.5, 13)
SMALL = style("small", 8, 11, textColor=MUTED)


def plain(text):
    """A text that the fonts of the file can write, whatever was typed; what they lack becomes a question mark."""
    text = unicodedata.normalize("NFC", str(text)).translate(STAND_INS)
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text)
    return text.encode(CODEC, "replace").decode(CODEC)


def written(text):
    """The same, as the small markup of paragraphs wants it: nothing that was typed can be read as markup."""
    return escape(plain(text))


def linked(text, url):
    return f'<a href={quoteattr(absolute(url))} color="#46399b">{written(text)}</a>'


def pdf(contents, at, *, url):
    """The file, as bytes. `url` is the page that it was printed from."""
    day = french.date(timezone.localtime(at))
    total = _build(contents, day, url, total=0, into=BytesIO())
    file = BytesIO()
    _build(contents, day, url, total=total, into=file)
    return file.getvalue()


def _build(contents, day, url, *, total, into):
    """Write the file; returns how many pages it has, which its feet tell."""
    document = SimpleDocTemplate(
        into,
        pagesize=A4,
        leftMargin=MARGIN - PADDING,
        rightMargin=MARGIN - PADDING,
        topMargin=24 * mm,
        bottomMargin=20 * mm,
        title=plain(f"Ma sélection en Vaucluse, {day}"),
        author="Vaucluse Santé Attractivité",
        subject=plain("Offres d’exercice et communes gardées pour comparer"),
        creator="Vaucluse Santé Attractivité",
        lang="fr-FR",
    )
    demo = any(line.shown and line.shown.is_demo for line in contents.lines)

    def frame(canvas, _):
        _frame(canvas, day, total, demo)

    document.build(story(contents, day, url), onFirstPage=frame, onLaterPages=frame)
    return document.page


def _frame(canvas, day, total, demo):
    """What every page has around its text."""
    canvas.saveState()
    top = A4[1] - 14 * mm
    canvas.setFillColor(ACTION)
    canvas.roundRect(MARGIN, top - 1.5 * mm, 6 * mm, 6 * mm, 1 * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#f0b45f"))
    canvas.circle(MARGIN + 4.4 * mm, top + 3 * mm, 0.6 * mm, stroke=0, fill=1)
    canvas.setStrokeColor(HexColor("#ffffff"))
    canvas.setLineWidth(0.9)
    canvas.lines(
        [
            (MARGIN + 0.6 * mm, top, MARGIN + 2.7 * mm, top + 2.2 * mm),
            (MARGIN + 2.7 * mm, top + 2.2 * mm, MARGIN + 5.5 * mm, top + 0.2 * mm),
        ]
    )
    canvas.setFillColor(INK)
    canvas.setFont("Helvetica-Bold", 9.5)
    canvas.drawString(MARGIN + 8 * mm, top + 0.3 * mm, "Vaucluse Santé Attractivité")
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(MUTED)
    foot = f"Imprimé le {day}. L’état de chaque offre est celui de ce jour."
    if demo:
        foot += f" Ce qui est marqué «{NBSP}exemple{NBSP}» est inventé."
    canvas.drawString(MARGIN, 11 * mm, plain(foot))
    canvas.drawRightString(A4[0] - MARGIN, 11 * mm, plain(f"Page {canvas.getPageNumber()} sur {total}"))
    canvas.restoreState()


def story(contents, day, url):
    count = french.plural(len(contents.lines), "élément")
    parts = [Paragraph("Ma sélection en Vaucluse", TITLE), Paragraph(written(f"{count}, le {day}."), LEAD), Spacer(0, 5 * mm)]
    for line in contents.lines:
        parts += block(line)
    if not contents.lines:
        parts.append(Paragraph(written("Cette sélection est vide."), VALUE))
    if url:
        parts += [
            Spacer(0, 4 * mm),
            Paragraph(f'<a href={quoteattr(url)} color="#46399b">{written("Ouvrir la sélection en ligne")}</a>', SMALL),
        ]
    return parts


def block(line):
    """One thing: what it is, where, how it stands, its facts, its notes. The head never stays alone at the foot of a page."""
    head = [HRFlowable(width="100%", thickness=1.2, color=INK, spaceBefore=3 * mm, spaceAfter=2 * mm)]
    shown = line.shown
    if shown is None:
        head += [Paragraph(written("Cette fiche n’est plus en ligne"), HEADING)]
    else:
        example = f' <font size="8" color="#5f6178">{written("(exemple)")}</font>' if shown.is_demo else ""
        head += [Paragraph(written(shown.kind), KIND), Paragraph(linked(shown.title, shown.url) + example, HEADING)]
        head.append(Paragraph(written(shown.place), PLACE))
        if shown.state:
            head.append(Paragraph(written(shown.state), STATE))
        elif shown.freshness:
            head.append(Paragraph(written(shown.freshness), SMALL))
        if shown.facts:
            head += [Spacer(0, 1.5 * mm), facts(shown.facts)]
    return [KeepTogether(head), *(note for written_note in line.notes for note in note_block(written_note)), Spacer(0, 3 * mm)]


def facts(rows):
    cells = [[Paragraph(written(label), LABEL), Paragraph(written(value), VALUE)] for label, value in rows]
    lined = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    tight = [("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)]
    return Table(cells, colWidths=[38 * mm, WIDTH - 38 * mm], style=lined + tight, hAlign="LEFT")


def note_block(note):
    said = (
        f"{note.writer}, le {french.date(timezone.localtime(note.written_at))}"
        if note.writer
        else (f"Le {french.date(timezone.localtime(note.written_at))}")
    )
    if note.remind_on:
        said += f". À se rappeler le {french.date(note.remind_on)}"
    text = "<br/>".join(written(part) for part in note.text.splitlines())
    cells = [[[Paragraph(text, NOTE), Paragraph(written(said), SMALL)]]]
    tinted = [("BACKGROUND", (0, 0), (-1, -1), OCHRE_TINT), ("LINEBEFORE", (0, 0), (0, -1), 2, OCHRE)]
    return [Spacer(0, 2 * mm), Table(cells, colWidths=[WIDTH], style=tinted, hAlign="LEFT")]
