"""
Content as sheets that staff edit in Excel: written, read back, and compared with what stands. See docs/vi/sua-bang-excel.md.
"""
