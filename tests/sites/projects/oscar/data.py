from __future__ import annotations

import io

NAMES = [
    'Tom & Jerry\'s "Great" <Escape>',
    "O'Reilly = 100% \\ `fun` ${x}",
    "الكتاب العربي",
    "«“quotes” 日本語 🦊",
    "plain title",
    "-->]]><!--</script>",
]


def load():  # noqa: PLR0915 - a shop has many kinds of things
    from decimal import Decimal

    from django.contrib.auth.models import User
    from django.contrib.flatpages.models import FlatPage
    from django.contrib.sites.models import Site
    from django.core.files.images import ImageFile
    from oscar.apps.catalogue.categories import create_from_breadcrumbs
    from oscar.core.loading import get_model
    from oscar.test.factories import create_order, create_stockrecord
    from PIL import Image as Picture

    keeper = User.objects.create_superuser("keeper", "keeper@example.com", "keeper")
    shopper = User.objects.create_user("shopper", "o'hara&b@example.com", "shopper")
    shopper.first_name = "O'Hara <&>"
    shopper.save()
    Country = get_model("address", "Country")
    for code, name in [("AT", "Austria & 'more'"), ("DE", "Germany")]:
        Country.objects.create(
            iso_3166_1_a2=code,
            iso_3166_1_a3=code + "X",
            printable_name=name,
            name=name,
            is_shipping_country=True,
        )
    create_from_breadcrumbs("Books & 'more' > Fiction & 'x'")
    create_from_breadcrumbs("Toys")
    Category = get_model("catalogue", "Category")
    Product = get_model("catalogue", "Product")
    kind = get_model("catalogue", "ProductClass").objects.create(name="Book & <co>")
    for code, name, of in [
        ("pages", "Pages", "integer"),
        ("about", "About 'it'", "richtext"),
        ("on", "On", "date"),
        ("new", "New", "boolean"),
    ]:
        get_model("catalogue", "ProductAttribute").objects.create(
            product_class=kind, code=code, name=name, type=of
        )
    option = get_model("catalogue", "Option").objects.create(name="Engraving & 'x'", code="eng")
    kind.options.add(option)
    categories = list(Category.objects.order_by("path"))
    products = []
    for i, name in enumerate(NAMES):
        product = Product(
            title=name,
            upc=f"upc-{i}",
            product_class=kind,
            slug=f"product-{i}",
            description=f"<p>About &amp; <b>{i}</b></p>",
        )
        product.attr.pages = 100 + i
        product.save()
        get_model("catalogue", "ProductCategory").objects.create(
            product=product, category=categories[i % 3]
        )
        create_stockrecord(
            product, Decimal("10.50") + i, partner_name="Partner & 'co'", num_in_stock=20 * (i % 2)
        )
        if i < 2:
            file = io.BytesIO()
            Picture.new("RGB", (64, 48), (80 * i, 90, 200)).save(file, "PNG")
            get_model("catalogue", "ProductImage").objects.create(
                product=product, original=ImageFile(file, name=f"image-{i}.png"), caption=name
            )
        get_model("reviews", "ProductReview").objects.create(
            product=product,
            user=shopper,
            score=i % 5 + 1,
            title=name,
            body=f"{name}\n<b>",
            status=1,
        )
        products.append(product)
    products[0].recommended_products.through.objects.create(
        primary=products[0], recommendation=products[1]
    )
    parent = Product.objects.create(
        title="Parent & 'x'", structure="parent", product_class=kind, slug="parent"
    )
    for i in range(2):
        child = Product.objects.create(
            title=f"Child {i} & <b>",
            structure="child",
            parent=parent,
            slug=f"child-{i}",
            upc=f"child-{i}",
        )
        create_stockrecord(child, Decimal("5.00"), partner_name="Partner & 'co'", num_in_stock=9)
    address = {
        "first_name": "O'Hara",
        "last_name": "<&>",
        "line1": 'Road "1"',
        "line4": "Vienna",
        "postcode": "1010",
        "country_id": "AT",
    }
    UserAddress = get_model("address", "UserAddress")
    UserAddress.objects.create(user=shopper, **address)
    UserAddress.objects.create(user=keeper, **address)
    from oscar.test.factories import create_basket

    basket = create_basket(empty=True)
    basket.add_product(products[1], quantity=2)
    shipping = get_model("order", "ShippingAddress").objects.create(**address)
    create_order(number="100001", basket=basket, user=keeper, shipping_address=shipping)
    wishes = get_model("wishlists", "WishList").objects.create(
        owner=keeper, name=NAMES[0], key="wish1"
    )
    wishes.add(products[0])
    type(wishes).objects.update(key="wish1")
    Range = get_model("offer", "Range")
    everything = Range.objects.create(name="All & 'x'", includes_all_products=True, is_public=True)
    some = Range.objects.create(name="<Some>", is_public=True)
    some.add_product(products[1])
    condition = get_model("offer", "Condition").objects.create(
        range=everything, type="Count", value=3
    )
    benefit = get_model("offer", "Benefit").objects.create(
        range=everything, type="Percentage", value=10
    )
    get_model("offer", "ConditionalOffer").objects.create(
        name="Three & 'more'", condition=condition, benefit=benefit, description="<p>10 %</p>"
    )
    get_model("communication", "CommunicationEventType").objects.create(
        code="EMAIL", name=NAMES[0], email_subject_template="{{ 'x' }}"
    )
    FlatPage.objects.create(url="/about/", title=NAMES[0], content="<p>About</p>").sites.add(
        Site.objects.get()
    )
    return [keeper, shopper]
