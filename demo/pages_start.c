/* The first page: what the toolbar is, three ways to use it, what it finds, and where to look. */
#include "fragments.h"
#include "listen.h"
#include "options.h"
#include "pages.h"
#include "pages_tips.h"
#include "reply.h"

static struct url https_url(const struct demo *demo)
{
    return listen_url("https", demo->options->bind, demo->https_port);
}

/* The same text on both ports: which one a request came in by is the toolbar's business. */
static void state(FILE *out, const struct demo *demo)
{
    const struct options *options = demo->options;
    struct url https = https_url(demo);
    struct url http = listen_url("http", options->bind, demo->http_port);
    fprintf(out, "<p class=\"state\">Over HTTPS, at <a href=\"%s\">%s</a>, ", https.text,
            https.text);
    if (options->debug)
        fputs("this server runs in debug mode: every page shows the toolbar.", out);
    else if (options->secret_key_file)
        fputs("this server runs as in production: it shows the toolbar to whoever sends the secret "
              "key, and to nobody else.",
              out);
    else
        fputs("this server never shows the toolbar: it has neither debug mode nor a key.", out);
    fprintf(out, " The same pages over plain HTTP, at <a href=\"%s\">%s</a>, never carry it.</p>\n",
            http.text, http.text);
}

static void way_begin(FILE *out, const char *title, bool now)
{
    fprintf(out, "<li>\n<h2>%s%s</h2>\n", title,
            now ? " <span class=\"now\">how this server runs</span>" : "");
}

static void way_demo(FILE *out)
{
    way_begin(out, "The demo", false);
    fputs("<p>One command builds and starts what you are looking at, in debug mode.</p>\n"
          "<pre><code>demo/run.sh</code></pre>\n</li>\n",
          out);
}

static void way_debug(FILE *out, const struct demo *demo)
{
    way_begin(out, "Debug mode on your machine", demo->options->debug);
    fputs("<p>While you develop: the debug flag is on, and every HTTPS page shows the toolbar, "
          "without a key.</p>\n<pre><code>demo/run.sh debug\ncurl --cacert '",
          out);
    html_text(out, demo->ca_file);
    fprintf(out, "' %speople/fathers</code></pre>\n</li>\n", https_url(demo).text);
}

static void way_production(FILE *out, const struct demo *demo)
{
    const char *key_file = demo->options->secret_key_file;
    way_begin(out, "Production, on demand", key_file && !demo->options->debug);
    fputs("<p>Nobody sees the toolbar but you: your browser sends the secret key in a header, over "
          "HTTPS. Load the extension in <code>demo/extension</code> unpacked, give it the key and "
          "this origin, and switch it on.</p>\n"
          "<pre><code>demo/run.sh production\ncurl --cacert '",
          out);
    html_text(out, demo->ca_file);
    fputs("' \\\n     -H \"MYAPPKEY: $(cat '", out);
    html_text(out, key_file ? key_file : "toolbar.key");
    fprintf(out, "')\" \\\n     %speople/fathers</code></pre>\n</li>\n", https_url(demo).text);
}

static void pages(FILE *out)
{
    static const char *const links[][2] = {
        {"/people", "A list with one query."},
        {"/people/fathers", "The same with 51: one more for every row."},
        {"/people/500", "One person and their children."},
        {"/people/new", "A form that posts, inserts and redirects."},
        {"/api/people.json", "JSON: recorded, and left as it is."},
        {"/streamed", "A page that is made while it is sent."},
        {"/large", "A megabyte, one response object for everybody."},
        {"/old", "A redirect to the list."},
        {"/download/people.csv", "A download: recorded, and left as it is."},
        {"/people/0", "A page that is not there."},
    };
    fputs("<h2>What to look at</h2>\n<dl class=\"pages\">\n", out);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        fprintf(out, "<dt><a href=\"%s\">%s</a></dt><dd>%s</dd>\n", links[i][0], links[i][0],
                links[i][1]);
    fputs("</dl>\n", out);
}

enum MHD_Result page_start(struct visit *visit)
{
    struct page page;
    if (!page_open(&page)) return MHD_NO;
    page_begin(page.out, "A debug toolbar for web servers written in C", "/");
    fputs("<p class=\"lead\">Every HTML page of this server can carry a panel with that request's "
          "SQL queries, their times, and what is wrong with them. Over HTTPS only, and only for "
          "you.</p>\n",
          page.out);
    state(page.out, visit->demo);
    fputs("<ol class=\"ways\">\n", page.out);
    way_demo(page.out);
    way_debug(page.out, visit->demo);
    way_production(page.out, visit->demo);
    fputs("</ol>\n", page.out);
    fputs("<h2>Thirteen tips</h2>\n<p>Pairs of pages that show the same, made in two ways. The "
          "toolbar finds the mistake of the first, and has nothing to say of the second.</p>\n",
          page.out);
    tips_table(page.out);
    fragment_print(page.out, "start/pages", pages);
    page_end(page.out);
    return reply_page(visit->connection, MHD_HTTP_OK, &page);
}
