/* The secret key: which are refused, where it comes from, and replacing it under load. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gate/key.h"
#include "scratch.h"
#include "test_gate_fake.h"

static enum toolbar_error error_of(const struct toolbar_options *options)
{
    struct toolbar__gate *gate = NULL;
    enum toolbar_error error = toolbar__gate_new(options, &gate);

    assert_int_equal(error == TOOLBAR_OK, gate != NULL);
    toolbar__gate_free(gate);
    return error;
}

static enum toolbar_error error_of_string(const char *key)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    options.secret_key = key;
    return error_of(&options);
}

static void refuse(const char *key, unsigned *count)
{
    enum toolbar_error error = toolbar__key_check(key, strlen(key));

    if (error != TOOLBAR_ERROR_KEY_WEAK && error != TOOLBAR_ERROR_KEY_PLACEHOLDER) {
        print_error("accepted: %s (%s)\n", key, toolbar_error_text(error));
        fail();
    }
    ++*count;
}

/* Words of documentation, with the endings that people give them. */
static void weak_keys(void **state)
{
    // clang-format off
    static const char *const words[] = {
        "changeme", "secret", "secretkey", "password", "passw0rd", "P4ssword", "django-insecure-",
        "your-secret-key", "YOUR_SECRET_KEY_HERE", "mysecretkey", "my-super-secret-key",
        "topsecret", "placeholder", "example", "default", "sample-key", "testing", "test-key",
        "demo", "dummy", "replace-me", "insert-key-here", "letmein", "qwerty", "welcome", "admin",
        "toolbar-key", "debugtoolbar", "development", "production", "localhost", "not-a-secret",
        "very-long-random-string", "keyboard-cat", "iloveyou", "monkey", "hunter2", "token"
    };
    // clang-format on
    static const char *const endings[] = {
        "",  "-please-change-it", "1234567890",      "0123456789abcdef",
        "!", "!!!!!!!!!!!!!!!!",  "-secret-key-2024"};
    // clang-format off
    static const char *const whole[] = {
        "0123456789abcdef", "0123456789abcdef0123456789abcdef", "fedcba9876543210",
        "abcdefghijklmnop", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "1234567890123456", "aaaaaaaaaaaaaaaa",
        "0000000000000000", "abababababababab", "abcd1234abcd1234", "Kx83Kx83Kx83Kx83",
        "deadbeefdeadbeef", "changemechangeme", "passwordpassword", "secretsecretsecret",
        "qwertyuiopasdfgh", "1qaz2wsx3edc4rfv", "correcthorsebatterystaple",
        "correct-horse-battery-staple", "thisisnotasecretkey", "this-is-my-secret-key",
        "change-this-in-production", "CHANGE_ME_IN_PRODUCTION", "replace-this-with-your-key",
        "a1a1a1a1b2b2b2b2", "x7x7x7x7x7x7x7x7y", "00112233001122330011223300112233",
        "aabbccddaabbccdd", "zxcvbnmasdfghjkl", "aaaaaaaabbbbbbbb"
    };
    // clang-format on
    unsigned count = 0;

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        for (size_t j = 0; j < sizeof endings / sizeof *endings; j++) {
            char key[128];

            snprintf(key, sizeof key, "%s%s", words[i], endings[j]);
            if (*key) refuse(key, &count);
        }
    }
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        refuse(whole[i], &count);
    }
    assert_true(count >= 200);
}

static void which_refusal(void **state)
{
    char key[300];

    (void)state;
    assert_int_equal(error_of_string(""), TOOLBAR_ERROR_KEY_WEAK);
    assert_int_equal(error_of_string("Zk3v9Qw1Xe7Lp5R"), TOOLBAR_ERROR_KEY_WEAK);
    assert_int_equal(error_of_string("ZkZvZkvZkkZvZZvvZkvkkkvvZ"), TOOLBAR_ERROR_KEY_WEAK);
    assert_int_equal(error_of_string("changemechangeme"), TOOLBAR_ERROR_KEY_PLACEHOLDER);
    assert_int_equal(error_of_string("your-secret-key-here"), TOOLBAR_ERROR_KEY_PLACEHOLDER);
    assert_int_equal(error_of_string("k3x9q7mzk3x9q7mz"), TOOLBAR_ERROR_KEY_PLACEHOLDER);
    assert_int_equal(error_of_string("k3x9-Q7mz_K3X9-q7mz_K3"), TOOLBAR_ERROR_KEY_PLACEHOLDER);
    assert_int_equal(error_of_string("Zk3v9Qw1 Xe7Lp5Rt"), TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_string("Zk3v9Qw1,Xe7Lp5Rt"), TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_string("Zk3v9Qw1\tXe7Lp5Rt"), TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_string("Zk3v9Qw1\xc3\xa4Xe7Lp5Rt"), TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_string("Zk3v9Qw1Xe7Lp5Rt\n"), TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_string(KEY), TOOLBAR_OK);
    for (size_t i = 0; i < sizeof key - 1; i++) {
        key[i] = (char)('-' + (i * i * 7 + i * 31 + i / 7) % 79);
    }
    key[257] = '\0';
    assert_int_equal(error_of_string(key), TOOLBAR_ERROR_KEY_CHARACTERS);
    key[256] = '\0';
    assert_int_equal(error_of_string(key), TOOLBAR_OK);
}

