"""The rules of HTTP for static answers: pure functions and tables, no Django, no I/O, no clock.

Read in the order of the imports: `media_types`, `negotiation`, `validators`, `ranges`, `fields`, `resource`,
`header_rules`, `decision`.
"""
