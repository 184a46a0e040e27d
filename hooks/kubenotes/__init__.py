"""The library behind the notes: reads Markdown, checks what it says about Kubernetes, expands markers.

It imports nothing from MkDocs, opens no file it was not handed (beyond its own data), runs no
program and never prints: text goes in, values come out.
"""
