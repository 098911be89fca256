"""Photographs that people upload: checked, stripped of what they tell, and kept in modern formats.

A photograph is decoded and written again, so that nothing of the file received survives: no EXIF,
no GPS position, no colour profile, no payload hidden behind an image header. What is stored, by
convention of names, next to each other in the media storage:

    <folder>/<random>.webp          the largest, at most `WIDTHS[-1]` pixels wide: the name kept in the database
    <folder>/<random>-480.webp      each smaller width of `WIDTHS`
    <folder>/<random>.avif, -480.avif ...   the same in AVIF

Never enlarged. Names are random: a photograph not yet published cannot be guessed. Files written
for a transaction that is rolled back, or for a record deleted outside `delete()`, stay as orphans,
which harms nobody: nothing links to them.
"""

import secrets
import warnings
from io import BytesIO
from pathlib import PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageOps

from core.french import NBSP

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 40_000_000
MIN_SIDE = 200
"""Pixels; under that a photograph is a thumbnail, blurred at any width."""
MAX_RATIO = 10
"""The long side over the short one. A strip is not a photograph, and WebP holds at most 16,383 pixels of height."""
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
"""What is accepted, by the content of the file and never by its name. HEIC needs a decoder that Pillow lacks."""
ACCEPT = "image/jpeg,image/png,image/webp,image/avif"
WIDTHS = (480, 960, 1600)
ENCODINGS = {"webp": {"quality": 78, "method": 4}, "avif": {"quality": 50, "speed": 8}}

REFUSED = {
    "size": f"Cette image pèse plus de 8{NBSP}Mo. Réduisez-la avant de l’envoyer.",
    "pixels": "Cette image dépasse 40 millions de pixels. Réduisez-la avant de l’envoyer.",
    "small": f"Cette image est trop petite{NBSP}: il faut au moins {MIN_SIDE} pixels de côté.",
    "ratio": f"Cette image est trop allongée{NBSP}: le grand côté fait plus de {MAX_RATIO} fois le petit. Recadrez-la.",
    "format": f"Ce fichier n’est pas une photographie que nous savons lire. Formats acceptés{NBSP}: JPEG, PNG, WebP, AVIF.",
    "heic": "Les photographies HEIC (iPhone) ne sont pas lues. Enregistrez-la en JPEG avant de l’envoyer.",
    "broken": "Cette image est abîmée ou incomplète. Envoyez-la de nouveau.",
}


def read_photo(upload):
    """Decode an uploaded file into an upright sRGB image, ready for `store_photo`.

    `upload` is a Django file. Size and pixel count are judged on the header, before any decoding,
    so that a decompression bomb costs nothing. Raises `ValidationError` in French.
    """
    if upload.size > MAX_BYTES:
        raise _refused("size")
    upload.seek(0)
    data = upload.read()
    image = _open(data)
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _refused("pixels")
    if min(width, height) < MIN_SIDE:
        raise _refused("small")
    if max(width, height) > MAX_RATIO * min(width, height):
        raise _refused("ratio")
    # A large JPEG is decoded straight to a half or a quarter of its size, never under the largest width on either side.
    image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
    try:
        image.load()
        return _srgb(ImageOps.exif_transpose(image))
    except Exception as error:  # decoders of hostile files raise anything; none of it may reach the person
        raise _refused("broken") from error


def _refused(code):
    return ValidationError(REFUSED[code], code=f"photo_{code}")


def _open(data):
    """The image of these bytes with only its header read."""
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis") and b"avif" not in data[8:64]:
        raise _refused("heic")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _refused("pixels") from error
    except Exception as error:  # unknown, disguised or broken header: Pillow raises more than its own errors
        raise _refused("format") from error


def _srgb(image):
    """RGB in the sRGB colour space, transparency laid on white, without any metadata."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut at 255 and so make white
        return image.convert("I").point(lambda level: level * (1 / 257) + 0.5).convert("L").convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        flat = Image.new("RGB", image.size, "white")
        flat.paste(rgba, mask=rgba.getchannel("A"))
        image = flat
    elif profile and image.mode in ("RGB", "CMYK"):
        image = _from_profile(image, profile)
    image = image.convert("RGB")
    image.info = {}
    return image


def _from_profile(image, profile):
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that cannot be read changes a shade, not the photograph


def store_photo(image, folder, storage=default_storage):
    """Write every width and format of a decoded image under a random name; returns the name of the largest WebP."""
    stem = f"{folder.strip('/')}/{secrets.token_urlsafe(16)}"
    if image.width > WIDTHS[-1]:
        image = _resized(image, WIDTHS[-1])
    for suffix, options in ENCODINGS.items():
        for width in (*smaller_widths(image.width), None):
            picture = _resized(image, width) if width else image
            buffer = BytesIO()
            picture.save(buffer, suffix.upper(), **options)
            name = f"{stem}-{width}.{suffix}" if width else f"{stem}.{suffix}"
            storage.save(name, ContentFile(buffer.getvalue()))
    return f"{stem}.webp"


def _resized(image, width):
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS, reducing_gap=3)


def smaller_widths(width):
    """The widths below that of the stored image that have files of their own."""
    return tuple(step for step in WIDTHS if step < width)


def variant_names(name, width, suffix):
    """`(file name, width)` of each stored size of a photograph, smallest first; reads nothing."""
    stem = str(PurePosixPath(name).with_suffix(""))
    return [*((f"{stem}-{step}.{suffix}", step) for step in smaller_widths(width)), (f"{stem}.{suffix}", width)]


def srcset(name, width, suffix, storage=default_storage):
    """The `srcset` attribute of a photograph stored by `store_photo`, in `webp` or `avif`."""
    return ", ".join(f"{storage.url(variant)} {size}w" for variant, size in variant_names(name, width, suffix))


def delete_photo(name, width, storage=default_storage):
    """Remove every file of a photograph."""
    for suffix in ENCODINGS:
        for variant, _ in variant_names(name, width, suffix):
            storage.delete(variant)
