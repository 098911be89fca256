"""The collective: who stands behind the portal, whom to ask, what was done, what is said of it, what happens.

What readers may see is `visible(at)` of each table and nothing else.
"""

from collective.models.facts import Achievement, PressItem
from collective.models.news import News
from collective.models.partners import Desk, Partner, PartnerContact, PartnerFigure, PartnerLink
from collective.models.testimonials import Testimonial, TestimonialTag

__all__ = [
    "Achievement",
    "Desk",
    "News",
    "Partner",
    "PartnerContact",
    "PartnerFigure",
    "PartnerLink",
    "PressItem",
    "Testimonial",
    "TestimonialTag",
]