/* The list of words must not turn away what a random source gives. */
static void random_keys_are_fine(void **state)
{
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned seed = 1, refused[2] = {0, 0};

    (void)state;
    for (int i = 0; i < 2000; i++) {
        char hex[33] = "", token[23] = "";

        for (size_t j = 0; j < 32; j++) {
            seed = seed * 1103515245u + 12345u;
            hex[j] = "0123456789abcdef"[seed >> 20 & 15];
            if (j < 22) token[j] = base64[seed >> 14 & 63];
        }
        refused[0] += toolbar__key_check(hex, 32) != TOOLBAR_OK;
        refused[1] += toolbar__key_check(token, 22) != TOOLBAR_OK;
    }
    assert_int_equal(refused[0], 0);
    assert_int_equal(refused[1], 0);
}

static const char *write_file(const char *name, const char *content, size_t length, mode_t mode)
{
    const char *path = scratch_path(name);
    int fd;

    (void)unlink(path); /* it may be one that cannot be written */
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, length), length);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    return path;
}

static enum toolbar_error error_of_file(const char *path)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    options.secret_key_file = path;
    return error_of(&options);
}

static enum toolbar_error error_of_content(const char *content, size_t length)
{
    return error_of_file(write_file("content", content, length, 0600));
}

static void file_content(void **state)
{
    char large[5000];

    (void)state;
    assert_int_equal(error_of_content(KEY, 16), TOOLBAR_OK);
    assert_int_equal(error_of_content(KEY "\n", 17), TOOLBAR_OK);
    assert_int_equal(error_of_content(KEY " \t\r\n\n", 21), TOOLBAR_OK);
    assert_int_equal(error_of_content("", 0), TOOLBAR_ERROR_KEY_WEAK);
    assert_int_equal(error_of_content(" \n\n", 3), TOOLBAR_ERROR_KEY_WEAK);
    assert_int_equal(error_of_content("\n" KEY, 17), TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_content(KEY "\n" KEY, 33), TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_content(KEY "\0"
                                          "zzz",
                                      20),
                     TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_content(KEY "\0", 17), TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_content("\xef\xbb\xbf" KEY, 19), TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_content("shortkey1", 9), TOOLBAR_ERROR_KEY_WEAK);
    assert_int_equal(error_of_content("password-password", 17), TOOLBAR_ERROR_KEY_PLACEHOLDER);
    for (size_t i = 0; i < sizeof large; i++) {
        large[i] = (char)('-' + (i * i * 7 + i * 31 + i / 7) % 79);
    }
    assert_int_equal(error_of_content(large, 256), TOOLBAR_OK);
    assert_int_equal(error_of_content(large, 257), TOOLBAR_ERROR_KEY_CHARACTERS);
    assert_int_equal(error_of_content(large, sizeof large), TOOLBAR_ERROR_KEY_CHARACTERS);
    memset(large + 16, '\n', sizeof large - 16);
    assert_int_equal(error_of_content(large, 300), TOOLBAR_OK);
    assert_int_equal(error_of_content(large, sizeof large), TOOLBAR_ERROR_KEY_CHARACTERS);
}

static void file_modes(void **state)
{
    (void)state;
    for (mode_t mode = 0; mode < 0100; mode++) {
        const char *path = write_file("mode", KEY, 16, 0600 | mode);

        assert_int_equal(error_of_file(path), mode ? TOOLBAR_ERROR_KEY_FILE_MODE : TOOLBAR_OK);
    }
    assert_int_equal(error_of_file(write_file("mode", KEY, 16, 0400)), TOOLBAR_OK);
    assert_int_equal(error_of_file(write_file("mode", KEY, 16, 0700)), TOOLBAR_OK);
    assert_int_equal(error_of_file(write_file("mode", KEY, 16, 0000)),
                     geteuid() == 0 ? TOOLBAR_OK : TOOLBAR_ERROR_KEY_FILE);
}

