"""Which scripts are the project's own, by their path and by how they are written.

A library that was copied into a project is not the project's to mend, and what a bundler or a
minifier made stands in another file as somebody wrote it.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_own_script", "is_written_here"]

_OTHERS = (
    "vendor vendors vendored third_party third-party thirdparty 3rdparty 3rd_party external"
    " externals lib libs library libraries node_modules bower_components bower components_vendor"
    " dist build bundle bundles bundled compiled webpack_bundles min plugins plugin docs doc"
    " tests test __tests__ spec specs cypress e2e locale locales i18n lang langs languages"
    " ckeditor ckeditor4 ckeditor5 tinymce tiny_mce codemirror ace ace-builds monaco mathjax katex"
    " pdfjs pdf.js swagger swagger-ui redoc select2 datatables jquery jquery-ui bootstrap"
    " fontawesome font-awesome highlight highlightjs highcharts chartjs d3 leaflet openlayers"
    " admin-lte adminlte summernote quill trumbowyg redactor wysihtml5 froala grappelli jstree"
    " fancybox lightbox slick"
    " moment raphael flot jqplot gentelella sb-admin metronic"
)
_FOLDERS: Final = frozenset(_OTHERS.split())
_FILES: Final = re.compile(
    r"[.-](?:min|pack|packed|bundle|bundled|umd|esm|cjs|iife|prod|production|chunk|slim|debug|test"
    r"|spec|config|conf|all|legacy)\.m?js$"
    r"|^(?:gulpfile|gruntfile|webpack|rollup|vite|babel|karma|jest|postcss|tailwind|eslint|prettier"
    r"|\.eslintrc|svelte\.config|next\.config|service-?worker|sw|runtime|polyfills?|bundle|vendors?"
    r"|modernizr|require|requirejs|html5shiv|respond|prettify|prism|less|coffee-script)\b.*\.m?js$"
    r"|[.-]v?\d+(?:\.\d+)+\b"
    r"|^(?:jquery|bootstrap|angular|vue|react|backbone|underscore|lodash|ember|knockout|htmx|alpine"
    r"|d3|leaflet|moment|popper|select2|datatables?|chart|chartist|codemirror|dropzone|cropper"
    r"|fullcalendar|handlebars|mustache|highlight|axios|toastr|sweetalert\d?|swiper|slick|sortable"
    r"|flatpickr|pikaday|quill|tinymce|ckeditor|showdown|marked|raphael|morris|summernote|typeahead"
    r"|spectrum|plupload|jstree|masonry|isotope|clipboard|hammer|tether|wow|parsley|bloodhound"
    r"|xregexp|unpoly|turbo|stimulus|purify|date|json2|es\d-shim|swfobject|zepto|mootools"
    r"|prototype|scriptaculous|dojo|yui|ext)(?:[.-](?!init|custom|app|main|setup|own)[\w.-]*)?\.m?js$",
    re.IGNORECASE,
)
#: How a copy of a library begins, or how a module that is made for all loaders does.
_BANNER: Final = re.compile(
    r"/\*!|@license|@preserve|@copyright|licen[cs]ed under|\bMIT licen[cs]e|apache license"
    r"|https?://(?:www\.)?(?:github\.com|jquery\.(?:org|com)|opensource\.org)/"
    r"|copyright \(c\)|\(c\) 20\d\d|\bversion:? v?\d+\.\d+|\bv\d+\.\d+\.\d+",
    re.IGNORECASE,
)
_MADE: Final = re.compile(
    r"typeof define\s*===?\s*[\"']function[\"']|define\.amd|__webpack_require__|sourceMappingURL="
    r"|__esModule|webpackJsonp|parcelRequire|System\.register\("
)
_LOOKED_AT: Final = 1_500
#: Longer lines, and longer lines on an average, only programs write.
_LONG: Final = 5_000
_MEAN: Final = 150
_LONGEST: Final = 400_000


def is_own_script(parts: tuple[str, ...]) -> bool:
    """Whether a script may be the project's own, by its path.

    >>> is_own_script(("shop", "static", "shop", "cart.js"))
    True
    >>> is_own_script(("static", "vendor", "x.js")), is_own_script(("static", "jquery-3.7.1.js"))
    (False, False)
    """
    if not _FOLDERS.isdisjoint(part.lower() for part in parts[:-1]):
        return False
    return _FILES.search(parts[-1]) is None


def is_written_here(text: str) -> bool:
    """Whether somebody of the project wrote the script: no library's, no minifier's, no bundler's.

    >>> is_written_here("var a = 1;"), is_written_here("/*! Slider v1.2 | MIT */")
    (True, False)
    """
    if len(text) > _LONGEST or _BANNER.search(text, 0, _LOOKED_AT) or _MADE.search(text):
        return False
    lines = text.count("\n") + 1
    if len(text) / lines > _MEAN:
        return False
    return all(len(line) < _LONG for line in text.split("\n"))
