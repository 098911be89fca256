"""Editorial pages: a tree of pages made of blocks, the glossary, redirects, the order of the home page, links that were checked."""

from pages.models.blocks import (
    BLOCKS,
    CallToAction,
    Document,
    Figures,
    Image,
    Insert,
    ListBlock,
    MapBlock,
    PartnersBlock,
    Question,
    Quotation,
    RichText,
    Step,
    TestimonialBlock,
    Video,
)
from pages.models.links import LinkCheck, Redirect
from pages.models.tree import Page
from pages.models.words import HomeSection, Term

__all__ = [
    "BLOCKS",
    "CallToAction",
    "Document",
    "Figures",
    "HomeSection",
    "Image",
    "Insert",
    "LinkCheck",
    "ListBlock",
    "MapBlock",
    "Page",
    "PartnersBlock",
    "Question",
    "Quotation",
    "Redirect",
    "RichText",
    "Step",
    "Term",
    "TestimonialBlock",
    "Video",
]
