"""Commands on seals: what a sealed paper proves, and a seal to try it with."""

import logging
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.options import BEIJING, DAY, json_option, print_json, today, write_file

if TYPE_CHECKING:
    from engine.papers.seal_reports import SealFinding, SealReport


@click.group()
def seal() -> None:
    """电子印章：验章、制作演示印章 / seals: verify a paper, make a demonstration seal."""


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@seal.command()
@click.argument("file", type=_FILE)
@click.option(
    "--trust",
    multiple=True,
    type=_FILE,
    help="受信任的根证书（PEM 或 DER），可写多次 / a root certificate to trust, may be repeated",
)
@click.option(
    "--on",
    type=DAY,
    default=None,
    help="按哪一天验证证书有效期（默认今天）/ the day at which certificates must be valid",
)
@json_option
def verify(file: Path, trust: tuple[Path, ...], on: date | None, as_json: bool) -> None:
    """查验 PDF 上的印章：内容是否被改动、由谁何时用印 / who sealed a PDF, and whether it is whole."""
    from engine.papers.seal_reports import verify_pdf

    # What is found is in the report; the libraries' own log would say it twice.
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    moment = datetime.combine(on or today(), time(12), BEIJING)
    report = verify_pdf(_content(file), [_content(root) for root in trust], moment)
    if as_json:
        print_json({"valid": report.is_valid, "intact": report.is_intact, "demo": report.is_demo,
                    "seals": report.seals, "problems": report.problems})  # fmt: skip
    else:
        click.echo(_report_text(report))
    sys.exit(0 if report.is_valid else 1)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        words = f"{path} 无法读取 / cannot be read: {error.strerror}"
        raise click.UsageError(words) from None


def _report_text(report: "SealReport") -> str:
    lines = []
    if report.is_valid:
        lines.append("印章有效：内容完整，证书受信任。/ valid: whole, and trusted")
    elif report.is_intact:
        lines.append("内容完整，但证书不受信任。/ whole, but the certificate is not trusted")
    else:
        lines.append("印章无效。/ not valid")
    if report.is_demo:
        lines.append(
            "注意：含有演示印章，不具有法律效力。/ a demonstration seal, without legal force"
        )
    for number, found in enumerate(report.seals, 1):
        lines += _finding_lines(number, found)
    return "\n".join([*lines, *(f"  {problem}" for problem in report.problems)])


def _finding_lines(number: int, found: "SealFinding") -> list[str]:
    stated = found.stated_at.isoformat(" ") if found.stated_at else "—"
    good = "完整" if found.is_intact else "被改动"
    trust = "受信任" if found.is_trusted else "不受信任"
    lines = [f"{number}. {found.organ}  {stated}  {good}，{trust}"]
    lines.append(f"   证书 {found.subject}，序列号 {found.serial}")
    return [*lines, *(f"   {problem}" for problem in found.problems)]


@seal.command()
@click.argument("organ")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--password",
    prompt="口令 / password",
    hide_input=True,
    confirmation_prompt=True,
    envvar="TONGBAN_SEAL_PASSWORD",
    help="保护私钥的口令 / protects the key",
)
@json_option
def demo(organ: str, folder: Path, password: str, as_json: bool) -> None:
    """制作演示印章：seal.p12 和它的根证书 root.pem / make a demonstration seal and its root."""
    from engine.papers.seals import make_demo_seal

    made = make_demo_seal(organ, datetime.combine(today(), time(), BEIJING), password)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        words = f"{folder} 建不了文件夹 / the folder cannot be made: {error.strerror}"
        raise click.UsageError(words) from None
    files = {"seal": folder / "seal.p12", "root": folder / "root.pem"}
    for path in files.values():
        if path.exists():
            words = f"{path} 已经存在，不覆盖 / is there already and is not overwritten"
            raise click.UsageError(words)
    write_file(files["seal"], made.seal.pkcs12, "印章")
    files["seal"].chmod(0o600)
    write_file(files["root"], made.root, "根证书")
    if as_json:
        print_json({"organ": organ, **{name: str(path) for name, path in files.items()}})
    else:
        click.echo(f"演示印章（不具有法律效力）：{files['seal']}，根证书：{files['root']}")


COMMANDS = (seal,)
