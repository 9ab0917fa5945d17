"""Spreadsheets: every table can be taken away, and files as schools send them can be read.

Writing::

    from kehou.lib import sheets

    COLUMNS = [sheets.Column("姓名"), sheets.Column("出生日期", "day"), sheets.Column("应缴（元）", "fen")]
    return sheets.download("十月账单.xlsx", COLUMNS, rows)

Reading: `kehou.lib.sheets.reading` gives the rows of a file, `kehou.lib.sheets.rosters` the pupils in it.
"""

from kehou.lib.sheets.writing import Column, Table, download, workbook, write_csv, write_workbook

__all__ = ["Column", "Table", "download", "workbook", "write_csv", "write_workbook"]
