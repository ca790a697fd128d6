"""Battles of a run: where warriors lie, where they are fought, what is measured.

Read the files in this order; each uses only those before it:

``scoring``       fitness, and the outcome of a duel
``seating``       load addresses and turn orders
``engine``        where battles are fought: in this process or elsewhere
``ray``           battles on a Ray cluster
``duels``         battles of two, many pairs at a time, fought to the end
``hill``          the same as a hill fights them, in placements of each pair's own
``evaluate``      from warriors to their evaluations
"""
