/*
 * Where a page ends. Each document is written with a @ where the panel goes, none if it goes
 * nowhere; each is scanned whole, byte by byte and cut in two at every place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "page/scanner.h"

static const char *const documents[] = {
    /* Plain ones. */
    "<html><body>x@</body></html>",
    "<!doctype html><p>no end tag@",
    "<!DOCTYPE html>\n<html>\n<body>\n</html>\n@",
    "<head></head>x@",
    "<body>x@",
    "<p>a fragment</p>",
    "plain text",
    "",
    "<p>no start tags, but an end@</body>",
    "<htmlx><headers><bodyguard>",
    "<html",
    /* The end tag's shapes. */
    "<body>x@</BODY></HTML>",
    "<body>x@</bOdY\n>",
    "<body>x@</body\t\f\r >",
    "<body>x@</body/>",
    "<body>x@</body foo=\"x>\" bar='>' baz=a/>",
    "<body>x@</body =\">\">",
    "<body>x@</body a=>",
    "<body>x@</body a = 'b'c>",
    "<body>x@</body a=\">\"\"b>",
    "<html>x</ body>@",
    "<html>x</bodyx>@",
    "<html>x</bod>@",
    "<html>x</body-x>@",
    "<html>x<body/>@",
    "<html>x< /body>@",
    "<html>x</\nbody>@",
    "<html>x</body",
    "<html>x</body foo=\">",
    "<html>x</body foo='>\">",
    "<html>x</",
    "<html>x<@",
    /* The last one wins. */
    "<body>x</body>y@</body></html>",
    "<body>x@</body></html><!-- </body> -->",
    "<body>x@</body><script>'</body>'</script>",
    "<html>x</body><script>1</script><p>@</body>",
    "<body></body",
    "<body>x@</body></body",
    "<body>x@</body><!-- unclosed </body>",
    "<body>x@</body><script>unclosed </body>",
    /* Comments. */
    "<body><!-- </body> -->@</body>",
    "<html><!--></body>@</body>",
    "<body><!--->@</body>",
    "<body><!-->@</body>",
    "<body><!---->@</body>",
    "<html><!----></body>--!>@</body>",
    "<html><!-- --!></body>-->@</body>",
    "<body><!-- -- !></body>-->@</body>",
    "<body><!-- --!-></body>--!>@</body>",
    "<html><!-- --!--></body>-->@</body>",
    "<body><!--!></body>-->@</body>",
    "<body><!---!></body>-->@</body>",
    "<body><!-- --!-->@</body>",
    "<body><!-- - -></body> --->@</body>",
    "<body><!-- <!-->@</body>",
    "<body><!-- <!-- </body> -->@</body>",
    "<body><!- </body> -->@</body>",
    "<body><! </body>@</body>",
    "<body><!>@</body>",
    "<body><!x '>'@</body>",
    "<body><?php echo '</body>' ?>@</body>",
    "<body></ '>'@</body>",
    "<body></></3>@</body>",
    "<body></<body>@</body>",
    "<html><!-- unclosed",
    "<html><!-- unclosed -",
    "<html><!",
    "<html><!doctype",
    "<!doctype html \"></body>@</body>",
    "<!doctypehtml>@",
    "<!doctyp html>",
    /* Attributes. */
    "<body><a title=\"</body>\">@</body>",
    "<body><a title='</body>'>@</body>",
    "<body><a title=</body>@</body>",
    "<body><a b title = \"</body>\"c='</body>'/>@</body>",
    "<body><a \"</body>@</body>",
    "<body><a x='a\"b' y=\"c'd\" z=\"</body>\">@</body>",
    "<body><a/x=\"</body>\">@</body>",
    "<body><a ==\"</body>\">@</body>",
    "<body><a b=c'</body>'@</body>",
    "<html><body><a title=\"unclosed></body>",
    "<html><a b",
    /* Raw text. */
    "<title></body></title>@</body>",
    "<body><textarea></body></textarea>@</body>",
    "<body><TEXTAREA></body></textArea >@</body>",
    "<body><style></body></style x=\"</body>\">@</body>",
    "<body><xmp></body></xmp/>@</body>",
    "<body><iframe></body></iframe>@</body>",
    "<body><noembed></body></noembed>@</body>",
    "<body><noframes></body></noframes>@</body>",
    "<body><noscript></body></noscript>@</body>",
    "<body><textarea></textareax></body></textarea>@</body>",
    "<body><textarea></textare</body></textarea>@</body>",
    "<body><textarea><!-- </textarea>@</body> -->",
    "<body><textarea></title></style></body></textarea>@</body>",
    "<body><style/></body></style>@</body>",
    "<body><textarea></</textarea>@</body>",
    "<body><textarea><</textarea>@</body>",
    "<html><body><textarea></body>",
    "<html><body><title></body></title",
    "<html><body><plaintext></body></plaintext></body>",
    "<body>@</body><plaintext></body>",
    /* Scripts. */
    "<body><script>var a = '</body>';</script>@</body>",
    "<body><script src=x></script>@</body>",
    "<body><script>a</scriptx></body></script>@</body>",
    "<body><script><!-- </body> </script>@</body>",
    "<body><script><!-- <script></script></body></script>@</body>",
    "<body><script><!-- <script </script></body></script>@</body>",
    "<body><script><!-- <script></script></body> --></script>@</body>",
    "<body><script><!-- <script> --></script>@</body>",
    "<body><script><!-- <script></body>--></script>@</body>",
    "<body><script><!--<script></script/></body></script>@</body>",
    "<body><script><!--<scriptx></script>@</body>",
    "<body><script><!--<SCRIPT></body></SCRIPT></body></Script>@</body>",
    "<body><script><!--><script></script>@</body>",
    "<body><script><!---><script></script>@</body>",
    "<body><script><!-<script></script>@</body>",
    "<body><script><! --<script></script>@</body>",
    "<body><script><!--<script>-></script></body>--></script>@</body>",
    "<body><script><!-- - -><script></script></body></script>@</body>",
    "<body><script><!--<script--></script>@</body>",
    "<body><script><!----<script>----></script>@</body>",
    "<body><style><!--<style></style>@</body>",
    "<html><script>\"</body>\"",
    "<html><script><!--<script></script></body>",
    /* Templates. */
    "<body><template></body></template>@</body>",
    "<body><template><template></body></template></body></template>@</body>",
    "<body><template><p></div></body><script>'</template>'</script></body></template>@</body>",
    "<body><template/></body></template>@</body>",
    "<body></template>@</body>",
    "<html><template></body></html>",
    "<template><html></template>",
    "<body>@</body><svg><desc><template></svg></template></body></desc></svg>",
    /* SVG and MathML. */
    "<body><svg><![CDATA[></body>]]></svg>@</body>",
    "<body><svg><![CDATA[ ]] > ] ]></body>]]]></svg>@</body>",
    "<body><svg><![CDATA[</body></svg></body>]]>@</body>",
    "<body><svg/><![CDATA[ </body>@",
    "<body><![CDATA[x>@</body>",
    "<body><svg><![cdata[x>@</body>",
    "<body><svg></svg><![CDATA[ '>'@</body>",
    "<body><svg><style></style></svg><style></body></style>@</body>",
    "<body><svg><style><![CDATA[></body>]]></style></svg>@</body>",
    "<body><svg><style>@</body></style></svg>",
    "<body><svg><title><![CDATA[></body>]]></title></svg>@</body>",
    "<body><svg><title>a</title><script>1</script></svg>@</body>",
    "<body><svg><title>a</svg><![CDATA[x>@</body>",
    "<body><svg><desc><style></body></style></desc></svg>@</body>",
    "<body><svg><foreignObject><body></body></foreignObject></svg>@</body>",
    "<body><svg><foreignObject><svg></svg></body></foreignObject></svg>@</body>",
    "<body><svg><foreignobject/><style/>@</body></svg>",
    "<body><svg><template/><template></template></svg>@</body>",
    "<body><svg><template></svg>@</body>",
    "<body><math><mi><style></body></style></mi></math>@</body>",
    "<body><math><title/>@</body></math>",
    "<body><math><annotation-xml><style></body></style></annotation-xml></math>@</body>",
    "<body><math><annotation-xmlx><style/></annotation-xmlx>@</body></math>",
    "<body><svg><mi><style/>@</body></mi></svg>",
    "<body><svg><div><style></body></style></div>@</body>",
    "<body><div><svg></div><style></body></style>@</body>",
    "<body><svg><g><svg></svg><![CDATA[</body>]]></g></svg>@</body>",
    "<body><svg a=b/><![CDATA[></body>]]></svg>@</body>",
    "<body><svg a=b /><![CDATA[x>@</body>",
    "<body><SVG><![CDATA[</body>]]></SVG>@</body>",
    "<html><svg><foreignObject>",
    "<html><svg><![CDATA[ ]]",
    "<body><svg><g><a/><use></use></g><path></svg>@</body>",
    "<body><select><option>1<option>2</select><style></style>@</body>",
    /* What closes an element around a drawing closes the drawing: nobody knows what is one. */
    "<html><section><svg></section><script>var a=`<p></body>`</script>",
    "<html><section><svg></section></body><script>var a=`<p></body>`</script></html>",
    "<html><article><svg><g></article><script>var a=`</body>`</script>",
    "<html><table><tr><td><svg></td></tr></table><script>var a=`</body>`</script>",
    "<html><table><colgroup><svg></table><script>var a=`</body>`</script>@</body>",
    "<html><a href=x><svg></a><script>var a=`</body>`</script></body>",
    "<html><button><svg><path d=x></button><script>var a=`</body>`</script>",
    "<html><form><math></form><script>var a=`</body>`</script>",
    "<html><select><svg></select><script>var a=`</body>`</script>",
    "<html><select><textarea></select><script>var a=`</body>`</script></textarea>",
    "<html><select><xmp></select></xmp><script>var a=`</body>`</script>",
    "<html><svg><font color=x><script>var a=`</body>`</script>",
    "<html><svg><foreignObject><b></foreignObject><script>var a=`</body>`</script>",
    "<html><svg><title><i>x</title></svg><script>var a=`</body>`</script>",
    "<html><svg><foreignObject></div></foreignObject><script>var a=`</body>`</script>",
    "<html><svg><g><foreignObject><svg></g></svg><script>var a=`</body>`</script>",
    "<html><svg><foreignObject><div><p>2<svg><g></svg></p></div></foreignObject></svg>@</body>",
    "<html><math><annotation-xml><apply><plus/></apply></annotation-xml></math>@</body>",
    "<html><mi><svg></mi><script>var a=`</body>`</script>",
    "<html><svg><feComponentTransfer><feFuncR/></feComponentTransfer></svg>@</body>",
    "<html><svg><linearGradient><stop></stop></linearGradient></svg>@</body>",
    "<html>x@</body><section><svg></section><script>var a=`</body>`</script>",
    /* Bytes that are no text. */
    "<body>\xff\xfe\xc3\xb6 \x80<\xc3</body\xc3>@</body>",
    "<body>\xc4\xb0\xc4\xb0@</BODY>",
};

