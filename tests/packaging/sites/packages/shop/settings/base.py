"""What all settings have in common."""

from csp.constants import NONCE, SELF

SECRET_KEY = "not-a-secret: this site is a test"
ROOT_URLCONF = "shop.urls"
USE_TZ = True
STATIC_URL = "static/"

DJANGO_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
THIRD_PARTY_APPS = [
    "corsheaders",  # for the app on the telephone
    "csp",
]
INSTALLED_APPS = DJANGO_APPS + THIRD_PARTY_APPS + ["shop"]

MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    # tokens for forms
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "csp.context_processors.nonce",
            ]
        },
    },
    {"BACKEND": "django.template.backends.jinja2.Jinja2", "APP_DIRS": True},
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}

X_FRAME_OPTIONS = "SAMEORIGIN"
CORS_ALLOWED_ORIGINS = ["https://app.example.com"]
CORS_ALLOW_CREDENTIALS = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {"default-src": [SELF], "script-src": [SELF, NONCE], "frame-ancestors": [SELF]}
}
PERMISSIONS_POLICY = {"camera": []}
