"""Digital Red Queen: evolve Core War warriors against their own past, and measure what comes of it.

Read the files in this order. A run:

``errors``        every error a user can meet, with its exit status
``typed``         plain data to dataclasses and back
``config``        what a run is: one frozen, validated value
``randomness``    every random draw, derived from the run's seed
``candidate``     one warrior of a run, and what became of it
``scoring``       fitness, and the outcome of a duel
``descriptors``   what a candidate did, as named numbers that give its cell
``archive``       the MAP-Elites archive
``starts``        load addresses and turn orders
``engine``        where battles are fought
``ray_engine``    the same on a Ray cluster
``evaluate``      from a warrior to its scores
``operators``     from parents to redcode; ``operators.base`` says what an operator is
``llm``           the language model's side: prompts, calls, budget
``store``         the run's record
``starters``      warriors named in a configuration
``selection``     which kind of proposal comes next, and from which parents
``observer``      what the loop tells whoever watches it
``evolve``        one round
``files``         files that are either old or new, never half
``champions``     champions as ``.red`` files
``red_queen``     the outer loop
``provenance``    what made a run
``run``           a run from its configuration to its champions
``configure``     from the command line to a run
``compose``       from the command line to any other configuration
``progress``      what a user sees of a run while it goes

What comes after it:

``pairs``         battles of two, many pairs at a time
``duels``         one warrior against others
``held_out``      the built-in warriors that judge
``intervals``     95 % intervals
``summary``       the last words of a run
``status``        a sweep at a glance
``export``        a run in files that need no database
``tournament``    warriors against opponents that no evolution has met
``embeddings``    a warrior's code as a vector
``measurements``  champions' battles and vectors, kept beside each run
``analysis``      the tables of Kumar 2026
``plots``         their pictures
``figures``       every table and figure by name
``study``         from paths to a measured study
``report``        one run as a page
``main``          the ``drq`` command
``commands``      its subcommands, one file each
"""
