/*
 * How the demo server starts or says that it does not: help, wrong arguments, key files, ports,
 * databases. What is wrong is told in one line, with exit status 2.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asserts.h"
#include "client.h"
#include "demo.h"
#include "scratch.h"
#include "server.h"

/* It refuses, in one line that has this text in it. */
static void check_refused(const char *const *arguments, const char *text)
{
    struct demo_result result = demo_run(arguments);
    const char *line_end = strchr(result.errors.data, '\n');

    if (result.status != 2) {
        fail_msg("%s ...: status %d: %s%s", arguments[0] ? arguments[0] : "", result.status,
                 result.out.data, result.errors.data);
    }
    assert_non_null(line_end);
    if (line_end[1]) fail_msg("more than one line: %s", result.errors.data);
    if (!strstr(result.errors.data, text)) {
        fail_msg("'%s' is not in: %s", text, result.errors.data);
    }
    assert_int_equal(result.out.length, 0);
    assert_no_key(&result.errors, SERVER_KEY);
    demo_result_free(&result);
}

static const char *const wrong[][5] = {
    {"--nonsense"},
    {"-x"},
    {"people.sqlite"},
    {"--debug=1"},
    {"--https-port"},
    {"--https-port", ""},
    {"--https-port", "x"},
    {"--https-port", "-1"},
    {"--https-port", "65536"},
    {"--https-port", "8443x"},
    {"--https-port", " 8443"},
    {"--https-port", "0x50"},
    {"--https-port", "99999999999999999999"},
    {"--http-port", "x"},
    {"--https-port", "18443", "--http-port", "18443"},
    {"--bind", "localhost"},
    {"--bind", ""},
    {"--bind", "127.0.0.256"},
    {"--bind", "127.0.0.1/8"},
    {"--debug", "--bind", "0.0.0.0"},
    {"--bind", "::", "--debug"},
    {"--tls", "openssl"},
    {"--tls", ""},
    {"--threads", "0"},
    {"--threads", "-1"},
    {"--threads", "x"},
    {"--threads", "100000"},
    {"--database", ""},
    {"--secret-key-file", ""},
    {"--secret-key-file", "/does/not/exist"},
    {"--trusted-proxy", ""},
    {"--trusted-proxy", "proxy"},
    {"--trusted-proxy", "10.0.0.0/33"},
    {"--trusted-proxy", "10.0.0.0/"},
    {"--trusted-proxy", "::1/129"},
    {"--database", "/does/not/exist/people.sqlite"},
    {"--certificates", "/does/not/exist"},
};

static void wrong_arguments(void **state)
{
    const char *arguments[16] = {NULL};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        size_t count = 0;

        /* Last ones win, so these are only for what a row leaves open. */
        arguments[count++] = "--https-port";
        arguments[count++] = "0";
        arguments[count++] = "--http-port";
        arguments[count++] = "0";
        arguments[count++] = "--database";
        arguments[count++] = scratch_path("people.sqlite");
        arguments[count++] = "--certificates";
        arguments[count++] = scratch_path("certificates");
        for (size_t j = 0; wrong[i][j]; j++) {
            arguments[count++] = wrong[i][j];
        }
        arguments[count] = NULL;
        print_message("%s %s\n", wrong[i][0], wrong[i][1] ? wrong[i][1] : "");
        check_refused(arguments, "debugtoolbar-demo: ");
    }
}

static void help_and_version(void **state)
{
    const char *help[] = {"--help", NULL}, *version[] = {"--version", NULL};
    struct demo_result result = demo_run(help);
    static const char *const options[] = {"--https-port", "--http-port",       "--bind",
                                          "--debug",      "--secret-key-file", "--database",
                                          "--tls",        "--threads",         "--trusted-proxy"};

    (void)state;
    assert_int_equal(result.status, 0);
    assert_int_equal(result.errors.length, 0);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        assert_non_null(strstr(result.out.data, options[i]));
    }
    demo_result_free(&result);
    result = demo_run(version);
    assert_int_equal(result.status, 0);
    assert_non_null(strstr(result.out.data, TOOLBAR_VERSION));
    demo_result_free(&result);
}

static void check_key_file(const char *path, const char *text)
{
    const char *arguments[] = {"--https-port",
                               "0",
                               "--http-port",
                               "0",
                               "--secret-key-file",
                               path,
                               "--database",
                               scratch_path("people.sqlite"),
                               "--certificates",
                               scratch_path("certificates"),
                               NULL};

    check_refused(arguments, text);
}

