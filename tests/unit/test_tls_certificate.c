/* The development certificate: made, kept, renewed, and closed to others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <mbedtls/x509_crt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/tls/certificate.h"
#include "adapters/tls/development.h"
#include "scratch.h"

static const time_t DAY = 86400;

static struct toolbar_tls_development_files files;
static char directory[512];
static time_t now;

/* Every test has a directory of its own, which does not exist yet. */
static int setup(void **state)
{
    static int count;
    char name[32];

    (void)state;
    snprintf(name, sizeof name, "certificate-%d", ++count);
    snprintf(directory, sizeof directory, "%s", scratch_path(name));
    now = time(NULL);
    return 0;
}

static void make(time_t when)
{
    assert_int_equal(toolbar__tls_development_at(directory, when, &files), TOOLBAR_OK);
}

static char *contents(const char *path)
{
    char *text = calloc(1, 8192);
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    assert_true(fread(text, 1, 8191, file) > 0);
    fclose(file);
    return text;
}

/* The four files' contents, to see which of them have changed. */
struct snapshot {
    char *authority;
    char *authority_key;
    char *certificate;
    char *key;
};

static struct snapshot take_snapshot(void)
{
    char authority_key[600];

    snprintf(authority_key, sizeof authority_key, "%s/ca.key", directory);
    return (struct snapshot){contents(files.authority_file), contents(authority_key),
                             contents(files.certificate_file), contents(files.key_file)};
}

static void free_snapshot(struct snapshot *snapshot)
{
    free(snapshot->authority);
    free(snapshot->authority_key);
    free(snapshot->certificate);
    free(snapshot->key);
}

/* Bits: 1 authority, 2 its key, 4 certificate, 8 its key. */
static unsigned changed_since(struct snapshot *before)
{
    struct snapshot after = take_snapshot();
    unsigned bits = (strcmp(before->authority, after.authority) ? 1 : 0) |
                    (strcmp(before->authority_key, after.authority_key) ? 2 : 0) |
                    (strcmp(before->certificate, after.certificate) ? 4 : 0) |
                    (strcmp(before->key, after.key) ? 8 : 0);

    free_snapshot(&after);
    free_snapshot(before);
    return bits;
}

static void parse(mbedtls_x509_crt *certificate, const char *path)
{
    mbedtls_x509_crt_init(certificate);
    assert_int_equal(mbedtls_x509_crt_parse_file(certificate, path), 0);
}

static void assert_chain(void)
{
    mbedtls_x509_crt authority;
    mbedtls_x509_crt certificate;
    uint32_t flags;

    parse(&authority, files.authority_file);
    parse(&certificate, files.certificate_file);
    assert_int_equal(
        mbedtls_x509_crt_verify(&certificate, &authority, NULL, "localhost", &flags, NULL, NULL),
        0);
    mbedtls_x509_crt_free(&authority);
    mbedtls_x509_crt_free(&certificate);
}

static void assert_mode(const char *path, mode_t mode)
{
    struct stat status;

    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, mode);
}

static void test_made_on_first_use(void **state)
{
    char path[600];

    (void)state;
    assert_int_equal(toolbar_tls_development_certificate(directory, &files), TOOLBAR_OK);
    assert_chain();
    assert_mode(directory, 0700);
    assert_mode(files.key_file, 0600);
    snprintf(path, sizeof path, "%s/ca.key", directory);
    assert_mode(path, 0600);
    snprintf(path, sizeof path, "%s/localhost.pem.new", directory);
    assert_int_equal(access(path, F_OK), -1);
}

static int64_t days_valid(const mbedtls_x509_crt *certificate)
{
    struct tm from = {.tm_year = certificate->valid_from.year - 1900,
                      .tm_mon = certificate->valid_from.mon - 1,
                      .tm_mday = certificate->valid_from.day};
    struct tm until = {.tm_year = certificate->valid_to.year - 1900,
                       .tm_mon = certificate->valid_to.mon - 1,
                       .tm_mday = certificate->valid_to.day};

    return (timegm(&until) - timegm(&from)) / DAY;
}

