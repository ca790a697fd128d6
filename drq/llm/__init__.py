"""The language model's side of a run: prompts out, replies in. It knows warriors' text and nothing of archives.

``calls``       a call as it is recorded, and what calls amount to
``grammar``     a GBNF grammar of the warriors a set of rules allows
``prompts``     what the model is told, from the templates beside it
``reply``       from a model's reply to a warrior's source
``settings``    what a configuration says of the model
``secrets``     keys that must never be shown
``endpoint``    the address of a server, and the way to it
``budget``      what a run may spend, counting what is in flight
``completion``  the body of a reply, read without trust
``failures``    what a failed attempt means
``client``      one bounded call of an OpenAI-compatible endpoint
``local``       a llama.cpp server of one GGUF file, started and stopped by the run
``serve``       the process of that server
"""
