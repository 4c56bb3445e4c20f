"""A road for programs and for people: JSON, text, and a picture as SVG or HTML."""
