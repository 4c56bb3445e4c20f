from django import template

register = template.Library()


@register.inclusion_tag("ratings/stars.html")
def stars(value):
    """Five stars, filled to the nearest whole one."""
    return {"value": value, "filled": [number <= round(value) for number in range(1, 6)]}
