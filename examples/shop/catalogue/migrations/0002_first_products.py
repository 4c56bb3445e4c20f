from decimal import Decimal

from django.db import migrations

FIELDS = ["slug", "name", "kind", "origin", "price", "unit", "temperature", "minutes", "grams", "rating"]
FIELDS += ["summary", "description"]

PRODUCTS = [
    (
        "sencha", "Sencha", "green", "Uji, Japan", "14.50", "100 g", 75, 1, "2.5", "4.7",
        "Steamed leaves, bright and grassy, with a long sweet finish.",
        (
            "The first flush of two gardens above the river, steamed within hours of the picking. "
            "Keep the water well below boiling and it stays soft; pour it hot and it wakes you up."
        ),
    ),
    (
        "matcha", "Matcha", "green", "Nishio, Japan", "24.00", "40 g", 80, 1, "2.0", "4.9",
        "Stone-ground and vivid. Whisk it, or stir it into warm milk.",
        (
            "Shaded for three weeks and ground slowly on granite, so that it keeps its colour and its "
            "gentle bitterness. A tin is twenty bowls, best drunk within a month."
        ),
    ),
    (
        "genmaicha", "Genmaicha", "green", "Shizuoka, Japan", "9.80", "100 g", 85, 2, "3.0", "4.5",
        "Green tea with toasted rice. Warm, nutty and forgiving.",
        (
            "A kitchen tea: toasted rice and summer leaves in equal parts. It is hard to brew badly and "
            "goes with almost everything on the table."
        ),
    ),
    (
        "oolong", "Milk oolong", "oolong", "Nantou, Taiwan", "17.20", "75 g", 92, 3, "3.5", "4.6",
        "Rolled by hand, creamy and floral. Good for five pourings.",
        (
            "The leaves open a little further with each pouring. Start short, then add half a minute "
            "every time; the third cup is the one to share."
        ),
    ),
    (
        "assam", "Assam", "black", "Dibrugarh, India", "11.40", "125 g", 98, 4, "2.5", "4.4",
        "Malty, copper-red and strong enough for milk.",
        (
            "A second flush with plenty of golden tips. It makes the sort of breakfast cup that does not "
            "mind being forgotten on the counter for a minute."
        ),
    ),
    (
        "earl-grey", "Earl Grey", "black", "Dimbula, Sri Lanka", "12.60", "100 g", 95, 3, "2.5", "4.3",
        "High-grown black tea with oil of real bergamot.",
        (
            "We scent it ourselves in small lots, with oil pressed from the peel and nothing else. "
            "Try it without milk first."
        ),
    ),
    (
        "chamomile", "Chamomile", "herbal", "Alba, Italy", "8.90", "50 g", 100, 6, "1.5", "4.2",
        "Whole flowers, honeyed and calm. No caffeine.",
        (
            "Picked on dry mornings and dried in the shade, so that the heads stay whole. "
            "Give it time and a lid."
        ),
    ),
    (
        "kettle", "Stove kettle", "ware", "Tsubame, Japan", "68.00", "1.2 l", None, None, None, "4.8",
        "Enamelled steel with a handle of beech wood.",
        (
            "A slow, steady spout and a lid that does not rattle. It works on gas, on induction and on "
            "a campfire, and gets better with small dents."
        ),
    ),
]  # fmt: skip


def add_products(apps, schema_editor):
    product = apps.get_model("catalogue", "Product")
    for values in PRODUCTS:
        row = dict(zip(FIELDS, values, strict=True))
        row["price"] = Decimal(row["price"])
        product.objects.create(illustration=f"catalogue/img/tea/{row['slug']}.svg", **row)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunPython(add_products, migrations.RunPython.noop)]
