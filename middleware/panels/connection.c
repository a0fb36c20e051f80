/* The Connection panel: how the request came, and which thread of what kind of server served it. */
#include "base/html.h"
#include "panels/figures.h"
#include "panels/parts.h"

static void subtitle(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct toolbar__client *client = &recording->client;

    toolbar_html_text(html, client->proxied ? "proxy" : client->protocol ? client->protocol : "");
}

static void open_row(struct toolbar_text *html, const char *name)
{
    toolbar_text_literal(html, "<tr><th scope=\"row\">");
    toolbar_html_text(html, name);
    toolbar_text_literal(html, "</th><td>");
}

static void close_row(struct toolbar_text *html)
{
    toolbar_text_literal(html, "</td></tr>");
}

static void text_row(struct toolbar_text *html, const char *name, const char *value)
{
    if (!value) return;
    open_row(html, name);
    toolbar_html_text(html, value);
    close_row(html);
}

static void count_row(struct toolbar_text *html, const char *name, int64_t count,
                      const char *singular, const char *plural)
{
    if (count < 0) return;
    open_row(html, name);
    toolbar__figure_count(html, count, singular, plural);
    close_row(html);
}

static void render(const struct toolbar_recording *recording, struct toolbar_text *html)
{
    const struct toolbar__client *client = &recording->client;

    toolbar_text_literal(html, "<table class=\"pairs\"><tbody>");
    text_row(html, client->proxied ? "Proxy" : "Client", client->address);
    if (client->proxied) text_row(html, "TLS", "at the proxy, which is trusted");
    text_row(html, "TLS version", client->protocol);
    text_row(html, "Cipher", client->cipher);
    if (client->resumed >= 0) text_row(html, "Session resumed", client->resumed ? "yes" : "no");
    if (client->handshake_ns >= 0) {
        open_row(html, "Handshake");
        toolbar__figure_ms(html, client->handshake_ns);
        close_row(html);
    }
    if (client->request_number >= 0) {
        open_row(html, "Request on this connection");
        toolbar_text_integer(html, client->request_number);
        close_row(html);
    }
    count_row(html, "Received so far", client->received_bytes, "byte", "bytes");
    count_row(html, "Sent so far", client->sent_bytes, "byte", "bytes");
    text_row(html, "Thread", client->thread);
    text_row(html, "Mode", client->mode);
    text_row(html, "Server", client->server);
    toolbar_text_literal(html, "</tbody></table>");
}

static void string_member(struct toolbar_json *json, const char *name, const char *value)
{
    toolbar_json_name(json, name);
    toolbar_json_string(json, value);
}

static void count_member(struct toolbar_json *json, const char *name, int64_t count)
{
    toolbar_json_name(json, name);
    toolbar_json_count(json, count);
}

static void to_json(const struct toolbar_recording *recording, struct toolbar_json *json)
{
    const struct toolbar__client *client = &recording->client;

    toolbar_json_open_object(json);
    string_member(json, "address", client->address);
    toolbar_json_name(json, "proxied");
    toolbar_json_bool(json, client->proxied);
    string_member(json, "tls_version", client->protocol);
    string_member(json, "cipher", client->cipher);
    toolbar_json_name(json, "resumed");
    if (client->resumed < 0) {
        toolbar_json_null(json);
    } else {
        toolbar_json_bool(json, client->resumed);
    }
    toolbar_json_name(json, "handshake_ms");
    toolbar_json_ms(json, client->handshake_ns);
    count_member(json, "request_number", client->request_number);
    count_member(json, "received_bytes", client->received_bytes);
    count_member(json, "sent_bytes", client->sent_bytes);
    string_member(json, "thread", client->thread);
    string_member(json, "mode", client->mode);
    string_member(json, "server", client->server);
    toolbar_json_close_object(json);
}

const struct toolbar_panel toolbar__connection_panel = {
    .id = "connection",
    .title = "Connection",
    .subtitle = subtitle,
    .render = render,
    .to_json = to_json,
};
