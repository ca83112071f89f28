"""What calls do to the values given to them: tables by the last part of the function's name.

A project's own ``escape`` is believed to escape, too: names are promises that are mostly kept.
"""

from __future__ import annotations

from typing import Final

from ringfence.audit.collect.python.values import ALL_USES

__all__ = ["CLEANS", "KEEPING_METHODS", "NUMBERS", "PASSING", "QUERYSET", "REQUEST_PARTS"]

_HTML: Final = frozenset({"html"})
_URL: Final = frozenset({"url", "html"})

#: Functions whose result is safe for some uses, whatever went in.
CLEANS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(
        (
            *("escape", "conditional_escape", "format_html", "format_html_join", "force_escape"),
            *(
                "escapejs",
                "json_script",
                "mark_safe",
                "SafeString",
                "SafeText",
                "Markup",
                "linkify",
            ),
            *("render_to_string", "sanitize", "sanitize_html", "clean_html", "clean"),
            *("flatatt", "render", "xml_escape", "escape_html", "html_escape", "escape_uri_path"),
            *(
                "SafeUnicode",
                "mark_for_escaping",
                "as_p",
                "as_table",
                "as_div",
                "as_ul",
                "as_widget",
            ),
            *("html_safe", "highlight", "iri_to_uri", "SafeBytes"),
        ),
        _HTML,
    ),
    # iri_to_uri and urlencode leave none of <>" in place.
    **dict.fromkeys(("urlencode", "quote", "quote_plus", "urlquote", "urlquote_plus"), _URL),
    **dict.fromkeys(
        (
            *("reverse", "reverse_lazy", "static", "slugify", "get_valid_filename", "hexdigest"),
            *("secure_filename", "uuid4", "b32encode", "b64encode", "urlsafe_b64encode", "hexlify"),
            *("get_random_string", "token_hex", "token_urlsafe", "naturaltime", "intcomma"),
            *(
                "strftime",
                "isoformat",
                "date_format",
                "localize",
                "number_format",
                "filesizeformat",
            ),
            *("get_user_model", "get_model", "get_language"),
            *("get_current_site", "get_script_prefix", "get_token", "make_password"),
            *("get_host", "get_port", "import_string", "get_storage_class", "total_seconds"),
        ),
        ALL_USES,
    ),
    **dict.fromkeys(("basename", "safe_join", "splitext", "uuid"), frozenset({"path"})),
    **dict.fromkeys(("shlex.quote", "pipes.quote"), frozenset({"shell"})),
    **dict.fromkeys(
        ("quote_name", "Identifier", "SQL", "Literal", "mogrify", "quote_ident", "adapt", "as_sql"),
        frozenset({"sql"}),
    ),
    **dict.fromkeys(("get_absolute_url", "get_safe_redirect_url"), _URL),
    **dict.fromkeys(("get_full_path", "get_full_path_info"), _URL),
    **dict.fromkeys(("build_absolute_uri",), _URL),
}

#: Functions and methods that give numbers, booleans, dates: nothing that could do harm.
NUMBERS: Final = frozenset(
    {
        *("int", "float", "len", "bool", "hash", "round", "abs", "Decimal", "UUID", "isinstance"),
        *("sum", "ord", "id", "issubclass", "hasattr", "callable", "any", "all", "range", "divmod"),
        *("count", "exists", "isdigit", "isalnum", "isalpha", "startswith", "endswith", "find"),
        *("index", "is_valid", "timestamp", "fromtimestamp", "strptime", "parse_date", "now"),
        *("parse_datetime", "today", "date", "datetime", "timedelta", "is_ajax", "is_secure"),
        *("is_authenticated", "has_perm", "has_perms", "check_password", "fromisoformat"),
        *(
            "utcnow",
            "localtime",
            "long",
            "complex",
            "isnumeric",
            "isspace",
            "tell",
            "seek",
            "getpid",
        ),
        *("accepts", "type", "strtobool", "parse_duration", "ceil", "floor", "randint", "time"),
    }
)

