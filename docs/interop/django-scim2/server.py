"""A small project around django-scim2: users and groups in SQLite, for as long as it runs; views, adapters, filters and schemas as the package
has them. The port is the first argument; TOKEN is the bearer token that it takes.
"""

import os
import sys
import tempfile

import django
from django.conf import settings

TOKEN = os.environ.get("TOKEN")
if not TOKEN or len(sys.argv) < 2:
    sys.exit("usage: TOKEN=... python server.py PORT")
PORT = int(sys.argv[1])
HOME = tempfile.TemporaryDirectory()


settings.configure(
    SECRET_KEY="signs nothing",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="__main__",
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "directory"],
    MIDDLEWARE=["__main__.bearer", "django_scim.middleware.SCIMAuthCheckMiddleware"],
    # Who writes waits for whoever writes already.
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(HOME.name, "directory.sqlite3"),
                           "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"}}},
    AUTH_USER_MODEL="directory.User",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    SCIM_SERVICE_PROVIDER={
        "SCHEME": "http",
        "NETLOC": f"127.0.0.1:{PORT}",
        "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "Bearer", "description": "A bearer token"}],
        "WWW_AUTHENTICATE_HEADER": 'Bearer realm="scim"',
        "GROUP_MODEL": "directory.models.Group",
    },
    LOGGING={"version": 1, "disable_existing_loggers": True},
)
django.setup()

from directory.models import Group, User  # noqa: E402
from django.core.servers.basehttp import run  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import include, path  # noqa: E402


class Provisioning:
    """Whoever shows the token."""

    is_authenticated = True
    is_anonymous = False


def bearer(get_response):
    def middleware(request):
        if request.headers.get("Authorization") == f"Bearer {TOKEN}":
            request.user = Provisioning()
        return get_response(request)

    return middleware


urlpatterns = [path("scim/v2/", include("django_scim.urls", namespace="scim"))]


def main():
    with connection.schema_editor() as editor:
        for model in (Group, User):
            editor.create_model(model)
    print(f"Serving SCIM on http://127.0.0.1:{PORT}/scim/v2", flush=True)
    run("127.0.0.1", PORT, get_wsgi_application(), threading=True)


if __name__ == "__main__":
    main()
