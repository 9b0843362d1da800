"""Workbooks read, changed and computed again by LibreOffice, for the tests.

Run as a script it makes sure that there is a LibreOffice, or installs the package of a
Debian-like distribution.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

NAMES = ("soffice", "libreoffice")
_NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# LibreOffice trusts the numbers that a file brings unless it is told to compute.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def program() -> str:
    """LibreOffice of the system; without one the tests fail, they are not skipped."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("no LibreOffice (make spreadsheet installs one)")
    return found


def recalculated(path: Path, folder: Path) -> Sheets:
    """A workbook after every formula has been computed again."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE)
    out = folder / "out"
    command = [program(), f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    convert = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    subprocess.run(
        [*command, *convert, str(path)], check=True, capture_output=True, timeout=240
    )
    return Sheets(out / path.name)


class Sheets:
    """Values of a workbook by name; what is not a number is None, text stays text."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as archive:
            self.parts = {n: archive.read(n) for n in archive.namelist()}
        book = ElementTree.fromstring(self.parts["xl/workbook.xml"])
        links = ElementTree.fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        targets = {link.attrib["Id"]: link.attrib["Target"] for link in links}
        self.files = {
            sheet.attrib["name"]: "xl/" + targets[sheet.attrib[_R]].removeprefix("/xl/")
            for sheet in book.iterfind(".//m:sheet", _NS)
        }
        self.names = {
            item.attrib["name"]: (item.text or "").replace("$", "")
            for item in book.iterfind(".//m:definedName", _NS)
        }
        self.texts = self._texts()
        self._cells: dict[str, dict[str, float | str | None]] = {}

    def _texts(self) -> list[str]:
        raw = self.parts.get("xl/sharedStrings.xml")
        if raw is None:
            return []
        root = ElementTree.fromstring(raw)
        found = root.iterfind("m:si", _NS)
        return [
            "".join(t.text or "" for t in si.iterfind(".//m:t", _NS)) for si in found
        ]

    def cells(self, sheet: str) -> dict[str, float | str | None]:
        """Value of every cell of a sheet by its address."""
        if sheet not in self._cells:
            root = ElementTree.fromstring(self.parts[self.files[sheet]])
            found = {}
            for cell in root.iterfind(".//m:c", _NS):
                value = cell.find("m:v", _NS)
                found[cell.attrib["r"]] = self._value(cell.attrib.get("t"), value)
            self._cells[sheet] = found
        return self._cells[sheet]

    def _value(self, kind: str | None, value: ElementTree.Element | None):
        if value is None or value.text is None or kind == "e":
            return None
        if kind == "s":
            return self.texts[int(value.text)]
        return value.text if kind in ("str", "inlineStr") else float(value.text)

    def place(self, name: str) -> tuple[str, str]:
        """Sheet and address, or addresses, of a name."""
        sheet, _, address = self.names[name].rpartition("!")
        return sheet.strip("'"), address

    def value(self, name: str) -> float | str | None:
        """Value of a named cell."""
        sheet, address = self.place(name)
        return self.cells(sheet).get(address)

    def column(self, name: str) -> list[float | str | None]:
        """Values of a named column."""
        sheet, address = self.place(name)
        first, last = (re.fullmatch(r"([A-Z]+)(\d+)", a) for a in address.split(":"))
        rows = range(int(first[2]), int(last[2]) + 1)
        return [self.cells(sheet).get(f"{first[1]}{row}") for row in rows]

    def changed(self, path: Path, values: dict[str, float]) -> Path:
        """A copy of the file in which some named numbers are others, as if typed."""
        parts = dict(self.parts)
        for name, value in values.items():
            sheet, address = self.place(name)
            file = self.files[sheet]
            pattern = rf'(<c r="{address}"[^>]*><v>)[^<]*(</v>)'.encode()
            text, count = re.subn(pattern, rb"\g<1>%r\g<2>" % value, parts[file])
            assert count == 1, name
            parts[file] = text
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return path


def main() -> int:
    """Find LibreOffice, or install it; return the exit code."""
    from browser import install_packages

    try:
        print(f"LibreOffice: {program()}")
    except RuntimeError:
        print("Trying: install the package libreoffice-calc", flush=True)
        install_packages("libreoffice-calc")
        try:
            print(f"LibreOffice: {program()}")
        except RuntimeError as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
