"""What is told of many cells at once is what each of them says."""

import pytest

from panel.sheets.apart import scanning
from panel.sheets.apart.cleaning import cell
from panel.sheets.apart.packing import NOTHING, packed
from panel.sheets.apart.plainly import plainly
from panel.sheets.apart.runs import feed

PLAIN = '<row r="{0}" spans="1:3"><c r="A{0}" s="1"/><c r="C{0}" t="s"><v>7</v></c></row>'
LISTED = "".join(PLAIN.format(number) for number in range(3, 1_203))
SHEET = '<?xml version="1.0" encoding="UTF-8"?>\n<worksheet><sheetData>{}</sheetData>{}</worksheet>'
MERGED = '<mergeCell ref="A1:B1"/>'
OTHERS = [
    '<row r="1300" hidden="1"><c r="B1300"><v>1</v></c></row>',
    '<row r="1300" hidden="0"><c r="ZZ1300"><v>1</v></c><c><v>1</v></c></row>',
    '<row r="1300"><c r="B1301" t="s"><v>1</v></c></row>',
    '<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve"> x</t></is></c></row>',
    '<row r="1300"><c r="B1300"><f>A1</f></c></row>' + PLAIN.format(1_301),
    '<row r="1300"><c r="B1300" t="e"><v>#REF!</v></c></row><row><c><v>5</v></c></row>',
    f"<!-- {PLAIN.format(2_000)} -->",
    f"<![CDATA[ {PLAIN.format(2_000)} ]]>",
    f"<?x {PLAIN.format(2_000)} ?>",
    f"<x:row>{PLAIN.format(2_000)}</x:row>",
]


def told(xml, feed):
    found = scanning._followed(xml, feed)
    extent = vars(found).pop("extent")
    return vars(found), extent.rows, extent.top, extent.bottom[0]


def whole(xml, parse, _):
    parse(xml, True)


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_rows_that_are_cut_out_say_what_they_say_to_a_parser(other, prefix):
    rows = LISTED + other + PLAIN.format(1_400)
    xml = SHEET.format(rows, MERGED).replace("worksheet", f"{prefix}worksheet").encode()
    parsed = []

    told(xml, lambda xml, parse, extent: feed(xml, lambda part, _: parsed.append(part), extent))

    assert told(xml, feed) == told(xml, whole)
    assert (len(b"".join(parsed)) < 2_000) == (not prefix and not other.startswith(("<!", "<?")))


@pytest.mark.parametrize(
    ("first", "last", "column"),
    [("A", "BH", None), ("B", "BI", None), ("A", "BI", 60), ("AZ", "C", None), ("AZ", "DH", 111)],
)
def test_a_sheet_goes_as_far_as_its_cells_with_values(first, last, column):
    far = f'<row r="1300"><c r="{last}1300"><f>A1</f><v>1</v></c></row>'
    xml = SHEET.format(LISTED.replace('"C', f'"{first}') + far, "").encode()

    if column is None:
        assert scanning.scan(xml, "Daftar").extent.rows == 1_298
        return
    with pytest.raises(scanning.Fault) as refused:
        scanning.scan(xml, "Daftar")
    assert (refused.value.code, refused.value.values["column"]) == ("far_columns", column)


@pytest.mark.parametrize(
    "more", [f'<a b="{PLAIN.format(9)}"/>', f"<a {PLAIN.format(9)}>", "</row>"]
)
def test_a_row_where_none_can_stand_is_no_row(more):
    for how in (feed, whole):
        with pytest.raises(scanning.Fault):
            scanning._followed(SHEET.format(LISTED + more, "").encode(), how)


@pytest.mark.parametrize(
    ("value", "is_plain"),
    [
        ("Budi Ma'ruf, S.E.", True), (12.0, True), (-3.0, True), ("", True), ("+62 811", True),
        (1.5, False), (1e15, False), (float("inf"), False), (True, False), (7, False),
        (" a", False), ("a ", False), ("a  b", False), ("'1", False), ("`a", False),
        ("1.9E+17", False), ("a\x1fb", False), ("a\x1eb", False), ("é", False), ("a\n", False),
    ],
)  # fmt: skip
def test_a_row_is_packed_at_once_as_cell_by_cell(value, is_plain):
    row = ["", "x", value, "y", ""]

    by_cell = packed([NOTHING if one == "" else cell(one) for one in row])

    assert plainly(row) == (by_cell if is_plain else None)


def test_a_long_row_is_looked_at_cell_by_cell():
    assert plainly(["a" * 32_767]) is not None
    assert plainly(["a" * 32_768]) is None