#: Functions that give back what went in, in another shape.
PASSING: Final = frozenset(
    {
        *("str", "bytes", "unicode", "repr", "ascii", "bytearray", "force_str", "force_text"),
        *("smart_str", "smart_text", "force_bytes", "smart_bytes", "unquote", "unquote_plus"),
        *(
            "b64decode",
            "urlsafe_b64decode",
            "b32decode",
            "unhexlify",
            "fromhex",
            "decompress",
            "urlsafe_base64_decode",
            "unescape",
            "text_type",
        ),
        *("gettext", "gettext_lazy", "ugettext", "ugettext_lazy", "_", "pgettext", "ngettext"),
        *("ngettext_lazy", "ungettext", "pgettext_lazy", "npgettext", "lazy", "capfirst"),
        *("list", "tuple", "set", "dict", "sorted", "reversed", "next", "iter", "zip", "enumerate"),
        *("frozenset", "filter", "map", "max", "min", "deepcopy", "copy", "cast", "Path", "join"),
        *("BytesIO", "StringIO", "dedent", "sub", "urljoin", "urlunparse", "urlparse", "urlsplit"),
        *("urlunsplit", "normpath", "abspath", "realpath", "expanduser", "wraps", "partial"),
        *("OrderedDict", "defaultdict", "QueryDict", "ContentFile", "TextIOWrapper", "fsdecode"),
        *("truncatechars", "truncatewords", "wrap", "fill", "PurePath", "iteritems"),
        *("template_localtime", "async_to_sync", "sync_to_async", "nl2br", "markdown"),
        *("parse_qs", "parse_qsl", "getattr", "iterkeys", "itervalues", "shorten"),
        *("loads", "dumps", "open", "resolve_url", "string_concat"),
        *("format_lazy", "chain", "islice", "groupby", "findall", "split"),
        *("prettify", "minify", "safe_load", "urlize", "strip_tags"),
    }
)

#: Methods of data that give data.
KEEPING_METHODS: Final = frozenset(
    {
        *("strip", "lstrip", "rstrip", "lower", "upper", "title", "replace", "split", "rsplit"),
        *("splitlines", "partition", "rpartition", "decode", "encode", "format", "join", "get"),
        *("getlist", "pop", "items", "values", "keys", "read", "readlines", "readline", "zfill"),
        *("capitalize", "casefold", "expandtabs", "ljust", "rjust", "center", "removeprefix"),
        *("removesuffix", "translate", "dict", "lists", "copy", "json", "chunks", "setdefault"),
        *("group", "groups", "popitem", "swapcase", "format_map", "getvalue", "tobytes", "hex"),
        *("get_all", "iteritems", "itervalues", "temporary_file_path"),
        *("joinpath", "with_suffix", "resolve", "absolute", "with_name", "as_posix", "__str__"),
        *("get_text", "iter_content", "iter_lines", "urlencode_raw", "iterlists"),
    }
)

#: Methods of the ORM that give objects.
QUERYSET: Final = frozenset(
    {
        *("get", "filter", "exclude", "all", "first", "last", "order_by", "select_related"),
        *(
            "prefetch_related",
            "values",
            "values_list",
            "distinct",
            "annotate",
            "latest",
            "earliest",
        ),
        *("iterator", "in_bulk", "reverse", "only", "defer", "using", "get_or_create", "create"),
        *("update_or_create", "select_for_update", "get_queryset", "aget", "afirst", "alast"),
        *("live", "public", "specific", "active", "published", "get_by_natural_key", "none"),
    }
)

#: Parts of a request that bring what its sender wrote.
REQUEST_PARTS: Final = frozenset(
    {
        *("GET", "POST", "COOKIES", "META", "body", "headers", "FILES", "data", "query_params"),
        *("path", "path_info", "raw_post_data", "REQUEST", "query_string", "stream", "cookies"),
        *("params", "args", "raw_body", "upload_handlers"),
    }
)
#: Entries of ``request.META`` that a server writes, or that are numbers.
SERVER_META: Final = frozenset(
    {
        *(
            "REMOTE_ADDR",
            "REMOTE_HOST",
            "REMOTE_PORT",
            "SERVER_NAME",
            "SERVER_PORT",
            "CONTENT_LENGTH",
        ),
        *("REQUEST_METHOD", "SCRIPT_NAME", "wsgi.url_scheme", "SERVER_PROTOCOL", "REMOTE_USER"),
        *("SERVER_SOFTWARE", "CSRF_COOKIE", "HTTP_HOST"),
    }
)
#: Attributes of model instances that hold no free text.
PLAIN_FIELDS: Final = frozenset(
    {
        *("pk", "id", "uuid", "count", "slug", "date", "created", "modified", "updated", "size"),
        *("_meta", "language", "language_code", "lang", "status", "width", "height", "depth"),
        *("level", "position", "order", "quantity", "price", "amount", "total", "is_active"),
        *("time", "datetime", "timestamp", "day", "month", "year", "start", "end", "duration"),
    }
)
