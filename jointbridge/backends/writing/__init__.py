"""Modules of source text from specs: what all languages share.

A language is a subclass of `Language` with rows of functions; a library with sample
statements is a subclass of `Effects`.
"""