static void test_what_is_in_it(void **state)
{
    static const unsigned char loopback_6[] = {0x87, 16, 0, 0, 0, 0, 0, 0, 0,
                                               0,    0,  0, 0, 0, 0, 0, 0, 1};
    mbedtls_x509_crt certificate;
    mbedtls_x509_crt authority;

    (void)state;
    make(now);
    parse(&certificate, files.certificate_file);
    parse(&authority, files.authority_file);
    assert_true(days_valid(&certificate) <= 90);
    assert_true(days_valid(&certificate) >= 60);
    assert_true(days_valid(&authority) > 3600);
    assert_int_equal(mbedtls_pk_get_bitlen(&certificate.pk), 256);
    assert_int_equal(mbedtls_x509_crt_check_key_usage(&authority, MBEDTLS_X509_KU_KEY_CERT_SIGN),
                     0);
    assert_int_not_equal(
        mbedtls_x509_crt_check_key_usage(&certificate, MBEDTLS_X509_KU_KEY_CERT_SIGN), 0);
    assert_int_equal(mbedtls_x509_crt_check_extended_key_usage(
                         &certificate, "\x2b\x06\x01\x05\x05\x07\x03\x01", 8),
                     0);
    assert_non_null(memmem(certificate.raw.p, certificate.raw.len, "\x82\x09localhost", 11));
    assert_non_null(memmem(certificate.raw.p, certificate.raw.len, "\x87\x04\x7f\0\0\1", 6));
    assert_non_null(memmem(certificate.raw.p, certificate.raw.len, loopback_6, 18));
    /* ecdsa-with-SHA256 has no parameters, not even NULL: browsers are strict about it. */
    assert_null(memmem(certificate.raw.p, certificate.raw.len, "\x3d\x04\x03\x02\x05\x00", 6));
    assert_non_null(memmem(certificate.raw.p, certificate.raw.len, "\x30\x0a\x06\x08\x2a\x86", 6));
    mbedtls_x509_crt_free(&certificate);
    mbedtls_x509_crt_free(&authority);
}

static void test_kept_while_good(void **state)
{
    struct snapshot before;

    (void)state;
    make(now);
    before = take_snapshot();
    make(now);
    make(now + 74 * DAY);
    assert_int_equal(changed_since(&before), 0);
}

static void test_renewed_when_nearly_expired(void **state)
{
    struct snapshot before;

    (void)state;
    make(now);
    before = take_snapshot();
    make(now + 76 * DAY);
    assert_int_equal(changed_since(&before), 4);
}

static void test_renewed_when_expired(void **state)
{
    struct snapshot before;

    (void)state;
    make(now - 200 * DAY);
    before = take_snapshot();
    assert_int_equal(toolbar_tls_development_certificate(directory, &files), TOOLBAR_OK);
    assert_int_equal(changed_since(&before), 4);
    assert_chain();
}

static void test_renewed_when_from_the_future(void **state)
{
    struct snapshot before;

    (void)state;
    make(now);
    before = take_snapshot();
    make(now - 2 * DAY);
    assert_int_equal(changed_since(&before), 1 | 4);
}

static void test_authority_expires_too(void **state)
{
    struct snapshot before;

    (void)state;
    make(now - 3600 * DAY);
    before = take_snapshot();
    make(now);
    assert_int_equal(changed_since(&before), 1 | 4);
    assert_chain();
}

static void test_garbled_files(void **state)
{
    const unsigned expected[] = {1 | 2 | 4, 1 | 4, 4, 4 | 8};
    const char *names[] = {"ca.key", "ca.pem", "localhost.pem", "localhost.key"};

    (void)state;
    make(now);
    for (size_t i = 0; i < 4; i++) {
        for (int missing = 0; missing < 2; missing++) {
            struct snapshot before = take_snapshot();
            char path[600];

            snprintf(path, sizeof path, "%s/%s", directory, names[i]);
            if (missing)
                unlink(path);
            else
                assert_int_equal(truncate(path, 100), 0);
            make(now);
            assert_int_equal(changed_since(&before), expected[i]);
            assert_chain();
        }
    }
}

/* The key of one certificate beside another. */
static void test_mismatched_pair(void **state)
{
    struct snapshot before;
    char path[600];

    (void)state;
    make(now);
    before = take_snapshot();
    snprintf(path, sizeof path, "%s/ca.key", directory);
    assert_int_equal(rename(path, files.key_file), 0);
    make(now);
    assert_int_equal(changed_since(&before), 1 | 2 | 4 | 8);
    assert_chain();
}

/* A certificate without the names, here the authority's own, is no server certificate. */
static void test_names_missing(void **state)
{
    char authority_key[600];
    char *text;
    FILE *file;

    (void)state;
    make(now);
    snprintf(authority_key, sizeof authority_key, "%s/ca.key", directory);
    for (int i = 0; i < 2; i++) {
        text = contents(i ? authority_key : files.authority_file);
        file = fopen(i ? files.key_file : files.certificate_file, "w");
        assert_true(fputs(text, file) >= 0);
        fclose(file);
        free(text);
    }
    make(now);
    assert_chain();
}

