"""What templates tell the scripts of the maps."""

import json
from functools import cache

from django import template
from leaflet import SPATIAL_EXTENT, app_settings

register = template.Library()

USED = ("DEFAULT_CENTER", "DEFAULT_ZOOM", "MIN_ZOOM", "MAX_ZOOM", "SCALE", "ATTRIBUTION_PREFIX", "NO_GLOBALS", "OVERLAYS")
"""Settings of django-leaflet that `static/js/map/board.js` hands to `L.Map.djangoMap`."""


@register.simple_tag
@cache
def map_config():
    """`LEAFLET_CONFIG` as JSON, for a data attribute.

    django-leaflet's `leaflet_json_config` also writes the addresses of its drawing plugins, and its
    `leaflet_map` writes an inline script, which our Content-Security-Policy refuses.
    """
    xmin, ymin, xmax, ymax = SPATIAL_EXTENT
    config = {name: app_settings[name] for name in USED} | {"SPATIAL_EXTENT": {"xmin": xmin, "ymin": ymin, "xmax": xmax, "ymax": ymax}}
    return json.dumps(config, separators=(",", ":"), ensure_ascii=False)
