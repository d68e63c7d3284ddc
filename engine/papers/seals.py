"""Seals on papers: X.509 signatures in the PDF (PAdES B-B) with the organ's round seal drawn over its name.

Several seals follow each other as incremental updates: each covers all that stood before it, and the
earlier ones stay valid (多部门联合签章、跨层级签章). The key is kept by whoever runs the system, as PKCS#12.
No certified hardware and no OFD: an electronic seal in the sense of GB/T 38540 is out of scope.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from asn1crypto import keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject, DictionaryObject, pdf_date
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import (
    AxisAlignment,
    BoxConstraints,
    InnerScaling,
    Margins,
    SimpleBoxLayoutRule,
)
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.diagnostics import TongbanError
from engine.papers.leaves import POINT, SEAL_PLACE
from engine.papers.own_thread import run_apart
from engine.papers.seal_images import DIAMETER, seal_image

DEMO = "演示"
_DEMO_ROOT = "通办演示根证书（不具有法律效力）"
_DEMO_UNIT = "演示印章（不具有法律效力）"
_DEMO_YEARS = 10


class SealProblem(TongbanError):
    """A key that cannot be opened, or a paper that cannot be sealed."""


@dataclass(frozen=True, slots=True)
class Seal:
    """An organ's seal: PKCS#12 with key, certificate and chain. The secrets are never shown."""

    pkcs12: bytes = field(repr=False)
    password: str = field(repr=False)

    @property
    def organ(self) -> str:
        """Whose seal it is, by its certificate. Raises SealProblem where the key does not open."""
        return organ_of(self.opened().certificate)

    def opened(self) -> "OpenSeal":
        """Raises SealProblem. Takes a moment: the password is hashed many times over."""
        try:
            packed = pkcs12.load_pkcs12(self.pkcs12, self.password.encode())
        except ValueError as error:
            words = (
                "印章密钥打不开：口令不对，或者不是 PKCS#12 文件 / the seal's key cannot be opened"
            )
            raise SealProblem(f"{words}: {error}") from None
        if not isinstance(packed.key, _KEYS) or packed.cert is None:
            raise SealProblem(
                "印章文件里缺少 RSA 或 ECDSA 私钥，或者缺少证书 / "
                "the seal's file lacks its RSA or ECDSA key or its certificate"
            )
        chain = tuple(extra.certificate for extra in packed.additional_certs)
        return OpenSeal(packed.key, packed.cert.certificate, chain)


_KEYS = (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)


@dataclass(frozen=True, slots=True)
class OpenSeal:
    """A seal's key with its certificate, and what leads from that to a root."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def is_demo(self) -> bool:
        return is_demo_certificate(self.certificate)

    def signer(self) -> SimpleSigner:
        plain = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([_converted(c) for c in self.chain])
        return SimpleSigner(_converted(self.certificate), keys.PrivateKeyInfo.load(plain), store)


def _converted(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


@dataclass(frozen=True, slots=True)
class DemoSeal:
    """A seal for demonstrations, and the root certificate (PEM) that alone trusts it."""

    seal: Seal
    root: bytes


def read_seal(path: Path, password: str) -> Seal:
    """The seal in a PKCS#12 file. Raises SealProblem where it cannot be read or opened."""
    try:
        seal = Seal(path.read_bytes(), password)
    except OSError as error:
        words = f"印章文件 {path} 无法读取 / the seal's file cannot be read: {error.strerror}"
        raise SealProblem(words) from None
    seal.opened()
    return seal


def make_demo_seal(organ: str, at: datetime, password: str) -> DemoSeal:
    """A seal by a root made for it, both titled 演示; valid for ten years from `at`. The caller keeps it."""
    root_key, key = (rsa.generate_private_key(65537, 3072) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _DEMO_ROOT)])
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organ[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _DEMO_UNIT),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{organ}（{DEMO}）"[:64]),
        ]
    )
    root = _certificate(root_name, root_name, root_key.public_key(), at, is_root=True)
    root_certificate = root.sign(root_key, SHA256())
    certificate = _certificate(name, root_name, key.public_key(), at, is_root=False).sign(
        root_key, SHA256()
    )
    packed = pkcs12.serialize_key_and_certificates(
        organ.encode(), key, certificate, [root_certificate],
        BestAvailableEncryption(password.encode()),
    )  # fmt: skip
    return DemoSeal(Seal(packed, password), root_certificate.public_bytes(Encoding.PEM))


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, at: datetime, *, is_root: bool
) -> x509.CertificateBuilder:
    start = at.astimezone(UTC)
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_cert_sign=is_root,
        crl_sign=is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * _DEMO_YEARS))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def organ_of(certificate: x509.Certificate) -> str:
    """The organisation a certificate is for, else its common name."""
    for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        if found := certificate.subject.get_attributes_for_oid(oid):
            return str(found[0].value)
    return certificate.subject.rfc4514_string()


def is_demo_certificate(certificate: x509.Certificate) -> bool:
    names = (*certificate.subject, *certificate.issuer)
    return any(DEMO in str(attribute.value) for attribute in names)


# --- sealing ---------------------------------------------------------------------------------


