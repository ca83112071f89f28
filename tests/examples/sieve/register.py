"""Which probe belongs to which attack."""

from __future__ import annotations

from tests.examples.sieve.probes import answers, markup, requests, sockets

PROBES = {
    "cache": answers.cache,
    "csp": answers.csp,
    "dom": markup.dom,
    "forgery": requests.forgery,
    "framing": answers.framing,
    "get-change": requests.get_change,
    "host": answers.host,
    "inclusion": requests.inclusion,
    "link": markup.link,
    "login-forgery": requests.login_forgery,
    "message": markup.message,
    "mixed": markup.mixed,
    "opener": markup.opener,
    "read": requests.read,
    "redirect": requests.redirect,
    "referer": answers.referer,
    "reflected": markup.reflected,
    "session": answers.session,
    "socket": sockets.socket,
    "stored": markup.stored,
    "template": markup.template,
    "upload": answers.upload,
}
