"""Hosts through which a script allow-list is known to be bypassed. Data only.

Sources: the lists of jsonp and angular bypasses of google/csp-evaluator (commits 096fa80 and
4210b6b, hosts taken as facts) and Weichselbaum and others, "CSP Is Dead, Long Live CSP!", CCS
2016, section 3. Only hosts that sites of today still allow; the full lists are for the audit.
"""

from __future__ import annotations

__all__ = ["BYPASS_HOSTS", "SHARED_SUFFIXES"]

_ANGULAR = "it serves old AngularJS releases, whose templates run injected expressions"
_PACKAGES = "it serves every package anybody publishes"
_JSONP = "it has a JSONP endpoint that answers with whatever callback the URL names"

#: host -> (a path under which the bypass lies, what it is). A source that is limited to another
#: path is not bypassed by it.
BYPASS_HOSTS: dict[str, tuple[str, str]] = {
    "accounts.google.com": ("/o/oauth2/revoke", _JSONP),
    "ajax.googleapis.com": ("/ajax/libs/angularjs/", _ANGULAR),
    "api.flickr.com": ("/services/feeds/", _JSONP),
    "api.mixpanel.com": ("/track/", _JSONP),
    "api.vk.com": ("/method/", _JSONP),
    "cdn.bootcss.com": ("/angular.js/", _ANGULAR),
    "cdn.jsdelivr.net": ("/npm/", _PACKAGES),
    "cdnjs.cloudflare.com": ("/ajax/libs/angular.js/", _ANGULAR),
    "clients1.google.com": ("/complete/search", _JSONP),
    "cse.google.com": ("/api/", _JSONP),
    "esm.sh": ("/", _PACKAGES),
    "gist.github.com": ("/", _JSONP),
    "googleads.g.doubleclick.net": ("/pagead/conversion/", _JSONP),
    "graph.facebook.com": ("/", _JSONP),
    "ib.adnxs.com": ("/jpt", _JSONP),
    "mc.yandex.ru": ("/watch/", _JSONP),
    "maps.googleapis.com": ("/maps/api/js/", _JSONP),
    "nominatim.openstreetmap.org": ("/", _JSONP),
    "pubsub.pubnub.com": ("/subscribe/", _JSONP),
    "raw.githubusercontent.com": ("/", _PACKAGES),
    "securepubads.g.doubleclick.net": ("/gampad/ads", _JSONP),
    "translate.googleapis.com": ("/translate_a/", _JSONP),
    "unpkg.com": ("/", _PACKAGES),
    "vimeo.com": ("/api/", _JSONP),
    "www.googleadservices.com": ("/pagead/conversion/", _JSONP),
    "www.googleapis.com": ("/", _JSONP),
    "www.youtube.com": ("/profile_style", _JSONP),
    "yastatic.net": ("/angularjs/", _ANGULAR),
}

#: Suffixes below which anybody can have a host; each is in the private section of the Public
#: Suffix List (publicsuffix.org), or a parent of entries there.
SHARED_SUFFIXES = frozenset(
    [
        "amazonaws.com",
        "appspot.com",
        "azurewebsites.net",
        "blob.core.windows.net",
        "cloudfront.net",
        "core.windows.net",
        "firebaseapp.com",
        "fly.dev",
        "github.io",
        "gitlab.io",
        "googleapis.com",
        "googleusercontent.com",
        "herokuapp.com",
        "netlify.app",
        "onrender.com",
        "pages.dev",
        "r2.dev",
        "s3.amazonaws.com",
        "vercel.app",
        "web.app",
        "workers.dev",
    ]
)
