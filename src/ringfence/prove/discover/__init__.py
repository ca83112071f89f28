"""What there is to attack: pages, forms, parameters and stored text."""
