"""A middleware of the site's own."""


class Seen:
    """Say that the answer came through here."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        answer["X-Seen"] = "yes"
        return answer
