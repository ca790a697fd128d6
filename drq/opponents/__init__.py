"""Who is fought: names in a configuration to warriors.

``names``         built-in names, groups, files and folders
``held_out``      the built-in warriors that evolution never meets
``entries``       warriors and opponents of a tournament, and why some are left out
"""
