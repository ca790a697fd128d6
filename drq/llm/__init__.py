"""The language model's side of a run: from prompts to replies. It knows the text of warriors, not archives.

``calls``       a call as it is recorded, and the totals of calls
``grammar``     a GBNF grammar of the warriors a set of rules allows
``prompts``     what the model is told, from the templates beside it
``reply``       from a model's reply to a warrior's source
``settings``    the model's part of a configuration
``secrets``     keys that must never be shown
``endpoint``    the address of a server, and the way to it
``budget``      what a run may spend, calls in flight included
``completion``  the body of a reply, which need not keep to the protocol
``failures``    what a failed attempt means
``models``      small models for this machine, and where their files lie
``fetch``       from their packages to these files
``serve``       the process of a llama.cpp server
``slot``        the state in which every call of that server begins
``local``       this server of one GGUF file, started and stopped by the run
``client``      one bounded call of an OpenAI-compatible endpoint
"""