static void not_a_file(void **state)
{
    char target[256];

    (void)state;
    assert_int_equal(error_of_file(scratch_path("missing")), TOOLBAR_ERROR_KEY_FILE);
    assert_int_equal(error_of_file(""), TOOLBAR_ERROR_KEY_FILE);
    assert_int_equal(error_of_file(scratch_directory()), TOOLBAR_ERROR_KEY_FILE);
    assert_int_equal(error_of_file("/dev/zero"), TOOLBAR_ERROR_KEY_FILE);
    /* Nobody writes to it: opening or reading it must not wait. */
    assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0);
    assert_int_equal(error_of_file(scratch_path("fifo")), TOOLBAR_ERROR_KEY_FILE);

    snprintf(target, sizeof target, "%s", write_file("target", KEY, 16, 0600));
    assert_int_equal(symlink(target, scratch_path("link")), 0);
    assert_int_equal(error_of_file(scratch_path("link")), TOOLBAR_OK);
    assert_int_equal(chmod(target, 0640), 0);
    assert_int_equal(error_of_file(scratch_path("link")), TOOLBAR_ERROR_KEY_FILE_MODE);
    assert_int_equal(unlink(target), 0);
    assert_int_equal(error_of_file(scratch_path("link")), TOOLBAR_ERROR_KEY_FILE);
}

static void environment(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;

    (void)state;
    options.secret_key_environment = "TEST_GATE_KEY";
    unsetenv("TEST_GATE_KEY");
    assert_int_equal(error_of(&options), TOOLBAR_ERROR_KEY_ENVIRONMENT);
    setenv("TEST_GATE_KEY", "", 1);
    assert_int_equal(error_of(&options), TOOLBAR_ERROR_KEY_WEAK);
    setenv("TEST_GATE_KEY", "changeme-changeme", 1);
    assert_int_equal(error_of(&options), TOOLBAR_ERROR_KEY_PLACEHOLDER);
    setenv("TEST_GATE_KEY", KEY, 1);
    assert_int_equal(error_of(&options), TOOLBAR_OK);
}

static void one_source_only(void **state)
{
    (void)state;
    setenv("TEST_GATE_KEY", KEY, 1);
    for (unsigned set = 0; set < 8; set++) {
        struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
        bool several = set == 3 || set > 4;

        if (set & 1) options.secret_key = KEY;
        if (set & 2) options.secret_key_file = write_file("source", KEY, 16, 0600);
        if (set & 4) options.secret_key_environment = "TEST_GATE_KEY";
        assert_int_equal(error_of(&options), several ? TOOLBAR_ERROR_KEY_SOURCES : TOOLBAR_OK);
    }
}

static void every_source_counts(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate;

    (void)state;
    gate = fake_gate(&options);
    assert_false(toolbar__gate_key_matches(gate, KEY));
    assert_false(toolbar__gate_key_matches(gate, ""));
    toolbar__gate_free(gate);
    options.secret_key_file = write_file("source", KEY "\n", 17, 0600);
    gate = fake_gate(&options);
    assert_true(toolbar__gate_key_matches(gate, KEY));
    toolbar__gate_free(gate);
    setenv("TEST_GATE_KEY", OTHER_KEY, 1);
    options.secret_key_file = NULL;
    options.secret_key_environment = "TEST_GATE_KEY";
    gate = fake_gate(&options);
    assert_true(toolbar__gate_key_matches(gate, OTHER_KEY));
    toolbar__gate_free(gate);
}

static void matching(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate;
    char longer[600] = KEY;

    (void)state;
    options.secret_key = KEY;
    gate = fake_gate(&options);
    assert_true(toolbar__gate_key_matches(gate, KEY));
    assert_false(toolbar__gate_key_matches(gate, NULL));
    assert_false(toolbar__gate_key_matches(gate, ""));
    assert_false(toolbar__gate_key_matches(gate, KEY "x"));
    assert_false(toolbar__gate_key_matches(gate, OTHER_KEY));
    assert_false(toolbar__gate_key_matches(gate, "zk3v9qw1xe7lp5rt"));
    for (size_t length = 0; length < strlen(KEY); length++) {
        char cut[32] = "";

        memcpy(cut, KEY, length);
        assert_false(toolbar__gate_key_matches(gate, cut));
    }
    memset(longer + 16, 'x', sizeof longer - 17);
    assert_false(toolbar__gate_key_matches(gate, longer));
    toolbar__gate_free(gate);
}

