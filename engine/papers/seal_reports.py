"""What a sealed paper proves: who sealed it, when, whether it is whole and whom to trust."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import pem  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from engine.papers.own_thread import run_apart
from engine.papers.seals import SealProblem, is_demo_certificate, organ_of


@dataclass(frozen=True, slots=True)
class SealFinding:
    """One seal. `is_intact`: nothing under it was changed and it fits its certificate.

    `is_trusted`: the certificate leads to a root that is trusted, at the moment asked about.
    `stated_at` is what the signer stated, which no authority proved. `problems` are Chinese first.
    """

    organ: str
    subject: str
    serial: str
    stated_at: datetime | None
    is_intact: bool
    is_trusted: bool
    is_demo: bool
    covers_all: bool  # nothing was added after it, not even another seal
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SealReport:
    """What was found in one file, the oldest seal first."""

    seals: tuple[SealFinding, ...]
    problems: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Sealed, whole to the last byte, every seal intact and trusted."""
        return self.is_intact and all(seal.is_trusted for seal in self.seals)

    @property
    def is_intact(self) -> bool:
        """Sealed, and nothing was changed or added but further seals, whoever made them."""
        whole = bool(self.seals) and self.seals[-1].covers_all and not self.problems
        return whole and all(seal.is_intact for seal in self.seals)

    @property
    def is_demo(self) -> bool:
        return any(seal.is_demo for seal in self.seals)


_UNSEALED = "文件没有印章 / the file bears no seal"
_UNREADABLE = "文件读不懂，可能已被改动 / the file cannot be read; it may have been changed"
_CHANGED = "用印后内容被改动 / what was sealed has been changed"
_ADDED = "用印后添加了其他内容 / something was added after the seal"
_BAD_VALUE = "签名值被改动 / the signature's own bytes have been changed"
_UNTRUSTED = (
    "证书不是由受信任的机构签发，或者当时不在有效期内 / "
    "no trusted authority issued the certificate, or it was not valid then"
)


def verify_pdf(pdf: bytes, roots: Iterable[bytes], at: datetime) -> SealReport:
    """What the seals of a file prove at the moment `at`, trusting only `roots` (PEM or DER).

    Nothing is fetched: whether a certificate was revoked is not asked. Any bytes give a report; a
    file that cannot be read gives one without seals. SealProblem only where a root is no certificate.
    """
    trusted = tuple(map(_certificate, roots))
    try:
        reader = PdfFileReader(BytesIO(pdf))
        signatures = tuple(reader.embedded_signatures)
        seals = tuple(_finding(one, pdf, trusted, at) for one in signatures)
    except Exception as error:
        # Changed bytes can break any layer of the parser, which raises what it likes.
        return SealReport((), (f"{_UNREADABLE} ({type(error).__name__})",))
    if not seals:
        return SealReport((), (_UNSEALED,))
    return SealReport(seals, () if seals[-1].covers_all else (_ADDED,))


def _certificate(root: bytes) -> asn1_x509.Certificate:
    try:
        der = pem.unarmor(root)[2] if pem.detect(root) else root
        certificate = asn1_x509.Certificate.load(der, strict=True)
        _ = certificate.subject.native
    except (ValueError, TypeError) as error:
        words = "受信任的根证书读不懂 / a trusted root is no certificate"
        raise SealProblem(f"{words}: {error}") from None
    return certificate


def _finding(
    signature: EmbeddedPdfSignature,
    pdf: bytes,
    trusted: Sequence[asn1_x509.Certificate],
    at: datetime,
) -> SealFinding:
    context = ValidationContext(trust_roots=list(trusted), allow_fetching=False, moment=at)
    status = run_apart(validate_pdf_signature, signature, context)
    certificate = x509.load_der_x509_certificate(status.signing_cert.dump())
    problems = tuple(_problems(signature, status, pdf))
    return SealFinding(
        organ_of(certificate),
        certificate.subject.rfc4514_string(),
        f"{certificate.serial_number:x}",
        signature.self_reported_timestamp,
        not problems,
        bool(status.trusted),
        is_demo_certificate(certificate),
        status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        (*problems, *(() if status.trusted else (_UNTRUSTED,))),
    )


def _problems(signature: EmbeddedPdfSignature, status: PdfSignatureStatus, pdf: bytes) -> list[str]:
    problems = []
    if not (status.intact and status.valid):
        problems.append(_CHANGED)
    covers = status.coverage or SignatureCoverageLevel.UNCLEAR
    if covers < SignatureCoverageLevel.ENTIRE_REVISION or not status.docmdp_ok:
        problems.append(_ADDED)
    if not _is_exact(signature, pdf):
        problems.append(_BAD_VALUE)
    return problems


def _is_exact(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """The gap in what is signed holds the signature and zeros only, in one way of writing them."""
    start, length, rest, _ = map(int, signature.byte_range)
    raw, contents = pdf[length:rest], signature.pkcs7_content
    written = contents[: _der_length(contents)].hex().ljust(len(raw) - 2, "0")
    return start == 0 and raw in (f"<{written}>".encode(), f"<{written.upper()}>".encode())


def _der_length(content: bytes) -> int:
    """How long the DER value at the beginning of `content` is, its head included."""
    first = content[1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(content[2 : 2 + count], "big")
