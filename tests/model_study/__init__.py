"""The study of a language model as mutation operator (docs/model_study.md).

``families`` makes the parents, ``arms`` says what is asked of whom, ``ask`` asks a model for children and ``children``
judges them, ``runs`` evolves whole runs and ``champions`` judges those. ``serve`` is an endpoint that writes many
replies as one ``batch`` with the ``network`` and the ``words`` of a GGUF file. ``short.md`` is the shorter system
prompt, ``worked.md`` what a base model is told beside it, and ``lines.gbnf`` the grammar of the first part.

Serving needs ``pip install torch gguf llguidance tokenizers jinja2 aiohttp``; the rest needs none of these.
"""
