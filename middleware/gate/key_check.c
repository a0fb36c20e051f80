/*
 * Refuses keys that a stranger could guess: too short, too plain, or put together from the words
 * that documentation and examples use. What is left after these words, runs such as 1234 or
 * qwerty, and separators are taken away has to be long enough to be a secret.
 */
#include "gate/key.h"

#include <string.h>

#include "base/text.h"

enum {
    DISTINCT_MINIMUM = 8,
    REST_MINIMUM = 10, /* characters that are not words of the list */
    RUN_MINIMUM = 4    /* neighbours in an alphabet, forwards, backwards or repeated */
};

/* Longer words first where one begins with another: the first that fits is taken away. */
// clang-format off
static const char words[] =
    "correcthorsebatterystaple administrator authentication authorization development placeholder "
    "environment credential production undefined passphrase characters character localhost "
    "wordpress generated iloveyou password passw0rd p@ssword p@ssw0rd pa$$word pa$$w0rd passwort "
    "p4ssw0rd p4ssword pa55w0rd pa55word insecure required trustno1 football baseball keyboard "
    "whatever debugger toolbar example default replace generate private staging testing letmein "
    "welcome hunter2 session signing laravel symfony passwd change secret s3cr3t s3cret secr3t "
    "sekret geheim public string strong random please insert sample django monkey dragon master "
    "server foobar access apikey cookie always really simple unsafe should debug flask rails token "
    "value super never enter empty unset hello world admin guest login local bytes chars under "
    "null none true test demo dummy user root here that this with your very long some must more "
    "less than byte false horse pass word quux sure not new old the for use only set app api key "
    "dev prod foo bar baz qux cat my";

static const char *const alphabets[] = {
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "0123456789abcdef", "qwertyuiop", "asdfghjkl",
    "zxcvbnm", "qwertzuiop", "azertyuiop", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"
};
// clang-format on

bool toolbar__key_syntax(const char *key, size_t length)
{
    if (!length || length > TOOLBAR__KEY_MAXIMUM) return false;
    for (size_t i = 0; i < length; i++) {
        if (key[i] < 0x21 || key[i] > 0x7e || key[i] == ',') return false;
    }
    return true;
}

static unsigned distinct(const char *key, size_t length)
{
    bool seen[128] = {false};
    unsigned count = 0;

    for (size_t i = 0; i < length; i++) {
        bool *one = &seen[key[i] & 0x7f];

        count += !*one;
        *one = true;
    }
    return count;
}

/* The whole is one piece again and again: abcd1234abcd1234. */
static bool repeats(const char *key, size_t length)
{
    for (size_t period = 1; period <= length / 2; period++) {
        if (memcmp(key, key + period, length - period) == 0) return true;
    }
    return false;
}

static bool is_neighbour(const char *alphabet, char before, char after, int step)
{
    const char *place = strchr(alphabet, before);

    if (!step) return before == after;
    if (!place || (step < 0 && place == alphabet)) return false;
    return place[step] == after;
}

/* Length of the run at `text`: 3456, fedc, aaaa, asdf. */
static size_t run_length(const char *text, size_t length, const char *alphabet, int step)
{
    size_t run = 1;

    while (run < length && is_neighbour(alphabet, text[run - 1], text[run], step)) {
        run++;
    }
    return run >= RUN_MINIMUM ? run : 0;
}

static size_t longest_run(const char *text, size_t length)
{
    size_t longest = 0;

    for (size_t i = 0; i < sizeof alphabets / sizeof *alphabets; i++) {
        for (int step = -1; step <= 1; step++) {
            size_t run = run_length(text, length, alphabets[i], step);

            if (run > longest) longest = run;
        }
    }
    return longest;
}

static size_t word_length(const char *text, size_t length)
{
    for (const char *word = words; *word; word += strspn(word, " ")) {
        size_t size = strcspn(word, " ");

        if (size <= length && memcmp(text, word, size) == 0) return size;
        word += size;
    }
    return 0;
}

/* Lower case, without the characters that only separate words; returns the length. */
static size_t squeeze(const char *key, size_t length, char *squeezed)
{
    size_t kept = 0;

    for (size_t i = 0; i < length; i++) {
        if (!strchr("-_.:/+=", key[i])) squeezed[kept++] = (char)toolbar__ascii_lower(key[i]);
    }
    return kept;
}

/* How many characters belong neither to a word nor to a run. */
static size_t rest_length(const char *text, size_t length)
{
    size_t rest = 0;

    while (length) {
        size_t run = longest_run(text, length);
        size_t word = word_length(text, length);
        size_t known = run > word ? run : word;

        rest += !known;
        if (!known) known = 1;
        text += known;
        length -= known;
    }
    return rest;
}

static bool is_placeholder(const char *key, size_t length)
{
    char squeezed[TOOLBAR__KEY_MAXIMUM];
    size_t kept = squeeze(key, length, squeezed);
    bool found = repeats(squeezed, kept) || rest_length(squeezed, kept) < REST_MINIMUM;

    toolbar__wipe(squeezed, sizeof squeezed);
    return found;
}

enum toolbar_error toolbar__key_check(const char *key, size_t length)
{
    if (!length) return TOOLBAR_ERROR_KEY_WEAK;
    if (!toolbar__key_syntax(key, length)) return TOOLBAR_ERROR_KEY_CHARACTERS;
    if (length < TOOLBAR__KEY_MINIMUM) return TOOLBAR_ERROR_KEY_WEAK;
    if (is_placeholder(key, length)) return TOOLBAR_ERROR_KEY_PLACEHOLDER;
    return distinct(key, length) < DISTINCT_MINIMUM ? TOOLBAR_ERROR_KEY_WEAK : TOOLBAR_OK;
}
