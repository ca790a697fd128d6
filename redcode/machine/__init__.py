"""The machine (MARS): from warriors and their start addresses to the result of a battle.

Read the files in this order; each uses only those before it:

``events``        what happens in a battle, as the reference interpreter tells its watchers
``pspace``        the memory that a warrior keeps from round to round
``reference``     the readable interpreter, which is the specification
``unused``        the parts of an instruction that it does not use
``placement``     where warriors start and who moves first, as in pMARS
``keyed``         the same from a text
``compiling``     how functions are compiled, and where compiled code is kept
``kernel``        the compiled interpreter
``result``        the result of a batch of battles, as arrays
``batch``         a batch of battles, checked and packed for the kernel
``match``         a match on the reference interpreter, which knows read and write limits
``battle``        ``fight`` and ``fight_batch``
"""