static void replacing(void **state)
{
    static const char *const refused[] = {"", "short", "changemechangeme", "Zk3v9Qw1 Xe7Lp5Rt"};
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct toolbar__gate *gate;

    (void)state;
    options.secret_key = KEY;
    gate = fake_gate(&options);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_not_equal(toolbar__gate_set_keys(gate, refused[i], NULL), TOOLBAR_OK);
        assert_int_not_equal(toolbar__gate_set_keys(gate, OTHER_KEY, refused[i]), TOOLBAR_OK);
        assert_true(toolbar__gate_key_matches(gate, KEY));
        assert_false(toolbar__gate_key_matches(gate, OTHER_KEY));
    }
    assert_int_equal(toolbar__gate_set_keys(gate, KEY, OTHER_KEY), TOOLBAR_OK);
    assert_true(toolbar__gate_key_matches(gate, KEY));
    assert_true(toolbar__gate_key_matches(gate, OTHER_KEY));
    assert_int_equal(toolbar__gate_set_keys(gate, KEY, KEY), TOOLBAR_OK);
    assert_true(toolbar__gate_key_matches(gate, KEY));
    assert_false(toolbar__gate_key_matches(gate, OTHER_KEY));
    assert_int_equal(toolbar__gate_set_keys(gate, NULL, OTHER_KEY), TOOLBAR_OK);
    assert_false(toolbar__gate_key_matches(gate, KEY));
    assert_true(toolbar__gate_key_matches(gate, OTHER_KEY));
    assert_int_equal(toolbar__gate_set_keys(gate, NULL, NULL), TOOLBAR_OK);
    assert_false(toolbar__gate_key_matches(gate, KEY));
    assert_false(toolbar__gate_key_matches(gate, OTHER_KEY));
    toolbar__gate_free(gate);
}

static void ids(void **state)
{
    struct toolbar__keys keys;
    uint32_t id = 1;

    (void)state;
    assert_int_equal(toolbar__keys_init(&keys), TOOLBAR_OK);
    assert_false(toolbar__keys_any(&keys));
    assert_int_equal(toolbar__keys_set(&keys, KEY, OTHER_KEY), TOOLBAR_OK);
    assert_true(toolbar__keys_any(&keys));
    assert_false(toolbar__keys_match(&keys, "x", 1, &id));
    assert_int_equal(id, 1);
    assert_true(toolbar__keys_match(&keys, KEY, 16, &id));
    assert_int_equal(id, 0x53c0ad5a);
    assert_true(toolbar__keys_match(&keys, OTHER_KEY, 16, &id));
    assert_int_equal(id, 0x6a6dc3b1);
    /* Only digests are kept. */
    assert_null(memmem(&keys, sizeof keys, KEY, 16));
    assert_null(memmem(&keys, sizeof keys, OTHER_KEY, 16));
    toolbar__keys_done(&keys);
}

enum { READERS = 3, ROTATIONS = 3000 };

struct rotation {
    struct toolbar__gate *gate;
    atomic_bool done;
    atomic_uint checks;
    atomic_uint wrong;
};

/* KEY stays in force through every rotation, in one slot or the other; nothing else ever does. */
static void *read_keys(void *cls)
{
    struct rotation *rotation = cls;
    unsigned checks = 0;

    while (!atomic_load(&rotation->done) || checks < 100) {
        bool right = toolbar__gate_key_matches(rotation->gate, KEY);
        bool wrong = toolbar__gate_key_matches(rotation->gate, "Zk3v9Qw1Xe7Lp5Ru");

        atomic_fetch_add(&rotation->wrong, !right + wrong);
        atomic_fetch_add(&rotation->checks, 1);
        checks++;
    }
    return NULL;
}

static void *write_keys(void *cls)
{
    struct rotation *rotation = cls;

    for (int i = 0; i < ROTATIONS; i++) {
        toolbar__gate_set_keys(rotation->gate, i % 2 ? KEY : OTHER_KEY, i % 2 ? OTHER_KEY : KEY);
        toolbar__gate_set_debug(rotation->gate, i % 3 == 0);
    }
    return NULL;
}

static void rotation_under_readers(void **state)
{
    struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
    struct rotation rotation = {0};
    pthread_t readers[READERS], writers[2];

    (void)state;
    options.secret_key = KEY;
    rotation.gate = fake_gate(&options);
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_keys, &rotation), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&writers[i], NULL, write_keys, &rotation), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(writers[i], NULL);
    }
    atomic_store(&rotation.done, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
    }
    assert_true(atomic_load(&rotation.checks) >= READERS * 100);
    assert_int_equal(atomic_load(&rotation.wrong), 0);
    toolbar__gate_free(rotation.gate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weak_keys),
        cmocka_unit_test(which_refusal),
        cmocka_unit_test(random_keys_are_fine),
        cmocka_unit_test(file_content),
        cmocka_unit_test(file_modes),
        cmocka_unit_test(not_a_file),
        cmocka_unit_test(environment),
        cmocka_unit_test(one_source_only),
        cmocka_unit_test(every_source_counts),
        cmocka_unit_test(matching),
        cmocka_unit_test(replacing),
        cmocka_unit_test(ids),
        cmocka_unit_test(rotation_under_readers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
