"""The machine, called MARS: warriors and their starts to the result of a battle.

Read the files in this order; each uses only those before it:

``events``        what the reference interpreter tells its watchers
``pspace``        the private memory that outlives a round
``reference``     the readable interpreter, which is the specification
``placement``     where warriors start, as pMARS draws it
``compiling``     how functions are compiled, and where that is kept
``kernel``        the compiled interpreter
``result``        the outcome of a batch of battles, as arrays
``batch``         a batch checked and packed for the kernel
``battle``        ``fight`` and ``fight_batch``
"""