static void test_open_to_others(void **state)
{
    struct toolbar_tls_development_files untouched = {.key_file = "x"};

    (void)state;
    make(now);
    assert_int_equal(chmod(files.key_file, 0640), 0);
    assert_int_equal(toolbar__tls_development_at(directory, now, &untouched),
                     TOOLBAR_ERROR_CERTIFICATE);
    assert_int_equal(chmod(files.key_file, 0600), 0);
    assert_int_equal(chmod(directory, 0720), 0);
    assert_int_equal(toolbar__tls_development_at(directory, now, &untouched),
                     TOOLBAR_ERROR_CERTIFICATE);
    assert_string_equal(untouched.key_file, "x");
    assert_int_equal(chmod(directory, 0700), 0);
    make(now);
}

static void test_bad_directories(void **state)
{
    static char long_path[5000];

    (void)state;
    memset(long_path, 'x', sizeof long_path - 1);
    assert_int_equal(toolbar_tls_development_certificate(NULL, &files), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_tls_development_certificate(directory, NULL), TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_tls_development_certificate(long_path, &files),
                     TOOLBAR_ERROR_ARGUMENT);
    assert_int_equal(toolbar_tls_development_certificate("/dev/null", &files),
                     TOOLBAR_ERROR_SYSTEM);
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(toolbar_tls_development_certificate("/nowhere/at/all", &files),
                     TOOLBAR_ERROR_SYSTEM);
    assert_int_equal(errno, ENOENT);
}

/* What a process that died has left is no obstacle. */
static void test_stale_new_file(void **state)
{
    char path[600];
    FILE *file;

    (void)state;
    assert_int_equal(mkdir(directory, 0700), 0);
    snprintf(path, sizeof path, "%s/ca.key.new", directory);
    file = fopen(path, "w");
    fclose(file);
    make(now);
    assert_chain();
}

static void *make_in_thread(void *cls)
{
    struct toolbar_tls_development_files mine;

    (void)cls;
    return toolbar_tls_development_certificate(directory, &mine) == TOOLBAR_OK ? &files : NULL;
}

static void test_several_at_once(void **state)
{
    pthread_t threads[6];
    struct snapshot before;

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, make_in_thread, NULL), 0);
    }
    for (size_t i = 0; i < 6; i++) {
        void *made;

        pthread_join(threads[i], &made);
        assert_non_null(made);
    }
    make(now);
    before = take_snapshot();
    assert_chain();
    make(now);
    assert_int_equal(changed_since(&before), 0);
}

/* None of the processes may replace what another one has given out already. */
static void test_several_processes(void **state)
{
    char *seen = NULL;
    int pipe_fds[2];

    (void)state;
    assert_int_equal(pipe(pipe_fds), 0);
    for (int i = 0; i < 4; i++) {
        if (fork() == 0) {
            struct toolbar_tls_development_files mine;
            char text[1024] = "";
            FILE *file;

            if (toolbar_tls_development_certificate(directory, &mine) == TOOLBAR_OK &&
                (file = fopen(mine.certificate_file, "r")) != NULL)
                (void)!fread(text, 1, sizeof text, file);
            _exit(write(pipe_fds[1], text, sizeof text) == sizeof text ? 0 : 1);
        }
    }
    for (int i = 0; i < 4; i++) {
        char text[1024];

        assert_int_equal(read(pipe_fds[0], text, sizeof text), sizeof text);
        assert_true(text[0]);
        if (seen)
            assert_memory_equal(seen, text, sizeof text);
        else
            seen = memcpy(malloc(sizeof text), text, sizeof text);
    }
    while (wait(NULL) > 0)
        continue;
    free(seen);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_made_on_first_use, setup),
        cmocka_unit_test_setup(test_what_is_in_it, setup),
        cmocka_unit_test_setup(test_kept_while_good, setup),
        cmocka_unit_test_setup(test_renewed_when_nearly_expired, setup),
        cmocka_unit_test_setup(test_renewed_when_expired, setup),
        cmocka_unit_test_setup(test_renewed_when_from_the_future, setup),
        cmocka_unit_test_setup(test_authority_expires_too, setup),
        cmocka_unit_test_setup(test_garbled_files, setup),
        cmocka_unit_test_setup(test_mismatched_pair, setup),
        cmocka_unit_test_setup(test_names_missing, setup),
        cmocka_unit_test_setup(test_open_to_others, setup),
        cmocka_unit_test_setup(test_bad_directories, setup),
        cmocka_unit_test_setup(test_stale_new_file, setup),
        cmocka_unit_test_setup(test_several_at_once, setup),
        cmocka_unit_test_setup(test_several_processes, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