static void key_files(void **state)
{
    (void)state;
    check_key_file(scratch_file("k1", SERVER_KEY "\n", 0640), "chmod 600");
    check_key_file(scratch_file("k2", SERVER_KEY "\n", 0604), "chmod 600");
    check_key_file(scratch_file("k3", SERVER_KEY "\n", 0644), "chmod 600");
    check_key_file(scratch_file("k4", "", 0600), "key");
    check_key_file(scratch_file("k5", "short\n", 0600), "16 bytes");
    check_key_file(scratch_file("k6", "aaaaaaaaaaaaaaaaaaaaaaaaaa\n", 0600), "key");
    check_key_file(scratch_file("k7", "changeme-changeme-changeme\n", 0600), "key");
    check_key_file(scratch_file("k8", SERVER_KEY " and more\n", 0600), "key");
    check_key_file(scratch_file("k9", SERVER_KEY "\n" SERVER_KEY "\n", 0600), "key");
    check_key_file(scratch_directory(), "key");
    if (geteuid() != 0) check_key_file(scratch_file("k0", SERVER_KEY "\n", 0), "key");
}

static void key_file_with_white_space(void **state)
{
    const char *arguments[] = {"--secret-key-file", scratch_file("key", SERVER_KEY " \r\n\n", 0400),
                               NULL};
    struct demo_process *demo = demo_start(arguments);
    struct demo_result result;
    struct reply reply;

    (void)state;
    assert_true(fetch(demo->https_port, true, "GET", "/people", SERVER_KEY_LINE, &reply));
    assert_own_headers(&reply, NULL);
    reply_free(&reply);
    result = demo_stop(demo, SIGTERM);
    assert_int_equal(result.status, 0);
    demo_result_free(&result);
}

static void ports_in_use(void **state)
{
    struct demo_process *demo = demo_start(NULL);
    char https[8], http[8];
    const char *first[] = {"--https-port",
                           https,
                           "--http-port",
                           "0",
                           "--database",
                           scratch_path("2.sqlite"),
                           "--certificates",
                           scratch_path("certificates"),
                           NULL};
    const char *second[] = {"--https-port",
                            "0",
                            "--http-port",
                            http,
                            "--database",
                            scratch_path("2.sqlite"),
                            "--certificates",
                            scratch_path("certificates"),
                            NULL};
    const char *third[] = {"--https-port",
                           https,
                           "--http-port",
                           "0",
                           "--tls",
                           "gnutls",
                           "--database",
                           scratch_path("2.sqlite"),
                           "--certificates",
                           scratch_path("certificates"),
                           NULL};
    struct demo_result result;
    struct reply reply;

    (void)state;
    snprintf(https, sizeof https, "%u", demo->https_port);
    snprintf(http, sizeof http, "%u", demo->http_port);
    check_refused(first, "in use");
    check_refused(second, "in use");
    check_refused(third, "in use");
    /* The first one does not care. */
    assert_true(fetch(demo->https_port, true, "GET", "/people", NULL, &reply));
    assert_int_equal(reply.status, 200);
    reply_free(&reply);
    result = demo_stop(demo, SIGTERM);
    assert_int_equal(result.status, 0);
    demo_result_free(&result);
}

static void databases_that_are_none(void **state)
{
    static const char text[] = "This is a text file, quite long enough not to be mistaken for an "
                               "empty or a short one, and still not a database.";
    const char *paths[] = {scratch_file("text.sqlite", text, 0600), scratch_directory(),
                           scratch_file("header.sqlite", "SQLite format 3", 0600)};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const char *arguments[] = {"--https-port",
                                   "0",
                                   "--http-port",
                                   "0",
                                   "--database",
                                   paths[i],
                                   "--certificates",
                                   scratch_path("certificates"),
                                   NULL};

        check_refused(arguments, paths[i]);
    }
}

/* Files that others can read or change are no place for a private key. */
static void open_certificate_directory(void **state)
{
    const char *directory = scratch_path("open");
    const char *arguments[] = {"--https-port",
                               "0",
                               "--http-port",
                               "0",
                               "--database",
                               scratch_path("people.sqlite"),
                               "--certificates",
                               directory,
                               NULL};

    (void)state;
    assert_int_equal(mkdir(directory, 0700), 0);
    assert_int_equal(chmod(directory, 0777), 0);
    check_refused(arguments, directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_and_version),
        cmocka_unit_test(wrong_arguments),
        cmocka_unit_test(key_files),
        cmocka_unit_test(key_file_with_white_space),
        cmocka_unit_test(ports_in_use),
        cmocka_unit_test(databases_that_are_none),
        cmocka_unit_test(open_certificate_directory),
    };

    return cmocka_run_group_tests_name("demo start", tests, NULL, NULL);
}
