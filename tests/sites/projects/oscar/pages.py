"""The shop and its dashboard."""

from __future__ import annotations

from tests.sites.model import Page

ADDRESS = {
    "first_name": "Kee'per",
    "last_name": "<&>",
    "line1": 'Road "1"',
    "line4": "Vienna",
    "postcode": "1010",
    "country": "AT",
}

SHOP = {
    "catalogue": "/catalogue/",
    "catalogue searched": "/search/?q=%22%3E%3Cb%3E",
    "catalogue searched, found": "/search/?q=plain",
    "category": "/catalogue/category/books-more_1/",
    **{f"product {i}": f"/catalogue/product-{i}_{i + 1}/" for i in range(6)},
    "parent": "/catalogue/parent_7/",
    "reviews": "/catalogue/product-0_1/reviews/",
    "review": "/catalogue/product-0_1/reviews/1/",
    "add a review": "/catalogue/product-4_5/reviews/add/",
    "offers": "/offers/",
    "offer": "/offers/three-more/",
    "basket": "/basket/",
}

ACCOUNT = {
    "profile": "/accounts/profile/",
    "edit the profile": "/accounts/profile/edit/",
    "delete the profile": "/accounts/profile/delete/",
    "change the password": "/accounts/change-password/",
    "orders": "/accounts/orders/",
    "order": "/accounts/orders/100001/",
    "addresses": "/accounts/addresses/",
    "add an address": "/accounts/addresses/add/",
    "address": "/accounts/addresses/2/",
    "e-mails": "/accounts/emails/",
    "alerts": "/accounts/alerts/",
    "notifications": "/accounts/notifications/inbox/",
    "wish lists": "/accounts/wishlists/",
    "wish list": "/accounts/wishlists/wish1/",
    "delete a wish list": "/accounts/wishlists/wish1/delete/",
}

DASHBOARD = {
    "dashboard": "",
    "products": "catalogue/",
    "products found": "catalogue/?title=plain&upc=",
    "edit a product": "catalogue/products/1/",
    "edit a parent": "catalogue/products/7/",
    "add a product": "catalogue/products/create/book-co/",
    "delete a product": "catalogue/products/5/delete/",
    "product types": "catalogue/product-types/",
    "product type": "catalogue/product-type/1/update/",
    "categories": "catalogue/categories/",
    "category edited": "catalogue/categories/1/",
    "options": "catalogue/option/",
    "option": "catalogue/option/1/update/",
    "attribute groups": "catalogue/attribute-option-group/",
    "attribute group": "catalogue/attribute-option-group/create/",
    "stock alerts": "catalogue/stock-alerts/",
    "orders kept": "orders/",
    "orders found": "orders/?order_number=1",
    "order kept": "orders/100001/",
    "statistics": "orders/statistics/",
    "customers": "users/",
    "customer": "users/2/",
    "alerts kept": "users/alerts/",
    "partners": "partners/",
    "partner": "partners/1/",
    "offers kept": "offers/",
    "offer kept": "offers/1/",
    "offer's metadata": "offers/1/metadata/",
    "offer's condition": "offers/1/condition/",
    "offer's benefit": "offers/1/incentive/",
    "offer's restrictions": "offers/1/restrictions/",
    "new offer": "offers/new/metadata/",
    "vouchers": "vouchers/",
    "new voucher": "vouchers/create/",
    "ranges": "ranges/",
    "range": "ranges/2/",
    "range's products": "ranges/2/products/",
    "pages": "pages/",
    "page": "pages/update/1/",
    "messages": "comms/",
    "message": "comms/EMAIL/",
    "reviews kept": "reviews/",
    "review kept": "reviews/1/",
    "reports": "reports/",
    "report": "reports/?report_type=order_report&date_from=2020-01-01&date_to=2030-01-01",
    "shipping": "shipping/weight-based/",
    "new shipping": "shipping/weight-based/create/",
}

PAGES = [
    *(Page(name, path, user="") for name, path in SHOP.items()),
    Page("about", "/about/", user=""),
    Page("not found", "/nothing/", 404, user=""),
    Page("login", "/accounts/login/?next=/%27%22", user=""),
    Page(
        "login wrong",
        "/accounts/login/",
        user="",
        post={"login-username": "<'\">", "login-password": "x", "login_submit": "1"},
    ),
    Page("password reset", "/password-reset/", user=""),
    Page("product, logged in", "/catalogue/product-1_2/"),
    Page("basket filled", "/basket/add/2/", 302, post={"quantity": "2", "eng": "x"}),
    Page(
        "basket filled with a child", "/basket/add/7/", 302, post={"quantity": "1", "child_id": "8"}
    ),
    Page("basket with products", "/basket/"),
    Page("checkout", "/checkout/", 302),
    Page("checkout, shipping address", "/checkout/shipping-address/"),
    Page("checkout, address wrong", "/checkout/shipping-address/", post={"first_name": "<x>'"}),
    Page("checkout, address", "/checkout/shipping-address/", 302, post=ADDRESS),
    Page("checkout, method", "/checkout/shipping-method/", 302),
    Page("checkout, payment", "/checkout/payment-method/", 302),
    Page("checkout, details", "/checkout/payment-details/"),
    Page("checkout, preview", "/checkout/preview/", post={}),
    Page("checkout, order placed", "/checkout/preview/", 302, post={"action": "place_order"}),
    Page("checkout, thanks", "/checkout/thank-you/", browse=False),
    Page("checkout as a visitor", "/checkout/", 302, user=""),
    *(Page(name, path) for name, path in ACCOUNT.items()),
    *(Page(name, f"/dashboard/{path}") for name, path in DASHBOARD.items()),
    Page("product wrong", "/dashboard/catalogue/products/1/", post={"title": "'\"<x>"}),
    Page("dashboard's login", "/dashboard/login/", user=""),
    Page("lookup", "/dashboard/catalogue/product-lookup/?q=p", browse=False),
    Page("dashboard of a shopper", "/dashboard/", 403, user="shopper", browse=False),
]


