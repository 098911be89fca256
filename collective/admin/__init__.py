"""Staff screens of the collective."""

from collective.admin.facts import AchievementAdmin, PressItemAdmin
from collective.admin.news import NewsAdmin
from collective.admin.partners import DeskAdmin, PartnerAdmin
from collective.admin.testimonials import TestimonialAdmin, TestimonialTagAdmin

__all__ = [
    "AchievementAdmin",
    "DeskAdmin",
    "NewsAdmin",
    "PartnerAdmin",
    "PressItemAdmin",
    "TestimonialAdmin",
    "TestimonialTagAdmin",
]
