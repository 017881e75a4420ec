"""Evidence of the made-up plans: small files that say of themselves that they are examples."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from models.files import StoredFile
from models.follow_up import ActionPlan, Evidence
from panel.access.rules import Actor
from panel.files.records import FolderStore
from panel.files.rules import check


def example_pdf(lines: list[str]) -> bytes:
    """A valid page of PDF with these lines of plain letters on it."""
    text = "".join(f"({_escaped(line)}) Tj T* " for line in lines)
    content = f"BT /F1 12 Tf 16 TL 72 770 Td {text}ET".encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    )


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def add_evidence(session: Session, plan: ActionPlan, title: str, uploader: Actor) -> None:
    """Store a file that says what the evidence would show, and attach it to the plan."""
    page = example_pdf(["CONTOH - bukan bukti sungguhan", plan.code, title])
    kept = check(page, f"contoh-{plan.code.lower()}.pdf")
    file = StoredFile(
        region_id=plan.region_id,
        key=FolderStore(Path(current_app.config["FILES_FOLDER"])).put(kept.data),
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
    )
    session.add(file)
    session.flush()
    session.add(
        Evidence(
            region_id=plan.region_id,
            plan_id=plan.id,
            title=title,
            file_id=file.id,
            uploaded_by_id=uploader.id,
        )
    )
    session.flush()
