"""Photographs: what is accepted, what is kept of them, what is refused and how it is said."""

import struct
import zlib
from io import BytesIO

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, ImageCms

from core import images
from core.forms import PhotoField


def upload(image, format="JPEG", name="photo.jpg", **options):
    buffer = BytesIO()
    image.save(buffer, format, **options)
    return SimpleUploadedFile(name, buffer.getvalue())


def plain(width=800, height=600, colour="#c2721f", mode="RGB"):
    return Image.new(mode, (width, height), colour)


def half_and_half():
    """Red on the left, blue on the right."""
    image = plain(800, 400, "#ff0000")
    image.paste("#0000ff", (400, 0, 800, 400))
    return image


def near(colour, expected):
    return all(abs(a - b) < 12 for a, b in zip(colour, expected, strict=True))


def stored(name):
    with default_storage.open(name) as file:
        image = Image.open(BytesIO(file.read()))
        image.load()
        return image


class TestAccepted:
    @pytest.mark.parametrize("format", images.FORMATS)
    def test_each_format_is_read_whatever_its_name(self, format):
        image = images.read_photo(upload(plain(), format, name="sans-extension"))
        assert (image.size, image.mode) == ((800, 600), "RGB")

    def test_orientation_is_applied(self):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6  # the camera was held on its side
        image = images.read_photo(upload(half_and_half(), exif=exif))
        assert image.size == (400, 800)
        assert near(image.getpixel((200, 100)), (255, 0, 0))
        assert near(image.getpixel((200, 700)), (0, 0, 255))

    def test_nothing_the_camera_wrote_is_kept(self):
        exif = Image.Exif()
        exif[ExifTags.Base.Artist] = "Docteur Fabre"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (44.0, 3.0, 0.0)
        source = upload(plain(1000, 700), exif=exif, comment=b"secret")
        assert b"Docteur Fabre" in source.read()
        name = images.store_photo(images.read_photo(source), "essai")
        for variant in default_storage.listdir("essai")[1]:
            kept = stored(f"essai/{variant}")
            assert not kept.getexif()
            assert not {"exif", "icc_profile", "xmp", "comment"} & {key for key, value in kept.info.items() if value}
            with default_storage.open(f"essai/{variant}") as file:
                assert b"Fabre" not in file.read()
        assert name.startswith("essai/")

    def test_transparency_becomes_white(self):
        image = images.read_photo(upload(plain(mode="RGBA", colour=(0, 0, 0, 0)), "PNG"))
        assert image.getpixel((10, 10)) == (255, 255, 255)

    def test_another_colour_space_becomes_srgb(self):
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        assert images.read_photo(upload(plain(), icc_profile=lab)).mode == "RGB"
        assert images.read_photo(upload(plain(mode="CMYK", colour=(0, 0, 0, 0)))).getpixel((5, 5)) == (255, 255, 255)

    @pytest.mark.parametrize("mode", ["L", "P", "1"])
    def test_grey_and_palettes_become_rgb(self, mode):
        assert images.read_photo(upload(plain(colour="white").convert(mode), "PNG")).getpixel((5, 5)) == (255, 255, 255)

    def test_sixteen_bits_of_grey_keep_their_shades(self):
        image = images.read_photo(upload(plain(300, 300, 0x8080, "I;16"), "PNG"))
        assert (image.mode, image.getpixel((10, 10))) == ("RGB", (128, 128, 128))


