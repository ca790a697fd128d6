"""A run: rounds of evolution against a growing history of champions.

Read the files in this order; each uses only those before it:

``archive``       what a round keeps: the cells of MAP-Elites, or a population
``selection``     which kind of proposal comes next, and from which parents
``observer``      what the loop tells its watchers
``finals``        from a round's fittest candidates to its champion
``racing``        which candidates are not fought to the end
``round``         one round
``company``       whom a round fights
``branches``      populations that grow apart and meet again
``champions``     champions as ``.red`` files
``islands``       runs that exchange champions
``red_queen``     the outer loop
``provenance``    what made a run
``run``           a run from its configuration to its champions
``export``        a run in files that need no database
"""
