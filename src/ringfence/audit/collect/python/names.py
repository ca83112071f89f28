"""Names: how imports resolve, and which names make a module worth a close reading."""

from __future__ import annotations

import ast
import re
from typing import Final

__all__ = [
    "RECORDED",
    "RECORDED_ENDS",
    "canonical",
    "collect_imports",
    "is_close_reading",
    "module_of",
]

#: The last part of the names of calls that rules ask for.
RECORDED: Final = frozenset(
    {
        # markup
        *(
            "mark_safe",
            "SafeString",
            "SafeText",
            "SafeUnicode",
            "SafeBytes",
            "Markup",
            "format_html",
        ),
        *(
            "HttpResponse",
            "HttpResponseBadRequest",
            "HttpResponseNotFound",
            "HttpResponseForbidden",
        ),
        *("HttpResponseServerError", "HttpResponseGone", "HttpResponseNotAllowed", "html_safe"),
        *("StreamingHttpResponse", "format_html_join"),
        # templates that are rendered, and with what
        *("render", "render_to_response", "render_to_string", "TemplateResponse"),
        *("SimpleTemplateResponse", "get_context_data"),
        # databases
        *("raw", "extra", "RawSQL", "execute", "executemany", "executescript", "read_sql"),
        # redirects
        *("redirect", "HttpResponseRedirect", "HttpResponsePermanentRedirect", "RedirectResponse"),
        # files
        *(
            "open",
            "FileResponse",
            "FileWrapper",
            "sendfile",
            "remove",
            "unlink",
            "rmtree",
            "listdir",
        ),
        *(
            "send_file",
            "read_text",
            "read_bytes",
            "write_text",
            "write_bytes",
            "extractall",
            "write",
        ),
        *("rename", "copyfile", "makedirs", "serve"),
        # requests to elsewhere
        *(
            "urlopen",
            "urlretrieve",
            "Request",
            "HTTPConnection",
            "HTTPSConnection",
            "create_connection",
        ),
        # code
        *("eval", "exec", "execfile", "compile", "__import__", "import_module", "import_string"),
        *("load", "loads", "Unpickler", "load_all", "full_load", "unsafe_load", "Loader", "decode"),
        *("system", "popen", "Popen", "call", "check_call", "check_output", "run", "getoutput"),
        *("getstatusoutput", "spawnl", "spawnv", "create_subprocess_shell", "startfile", "popen2"),
        # templates
        *("Template", "from_string", "render_template_string", "Environment", "Engine"),
        # XML
        *(
            "parseString",
            "parse",
            "fromstring",
            "XMLParser",
            "setFeature",
            "iterparse",
            "XML",
            "xml",
        ),
        *("make_parser", "parsestring"),
        # the rings
        *("csrf_exempt", "csp_exempt", "csp_replace", "csp_update", "xframe_options_exempt"),
        *("method_decorator", "set_cookie", "set_signed_cookie", "csrf_override", "setattr"),
        *(
            "enforce_csrf",
            "authenticate",
            "NinjaAPI",
            "SessionAuth",
            "SessionAuthIsStaff",
            "APIKeyCookie",
        ),
        # passwords and tokens
        *("md5", "sha1", "new", "encode", "is_safe_url", "choice", "choices", "randint", "random"),
        *("_create_unverified_context", "sample", "login"),
        # messages
        *("add_message", "success", "error", "warning", "info"),
        # input to models
        *("create", "update_or_create", "update"),
        # left from debugging
        *("set_trace", "breakpoint"),
        # routes
        *("path", "re_path", "url", "patterns"),
        *("SessionAuth", "SessionAuthIsStaff", "SessionAuthSuperUser", "APIKeyCookie"),
        # tags and filters
        *("filter", "simple_tag", "inclusion_tag"),
    }
)
#: Of the names above, those that mean something only as a method or function of these.
RECORDED_ENDS: Final[dict[str, tuple[str, ...]]] = {
    "load": (
        "pickle",
        "yaml",
        "marshal",
        "shelve",
        "dill",
        "joblib",
        "torch",
        "numpy",
        "cloudpickle",
    ),
    "loads": ("pickle", "marshal", "dill", "jsonpickle", "cloudpickle"),
    "decode": ("jsonpickle", "jwt"),
    "encode": ("jwt",),
    "run": ("subprocess", "sh"),
    "call": ("subprocess",),
    "new": ("hashlib",),
    "choice": ("random",),
    "choices": ("random",),
    "randint": ("random",),
    "random": ("random",),
    "sample": ("random",),
    "success": ("messages",),
    "error": ("messages",),
    "warning": ("messages",),
    "info": ("messages",),
    "compile": ("compile",),
    "Loader": ("yaml",),
    "filter": ("register",),
    "system": ("os",),
    "update": ("objects", "?"),
    "serve": ("static",),
    "authenticate": ("super()",),
    "render": ("shortcuts", "get_template()", "select_template()"),
    "get_context_data": ("super()",),
    "path": ("urls",),
    "re_path": ("urls",),
    "url": ("urls",),
    "patterns": ("urls",),
}

