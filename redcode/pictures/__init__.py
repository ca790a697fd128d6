"""Battles to look at: traces, drawings, pages.

Read the files in this order; each uses only those before it:

``palette``       the colours of warriors
``grid``          the core as rows and columns
``trace``         a battle recorded step by step
``trace_file``    a match as pMARS's trace file, written and read
``snapshot``      the core at one moment of a battle
``drawing``       pictures as SVG
``page``          self-contained pages, and that of a battle; its scripts and styles are in ``viewer``
"""
