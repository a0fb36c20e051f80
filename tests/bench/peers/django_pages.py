"""The pages of pages.c in Django, for gunicorn.

It is set up as for production: DEBUG is off, and a key in a header shows the toolbar. What it
measures by is at /usage, as in usage.h. BENCH_TOOLBAR says how it carries django-debug-toolbar:
not at all if it is empty; "lazy" as it does by default, fetching a panel when it is opened;
"whole" with all panels in the page.
"""

import os
import time

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import include, path
from django.utils.html import escape

WAY = os.environ.get("BENCH_TOOLBAR")
WITH_TOOLBAR = bool(WAY)


def show_toolbar(request):
    if "HTTP_MYAPPKEY" in request.META:
        return request.META["HTTP_MYAPPKEY"] == os.environ["BENCH_KEY"]
    return settings.DEBUG


settings.configure(
    DEBUG=False,
    SECRET_KEY=os.environ["BENCH_KEY"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    STATIC_URL="/static/",
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.staticfiles"] + ["debug_toolbar"] * WITH_TOOLBAR,
    MIDDLEWARE=["debug_toolbar.middleware.DebugToolbarMiddleware"] * WITH_TOOLBAR,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BENCH_DATABASE"]}
    },
    DEBUG_TOOLBAR_CONFIG={
        "SHOW_TOOLBAR_CALLBACK": show_toolbar,
        "RENDER_PANELS": WAY == "whole",
    },
)
django.setup()

from django.db import models  # noqa: E402, needs the settings

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{0}</title>
</head>
<body>
<h1>{0}</h1>
"""
FOOT = "</body>\n</html>\n"


class Person(models.Model):
    name = models.TextField()
    father = models.ForeignKey("self", models.DO_NOTHING, null=True)

    class Meta:
        app_label = "bench"
        db_table = "person"
        managed = False


def link(person):
    return f'<a href="/people/{person.id}">{escape(person.name)}</a>'


def fathers(request, count):
    people = Person.objects.filter(father__isnull=False).order_by("id")[:count]
    rows = (f"<tr><td>{link(p)}</td><td>{link(p.father)}</td></tr>\n" for p in people)
    return HttpResponse(HEAD.format("Fathers") + "<table>\n" + "".join(rows) + "</table>\n" + FOOT)


def plain(request):
    lines = (f"<p>Paragraph {i} of a page that asks nobody.</p>\n" for i in range(50))
    return HttpResponse(HEAD.format("No queries") + "".join(lines) + FOOT)


def usage(request):
    return HttpResponse(
        f"cpu_ns={time.process_time_ns()} heap_bytes=0 heap_peak_bytes=0\n",
        content_type="text/plain",
    )


urlpatterns = [
    path("fathers/<int:count>", fathers),
    path("plain", plain),
    path("usage", usage),
]
if WITH_TOOLBAR:
    urlpatterns.append(path("__debug__/", include("debug_toolbar.urls")))

application = get_wsgi_application()