#: A module without any of these has nothing that a rule could be about. Substrings, not a pattern:
#: a file is searched for all of them in less time than one alternation of them takes.
_CLOSE: Final = (
    *("urlpatterns", "render(", "render_to", "TemplateResponse", "Library()", "mark_safe"),
    *("SafeString", "SafeText", "SafeUnicode", "SafeBytes", "Markup"),
    *(
        "__html__",
        "format_html",
        "HttpResponse",
        "redirect",
        "Redirect",
        ".raw(",
        ".extra(",
        "RawSQL",
    ),
    *(
        "execute",
        "eval(",
        "exec(",
        "exec ",
        "execfile",
        "ickle",
        "marshal",
        "shelve",
        "yaml",
        "dill",
    ),
    *("subprocess", "popen", "Popen", "os.system", "commands", "Template(", "from_string", "csrf"),
    *(
        "csp_",
        "ecurity-",
        "xframe",
        "cookie(",
        "ccess-",
        "md5",
        "sha1",
        "allow_tags",
        "is_safe",
        "simple_tag",
    ),
    *("requests.", "urlopen", "urllib", "httpx", "aiohttp", "HTTPConnection", "FileResponse"),
    *("sendfile", "etree", "minidom", "pulldom", "xml.sax", "AllowAny", "permission_classes"),
    *(
        "BaseAuthentication",
        "SessionAuthentication",
        "BaseRenderer",
        "HTMLRenderer",
        "authentication_classes",
        "'__all__'",
        '"__all__"',
        "request.GET",
        "request.POST",
    ),
    *("request.data", "request.body", "request.FILES", "request.query_params", "AKIA"),
    *(
        "PRIVATE KEY",
        "sk_live",
        "xoxb-",
        "xoxp-",
        "ghp_",
        "gho_",
        "github_pat_",
        "glpat-",
        "rk_live_",
        "AIza",
        "sk-ant-",
        "verify=False",
        "unverified",
    ),
    *(
        "set_trace",
        "breakpoint(",
        "extractall",
        "jwt",
        "joblib",
        "torch",
        "jsonpickle",
        "SECRET",
        "secret",
        "assw",
        "PASSW",
    ),
    *("api_key", "apikey", "API_KEY", "APIKEY", "token", "TOKEN", "private_key", "access_key"),
)
#: Of classes whose methods are views.
_VIEWS: Final = ("def get(", "def get_redirect_url(", "(request")
_WRITES: Final = (".save(", ".delete(", ".update(", "logout(")
_IMPORT: Final = re.compile(r"^[ \t]{0,8}(?:import|from)[ \t]+([A-Za-z_]\w{0,80})", re.MULTILINE)

#: Other names of the same things.
_SAME: Final = {
    "django.http.response": "django.http",
    "django.utils.html.mark_safe": "django.utils.safestring.mark_safe",
    "django.utils.html.SafeString": "django.utils.safestring.SafeString",
    "markupsafe.Markup": "markupsafe.Markup",
    "jinja2.Markup": "markupsafe.Markup",
    "django.views.decorators.csrf": "django.views.decorators.csrf",
    "cPickle": "pickle",
    "six.moves.cPickle": "pickle",
    "six.moves.urllib": "urllib",
    "django.utils.six.moves.urllib": "urllib",
    "urllib2.urlopen": "urllib.request.urlopen",
    "urllib.urlopen": "urllib.request.urlopen",
    "django.conf.urls.url": "django.urls.re_path",
    "posixpath": "os.path",
    "ntpath": "os.path",
    "defusedxml.lxml": "defusedxml",
    "lxml.etree": "lxml.etree",
}


def is_close_reading(text: str) -> bool:
    """Say whether anything in ``text`` may be dangerous, so that its functions are followed."""
    # Each file is asked: a loop of its own takes half the time of any().
    for word in _CLOSE:
        if word in text:
            return True
    return any(word in text for word in _VIEWS) and any(word in text for word in _WRITES)


def imported_packages(text: str) -> dict[str, str]:
    """Return what a module that is not read closely imports, by the first part of its name."""
    return {name: name for name in _IMPORT.findall(text)}


def canonical(name: str) -> str:
    """Return the one name that rules know something by."""
    if name in _SAME:
        return _SAME[name]
    head, _, last = name.rpartition(".")
    return f"{_SAME[head]}.{last}" if head in _SAME else name


def module_of(path: str) -> str:
    """Return the dotted name of the module at ``path``, as the tree has it.

    >>> module_of("shop/views/__init__.py"), module_of("src/shop/urls.py")
    ('shop.views', 'shop.urls')
    """
    parts = path.removesuffix(".pyw").removesuffix(".py").split("/")
    if len(parts) > 1 and parts[0] in {"src", "lib"}:
        parts = parts[1:]
    if parts[-1] == "__init__" and len(parts) > 1:
        parts = parts[:-1]
    return ".".join(parts)


def collect_imports(
    node: ast.Import | ast.ImportFrom, imports: dict[str, str], package: list[str]
) -> str:
    """Add what ``node`` imports to ``imports``; return the module of ``from module import *``."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.asname:
                imports[alias.asname] = canonical(alias.name)
            else:
                first = alias.name.partition(".")[0]
                imports[first] = canonical(first)
        return ""
    base = node.module or ""
    if node.level:
        above = package[: len(package) - node.level + 1]
        base = ".".join([*above, base] if base else above)
    for alias in node.names:
        if alias.name == "*":
            return base
        imports[alias.asname or alias.name] = canonical(
            f"{base}.{alias.name}" if base else alias.name
        )
    return ""
