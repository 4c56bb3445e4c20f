"""The pictures that the shop ships: static names, offered as choices so that none is misspelled."""

ILLUSTRATIONS = [
    ("catalogue/img/tea/tin.svg", "Plain tin"),
    ("catalogue/img/tea/sencha.svg", "Sencha"),
    ("catalogue/img/tea/matcha.svg", "Matcha"),
    ("catalogue/img/tea/genmaicha.svg", "Genmaicha"),
    ("catalogue/img/tea/oolong.svg", "Oolong"),
    ("catalogue/img/tea/assam.svg", "Assam"),
    ("catalogue/img/tea/earl-grey.svg", "Earl Grey"),
    ("catalogue/img/tea/chamomile.svg", "Chamomile"),
    ("catalogue/img/tea/kettle.svg", "Kettle"),
]