def seal_pdf(pdf: bytes, seal: Seal, at: datetime, reason: str = "") -> bytes:
    """The paper with one more seal, over the organ's name where the paper names that place.

    `at` is stated in the signature, not proved: that takes a time stamp of an authority. A paper may be
    sealed again by others; each seal stands beside the last. With an RSA key the same paper, seal and
    moment give the same bytes. Raises SealProblem.
    """
    opened = seal.opened()
    organ = organ_of(opened.certificate)
    image = seal_image(organ, at, is_demo=opened.is_demo)
    try:
        writer = _DatedWriter(BytesIO(pdf), at)
        number = len(writer.prev.embedded_signatures) + 1
        page, box = _place(writer.prev, number)
        name = f"Seal{number}"
        pdf_signer = PdfSigner(
            PdfSignatureMetadata(
                field_name=name,
                md_algorithm="sha256",
                subfilter=SigSeedSubFilter.PADES,
                reason=reason or None,
                name=organ,
            ),
            opened.signer(),
            stamp_style=StaticStampStyle(
                background=_SealContent(image),
                background_layout=_WHOLE,
                background_opacity=_OPACITY,
                border_width=0,
            ),
            new_field_spec=SigFieldSpec(name, on_page=page, box=box),
        )
        return run_apart(_sign, pdf_signer, writer, at)
    except (PdfError, KeyError, TypeError, ValueError) as error:
        # A file of other origin may lack what every PDF has.
        words = "这个 PDF 文件不能用印 / this PDF cannot be sealed"
        raise SealProblem(f"{words}: {error}") from None


def _sign(signer: PdfSigner, writer: IncrementalPdfFileWriter, at: datetime) -> bytes:
    return asyncio.run(_signed(signer, writer, at))


async def _signed(signer: PdfSigner, writer: IncrementalPdfFileWriter, at: datetime) -> bytes:
    """What `PdfSigner.sign_pdf` does, but at a moment that is given."""
    session = signer.init_signing_session(writer)
    session.system_time = at
    validation = await session.perform_presign_validation(writer)
    reserved = await session.estimate_signature_container_size(validation, tight=False)
    document = session.prepare_tbs_document(validation_info=validation, bytes_reserved=reserved)
    digest, output = document.digest_tbs_document()
    done = await document.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at),
    )
    await done.post_signature_processing(output)
    output.seek(0)
    return bytes(output.read())


class _DatedWriter(IncrementalPdfFileWriter):
    """Adds to a file at a moment that is given: it asks neither the clock nor for chance."""

    def __init__(self, pdf: BytesIO, at: datetime) -> None:
        super().__init__(pdf)
        self.at = at

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> ArrayObject:
        """The file's first identifier stays, the second is of what it was until now."""
        now = ByteStringObject(sha256(prev.stream.getvalue()).digest()[:16])
        first = prev.trailer["/ID"][0] if "/ID" in prev.trailer else now
        # A reader takes an identifier for a text where its bytes happen to be one.
        first = ByteStringObject(getattr(first, "original_bytes", first))
        return ArrayObject([first, now])

    def _update_meta(self) -> None:
        if self._info is not None:
            info: DictionaryObject = self._info.get_object()  # type: ignore[no-untyped-call]
            info["/ModDate"] = pdf_date(self.at)
            self.mark_update(self._info)


_OPACITY = 0.8  # 上不压正文: what stands under it stays legible
_WHOLE = SimpleBoxLayoutRule(
    AxisAlignment.ALIGN_MID,
    AxisAlignment.ALIGN_MID,
    Margins(0, 0, 0, 0),
    InnerScaling.STRETCH_TO_FIT,
)


class _SealContent(PdfContent):
    """The drawn seal, one page of PDF, as the appearance of a signature."""

    def __init__(self, image: bytes) -> None:
        super().__init__()
        self.image = image

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self.image)))
        self.resources.xobject["/SealImage"] = page
        left, low, right, high = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(high - low))
        return b"/SealImage Do"


def _place(reader: PdfFileReader, number: int) -> tuple[int, tuple[int, int, int, int]]:
    """Page and box of the seal: over the place the paper names, later ones to the left, then above."""
    pages, width = _page_count(reader), 595.0
    page, x, y = _named_place(reader) or (pages - 1, width - 120.0, 160.0)
    size = DIAMETER / POINT
    per_row = max(1, int((x + size / 2 - 20) // (size + 6)))
    column, row = (number - 1) % per_row, (number - 1) // per_row
    x -= column * (size + 6)
    y += row * (size + 6)
    return page, (
        round(x - size / 2),
        round(y - size / 2),
        round(x + size / 2),
        round(y + size / 2),
    )


def _named_place(reader: PdfFileReader) -> tuple[int, float, float] | None:
    """The place that a paper of ours names: page from 0, points from the lower left corner."""
    try:
        names = reader.root["/Names"]["/Dests"]["/Names"]
        named = {str(names[n]): names[n + 1] for n in range(0, len(names), 2)}
        place = named[SEAL_PLACE]
        target = place.raw_get(0)
        for number in range(_page_count(reader)):
            if reader.root["/Pages"]["/Kids"].raw_get(number).reference == target.reference:
                return number, float(place[2]), float(place[3])
    except (KeyError, IndexError, TypeError, AttributeError):
        return None  # a paper of other origin
    return None


def _page_count(reader: PdfFileReader) -> int:
    return int(reader.root["/Pages"]["/Count"])
