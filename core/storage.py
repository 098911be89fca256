"""Static files: one style sheet per page layout, hashed names, compressed copies."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    pass
