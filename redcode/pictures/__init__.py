"""Pictures of battles: traces, drawings, pages.

Read the files in this order; each uses only those before it:

``palette``       the colours of warriors
``grid``          the core as rows and columns
``trace``         a battle recorded step by step
``trace_file``    trace files of pMARS, written and read
``snapshot``      the core at one moment of a battle
``drawing``       pictures as SVG
``page``          self-contained pages, and the page of a battle; scripts and styles are in ``viewer``
"""