static uint64_t scan_pieces(const char *data, size_t length, size_t first, size_t piece, bool *is)
{
    struct toolbar__scanner scanner;
    uint64_t place = UINT64_MAX;

    toolbar__scanner_init(&scanner);
    toolbar__scanner_feed(&scanner, data, first);
    for (size_t at = first; at < length; at += piece) {
        toolbar__scanner_feed(&scanner, data + at, length - at < piece ? length - at : piece);
    }
    assert_int_equal(scanner.offset, length);
    *is = toolbar__scanner_place(&scanner, &place);
    return place;
}

static void check(const char *data, size_t length, size_t first, size_t piece, uint64_t expected,
                  const char *document)
{
    bool is;
    uint64_t place = scan_pieces(data, length, first, piece, &is);

    if (is != (expected != UINT64_MAX) || place != expected) {
        fail_msg("%s: cut at %zu: %lld", document, first, is ? (long long)place : -1LL);
    }
}

static void finds_places_in_any_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        const char *mark = strchr(documents[i], '@');
        size_t before = mark ? (size_t)(mark - documents[i]) : strlen(documents[i]);
        size_t length = strlen(documents[i]) - (mark ? 1 : 0);
        uint64_t expected = mark ? before : UINT64_MAX;
        char data[256];

        assert_true(length < sizeof data);
        memcpy(data, documents[i], before);
        if (mark) memcpy(data + before, mark + 1, length - before);
        check(data, length, length, 1, expected, documents[i]);
        for (size_t first = 0; first < length; first++) {
            check(data, length, first, length, expected, documents[i]);
            check(data, length, first, 1, expected, documents[i]);
        }
    }
}