class TestStored:
    @pytest.mark.parametrize(
        ("width", "kept"), [(2400, [480, 960, 1600]), (1600, [480, 960, 1600]), (1200, [480, 960, 1200]), (480, [480]), (300, [300])]
    )
    def test_widths_and_never_larger_than_the_original(self, width, kept):
        name = images.store_photo(plain(width, width // 2), "essai")
        for suffix, format in (("webp", "WEBP"), ("avif", "AVIF")):
            variants = images.variant_names(name, kept[-1], suffix)
            assert [size for _, size in variants] == kept
            assert [(stored(file).format, stored(file).width) for file, _ in variants] == [(format, size) for size in kept]
        assert len(default_storage.listdir("essai")[1]) == 2 * len(kept)

    def test_proportions_are_kept(self):
        name = images.store_photo(plain(2000, 1000), "essai")
        assert stored(name).size == (1600, 800)
        assert stored(name.replace(".webp", "-480.avif")).size == (480, 240)

    def test_the_tallest_accepted_is_stored(self):
        name = images.store_photo(images.read_photo(upload(plain(1600, 16_000, 128, "L"), "PNG")), "essai")
        assert stored(name).size == (1600, 16_000)

    def test_names_cannot_be_guessed(self):
        names = {images.store_photo(plain(300, 300), "essai") for _ in range(3)}
        assert len(names) == 3
        assert all(len(name.removeprefix("essai/").removesuffix(".webp")) >= 20 for name in names)

    def test_srcset_names_each_width(self):
        name = images.store_photo(plain(1000, 500), "essai")
        stem = f"/media/{name.removesuffix('.webp')}"
        assert images.srcset(name, 1000, "avif") == f"{stem}-480.avif 480w, {stem}-960.avif 960w, {stem}.avif 1000w"

    def test_deleting_leaves_no_file(self):
        images.delete_photo(images.store_photo(plain(1000, 500), "essai"), 1000)
        assert default_storage.listdir("essai")[1] == []


def bomb(width, height):
    """A PNG of a few bytes that says it is that large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def truncated():
    data = upload(half_and_half(), quality=95).read()
    return data[: len(data) // 2]


REFUSED = {
    "a page named .jpg": (b"<!doctype html><script>alert(1)</script>", "format"),
    "a drawing named .jpg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "format"),
    "a program": (b"MZ" + b"\0" * 500, "format"),
    "an archive": (b"PK\x03\x04" + b"\0" * 500, "format"),
    "a GIF": (upload(plain(), "GIF").read(), "format"),
    "a TIFF": (upload(plain(), "TIFF").read(), "format"),
    "a header and nothing": (b"\xff\xd8\xff\xe0", "format"),
    "a photograph of an iPhone": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100, "heic"),
    "half a photograph": (truncated(), "broken"),
    "41 megapixels": (bomb(8200, 5000), "pixels"),
    "a decompression bomb": (bomb(60_000, 60_000), "pixels"),
    "a thumbnail": (upload(plain(150, 150)).read(), "small"),
    "a strip taller than WebP can hold": (upload(plain(200, 17_000), "PNG").read(), "ratio"),
    "a strip wider than a photograph": (upload(plain(2010, 200), "PNG").read(), "ratio"),
}


class TestRefused:
    @pytest.mark.parametrize("case", REFUSED)
    def test_with_a_message_that_says_what_to_do(self, case):
        data, code = REFUSED[case]
        with pytest.raises(ValidationError) as refusal:
            images.read_photo(SimpleUploadedFile("cabinet.jpg", data, content_type="image/jpeg"))
        assert refusal.value.messages == [images.REFUSED[code]]

    def test_forty_megapixels_are_decoded_and_one_more_line_is_not(self):
        with pytest.raises(ValidationError) as refusal:
            images.read_photo(SimpleUploadedFile("a.png", bomb(8000, 5000)))
        assert refusal.value.messages == [images.REFUSED["broken"]]  # large enough to be tried, and its data are missing
        with pytest.raises(ValidationError) as refusal:
            images.read_photo(SimpleUploadedFile("a.png", bomb(8000, 5001)))
        assert refusal.value.messages == [images.REFUSED["pixels"]]

    def test_eight_megabytes_and_not_one_byte_more(self):
        photo = upload(plain()).read()
        heaviest = photo + b"\0" * (images.MAX_BYTES - len(photo))
        assert images.read_photo(SimpleUploadedFile("a.jpg", heaviest)).size == (800, 600)
        with pytest.raises(ValidationError, match="plus de 8"):
            images.read_photo(SimpleUploadedFile("a.jpg", heaviest + b"\0"))

    def test_a_heavy_file_is_not_even_read(self):
        class Heavy(ContentFile):
            def read(self, *args):
                raise AssertionError("read")

        upload = Heavy(b"")
        upload.size = images.MAX_BYTES + 1
        with pytest.raises(ValidationError, match="Mo"):
            images.read_photo(upload)


class TestField:
    def test_the_decoded_image_comes_with_the_file(self):
        assert PhotoField().clean(upload(plain())).decoded.size == (800, 600)

    def test_nothing_sent_keeps_what_was_there(self):
        assert PhotoField().clean(None, initial="offres/avant.webp") == "offres/avant.webp"

    def test_the_browser_is_told_what_is_accepted(self):
        class PhotoForm(forms.Form):
            photo = PhotoField()

        assert 'accept="image/jpeg,image/png,image/webp,image/avif"' in str(PhotoForm()["photo"])


class TestServed:
    def test_a_photograph_is_sent_to_be_kept_a_year(self, client):
        name = images.store_photo(plain(300, 300), "offres")
        for variant, kind in ((name, "image/webp"), (name.replace(".webp", ".avif"), "image/avif")):
            response = client.get(f"/media/{variant}")
            assert (response.status_code, response["Content-Type"]) == (200, kind)
            assert response["Cache-Control"] == "public, max-age=31536000, immutable"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert not response.cookies
            assert Image.open(BytesIO(response.content)).size == (300, 300)

    @pytest.mark.parametrize(
        "path", ["offres/absente1234567890abc.webp", "offres/page.html", "offres/../secret.webp", "..%2f..%2fsettings.py", "offres/"]
    )
    def test_nothing_else_is(self, client, path):
        default_storage.save("offres/page.html", ContentFile(b"<script>"))
        default_storage.save("secret.webp", ContentFile(b"secret"))
        assert client.get(f"/media/{path}").status_code == 404
