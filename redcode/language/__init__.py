"""The language: text to an immutable ``Warrior`` and back.

Read the files in this order; each uses only those before it:

``lexer``         text to lines and tokens
``expressions``   integer expressions
``icws88``        what the older standard allows
``symbols``       what names stand for, and limits for expanding them
``diagnostics``   the errors and warnings of one text
``cursor``        the position of the first pass
``macros``        first pass: EQU, FOR and ROF, labels, assertions
``statements``    second pass: statements to instructions
``assembler``     text to a Warrior, as pMARS assembles it
``disassembler``  a Warrior back to text
``library``       the built-in warriors
"""