/*
 * In the documents from <body> to the end tag, nothing between is an end tag. It is none behind
 * the end tag either, and only there does that show, because the last one wins.
 */
static void finds_no_other_end_later(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        const char *mark = strstr(documents[i], "@</body>");
        char data[256] = "<body></body>";

        if (!mark || mark[8] || strncmp(documents[i], "<body>", 6) != 0) continue;
        memcpy(data + 13, documents[i] + 6, (size_t)(mark - documents[i]) - 6);
        check(data, strlen(data), 0, strlen(data), 6, documents[i]);
    }
}

static void zero_bytes_are_harmless(void **state)
{
    static const char data[] = "<body\0>\0<a\0='</body>'\0><!--\0-->\0</body\0></\0></body>\0\0";
    bool is;

    (void)state;
    assert_int_equal(scan_pieces(data, sizeof data - 1, 0, 1, &is), sizeof data - 1 - 9);
    assert_true(is);
    /* A zero is not the end of a raw-text element's name. */
    assert_int_equal(scan_pieces("<body><style></style\0></body>", 29, 0, 29, &is), UINT64_MAX);
    assert_false(is);
}

/* What was called settled is never the start of a </body> found later. */
static void settled_is_a_promise(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct toolbar__scanner scanner;
        uint64_t settled = 0;
        uint64_t found = UINT64_MAX;

        toolbar__scanner_init(&scanner);
        for (const char *at = documents[i]; *at; at++) {
            toolbar__scanner_feed(&scanner, at, 1);
            if (scanner.found && scanner.body_end != found) {
                found = scanner.body_end;
                assert_true(found >= settled);
            }
            assert_true(toolbar__scanner_settled(&scanner) >= settled);
            settled = toolbar__scanner_settled(&scanner);
            assert_true(settled <= scanner.offset);
        }
    }
}