def log_in(tab):
    tab.user("")
    sheet = tab.visit("/accounts/login/")
    sheet.fill("#id_login-username", "keeper@example.com")
    sheet.fill("#id_login-password", "keeper")
    sheet.click("button[name=login_submit]")
    sheet.wait_for_url("**/dashboard/")
    sheet.wait_for_selector("text=Welcome back")


def basket(tab):
    sheet = tab.visit("/catalogue/product-3_4/")
    sheet.fill("#add_to_basket_form input[name=eng]", "Engraved 'x'")
    sheet.click("#add_to_basket_form button[type=submit]")
    sheet.wait_for_selector(".alert-success >> nth=0")
    sheet = tab.visit("/basket/")
    sheet.fill("#id_form-0-quantity", "3")
    sheet.click("#basket_formset button[type=submit] >> nth=0")
    tab.settle()
    assert sheet.input_value("#id_form-0-quantity") == "3"
    sheet.click("a[data-behaviours=save], a:has-text('Save for later')")
    tab.settle()
    sheet.wait_for_selector("text=Saved for later >> nth=0")
    sheet = tab.visit("/catalogue/product-1_2/")
    sheet.fill("#add_to_basket_form input[name=eng]", "y")
    sheet.click("#add_to_basket_form button[type=submit]")
    sheet = tab.visit("/basket/")
    sheet.click("a[data-behaviours=remove], a:has-text('Remove') >> nth=0")
    tab.settle()


def buy(tab):
    sheet = tab.visit("/catalogue/product-5_6/")
    sheet.fill("#add_to_basket_form input[name=eng]", "x")
    sheet.click("#add_to_basket_form button[type=submit]")
    sheet = tab.visit("/checkout/shipping-address/")
    sheet.click("button:has-text('Ship to this address') >> nth=0")
    tab.settle()
    sheet = tab.visit("/checkout/payment-details/")
    sheet.click("#view_preview, button:has-text('Continue'), a:has-text('Continue')")
    tab.settle()
    sheet.click("#place-order")
    sheet.wait_for_url("**/thank-you/")


def dashboard_product(tab):
    sheet = tab.visit("/dashboard/catalogue/products/1/")
    sheet.click("a[href='#product_category'] >> nth=0")
    sheet.click("#product_category .select2-selection >> nth=0")
    sheet.wait_for_selector(".select2-results__option >> nth=0")
    sheet.keyboard.press("Escape")
    sheet.click("a[href='#product_details'] >> nth=0")
    sheet.wait_for_selector(".tox-tinymce >> nth=0")
    sheet.click("a[href='#product_attributes'] >> nth=0")
    sheet.fill("#id_attr_pages", "77")
    sheet.click("#id_attr_on")
    sheet.click("a[href='#product_images'] >> nth=0")
    sheet.click("a[href='#product_recommended'] >> nth=0")
    sheet.click("#product_recommended .select2-selection >> nth=0")
    sheet.wait_for_selector(".select2-results__option >> nth=0")
    tab.settle()


def dashboard_dates(tab):
    sheet = tab.visit("/dashboard/vouchers/create/")
    sheet.click("#id_start_datetime")
    tab.settle()
    sheet = tab.visit("/dashboard/orders/")
    sheet.click("a:has-text('Advanced Search'), button:has-text('Advanced Search') >> nth=0")
    tab.settle()
    sheet = tab.visit("/dashboard/reports/")
    sheet.click("#id_date_from")
    tab.settle()


def dashboard_order(tab):
    sheet = tab.visit("/dashboard/orders/100001/")
    for name in ("shipping", "payment", "emails", "notes"):
        link = sheet.locator(f".nav a[href='#{name}']")
        if link.count():
            link.first.click()
    sheet = tab.visit("/dashboard/reviews/")
    sheet.click("input[name=selected_review] >> nth=0")
    tab.settle()


ACTS = [log_in, basket, buy, dashboard_product, dashboard_dates, dashboard_order]