/* How many bytes of a document's end are not settled. */
static size_t unsettled(const char *document)
{
    struct toolbar__scanner scanner;

    toolbar__scanner_init(&scanner);
    toolbar__scanner_feed(&scanner, document, strlen(document));
    return (size_t)(scanner.offset - toolbar__scanner_settled(&scanner));
}

static void only_possible_ends_are_unsettled(void **state)
{
    (void)state;
    assert_int_equal(unsettled("<body>x"), 0);
    assert_int_equal(unsettled("<body>x<"), 1);
    assert_int_equal(unsettled("<body>x</"), 2);
    assert_int_equal(unsettled("<body>x</bo"), 4);
    assert_int_equal(unsettled("<body>x</body"), 6);
    assert_int_equal(unsettled("<body>x</body a='long "), 15);
    assert_int_equal(unsettled("<body>x</body>"), 0);
    assert_int_equal(unsettled("<body>x</div"), 0);
    assert_int_equal(unsettled("<body>x</bodyx"), 0);
    assert_int_equal(unsettled("<body>x</bo class"), 0);
    assert_int_equal(unsettled("<body>x<img src=\"data:,"), 0);
    assert_int_equal(unsettled("<body>x<body class='"), 0);
    assert_int_equal(unsettled("<body><script></body"), 0);
    assert_int_equal(unsettled("<body><textarea></textarea a"), 0);
    assert_int_equal(unsettled("<body><!-- </body"), 0);
}

static void deep_nesting_is_survived(void **state)
{
    struct toolbar__scanner scanner;
    uint64_t place;

    (void)state;
    toolbar__scanner_init(&scanner);
    for (int i = 0; i < 1000; i++) {
        toolbar__scanner_feed(&scanner, "<template><svg>", 15);
    }
    toolbar__scanner_feed(&scanner, "</body>", 7);
    assert_false(toolbar__scanner_place(&scanner, &place));
    for (int i = 0; i < 1000; i++) {
        toolbar__scanner_feed(&scanner, "</svg></template>", 17);
    }
    toolbar__scanner_feed(&scanner, "</body>", 7);
    assert_true(toolbar__scanner_place(&scanner, &place));
    assert_int_equal(place, 1000 * 32 + 7);
}

/* In two pieces. */
static struct toolbar__scanner scan_cut(const char *html, size_t cut)
{
    struct toolbar__scanner scanner;

    toolbar__scanner_init(&scanner);
    toolbar__scanner_feed(&scanner, html, cut);
    toolbar__scanner_feed(&scanner, html + cut, strlen(html) - cut);
    return scanner;
}

/* Where addresses on the page lead, as far as its <base> elements tell. */
static void tells_of_other_bases(void **state)
{
    static const struct {
        const char *html;
        bool other;
    } pages[] = {
        {"<base>", false},
        {"<base href=/>", false},
        {"<base href=\"/app/\" target=_blank>", false},
        {"<BASE HREF='a/b/'/><a href=//x>", false},
        {"<base target=_top href=\"?x=1\">", false},
        {"<basefont href=//x><bas href=//x>", false},
        {"</base href=//x>", false},
        {"<!-- <base href=//x> --><textarea><base href=//x></textarea>", false},
        {"<base href=//other>", true},
        {"<base href=https://other/>", true},
        {"<base href=https:other>", true},
        {"<BaSe\nx=y\nHREF = \"\t /\n\t/other\">", true},
        {"<base href='\\\\other'>", true},
        {"<base href=/\\other>", true},
        {"<base href=\\/other>", true},
        {"<base href='/&#x2f;other'>", true},
        {"<base href='&sol;&sol;other'>", true},
        {"<base/href=//other>", true},
        {"<base href=/><base href=//other>", true},
        {"<svg><base href=//other></svg>", true},
        {"x</body><base href=//other>", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        for (size_t cut = 0; cut <= strlen(pages[i].html); cut++) {
            struct toolbar__scanner scanner = scan_cut(pages[i].html, cut);

            if (scanner.other_base != pages[i].other) fail_msg("%s", pages[i].html);
        }
    }
}

static void tells_of_inputs(void **state)
{
    static const struct {
        const char *html;
        bool inputs;
    } pages[] = {
        {"<p><input type=file></p>", true},
        {"<b><INPUT/type=file></b>", true},
        {"<svg><g><input type=file></g></svg>", true},
        {"<template><input type=file></template>", true},
        {"<p><input type=file", true},
        {"<p><inputs type=file><xinput><i input><p a=\"<input type=file>\">", false},
        {"<!-- <input type=file> --><script>'<input type=file>'</script>", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        for (size_t cut = 0; cut <= strlen(pages[i].html); cut++) {
            struct toolbar__scanner scanner = scan_cut(pages[i].html, cut);

            if (scanner.inputs != pages[i].inputs) fail_msg("%s: cut at %zu", pages[i].html, cut);
        }
    }
}

static void knows_every_name(void **state)
{
    (void)state;
    for (unsigned tag = TOOLBAR__TAG_OTHER + 1; tag < TOOLBAR__TAG_COUNT; tag++) {
        const char *name = toolbar__tag_name((enum toolbar__tag)tag);

        assert_int_equal(toolbar__tag_find(name, strlen(name)), tag);
        assert_int_equal(toolbar__tag_find(name, strlen(name) - 1), TOOLBAR__TAG_OTHER);
    }
    assert_int_equal(toolbar__tag_find("div", 3), TOOLBAR__TAG_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_places_in_any_pieces),
        cmocka_unit_test(finds_no_other_end_later),
        cmocka_unit_test(zero_bytes_are_harmless),
        cmocka_unit_test(settled_is_a_promise),
        cmocka_unit_test(only_possible_ends_are_unsettled),
        cmocka_unit_test(deep_nesting_is_survived),
        cmocka_unit_test(tells_of_other_bases),
        cmocka_unit_test(tells_of_inputs),
        cmocka_unit_test(knows_every_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
