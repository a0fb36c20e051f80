/*
 * Names that tell of secrets. Long fragments count wherever they are in a name (userpasswordhash);
 * short ones only as a word of it, for nobody wants to hide "shipping" because of its "pin".
 */
#include "record/mask.h"

#include <string.h>

enum {
    NAME_MAXIMUM = 256, /* bytes that are looked at; nobody gives longer names to harmless things */
    WORD_BYTES = 8
};

/* Lower case, without separators; by their first letter, because they are looked for everywhere. */
static const char *const fragments[26][9] = {
    ['a' - 'a'] = {"authoriz", "authentic", "assertion", "apikey", "apitoken", "authkey",
                   "accesskey"},
    ['b' - 'a'] = {"bearer"},
    ['c' - 'a'] = {"csrf", "credential", "creditcard", "cardnumber", "cardno", "cookie"},
    ['e' - 'a'] = {"email", "encryptionkey"},
    ['l' - 'a'] = {"licensekey"},
    ['m' - 'a'] = {"masterkey"},
    ['o' - 'a'] = {"oauth"},
    ['p' - 'a'] = {"password", "passwd", "passphrase", "passcode", "passwort", "private", "phone",
                   "pincode"},
    ['s' - 'a'] = {"secret", "session", "sessid", "saml", "signature", "signingkey", "sshkey",
                   "socialsecurity"},
    ['t' - 'a'] = {"token"},
    ['u' - 'a'] = {"userpass"},
    ['x' - 'a'] = {"xsrf"},
};

/* Each filled up with zeros, so that two are compared as one number. */
static const char secret_words[][WORD_BYTES] = {
    "api",  "auth", "card", "cc",  "ccv",   "code", "cred", "cvc",   "cvv",
    "iban", "jwt",  "key",  "mfa", "nonce", "otp",  "pan",  "pass",  "pat",
    "pin",  "psw",  "pw",   "pwd", "sid",   "sig",  "ssn",  "state", "totp"};

/* Made of such words, and known to be harmless; without separators. */
static const char *const harmless_names[] = {
    "countrycode",  "currencycode", "errorcode",    "exitcode", "foreignkey", "keyword",
    "languagecode", "primarykey",   "responsecode", "sortkey",  "statecode",  "statuscode"};

/* Nearly all are told apart by their length. */
struct name {
    unsigned char length;
    char text[26];
};

#define NAME(text)                                                                                 \
    {                                                                                              \
        sizeof(text) - 1, text                                                                     \
    }

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Bytes of UTF-8 belong to words, so that accents split none. */
static bool is_letter(char c)
{
    return is_upper(c) || is_lower(c) || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* apiKey, APIKey and api_key2 have the words api and key. */
static size_t word_end(const char *name, size_t length, size_t start)
{
    size_t end = start + 1;

    while (end < length && is_letter(name[end])) {
        bool hump = is_upper(name[end]) && !is_upper(name[end - 1]);
        bool last_capital = is_upper(name[end]) && is_upper(name[end - 1]) && end + 1 < length &&
                            is_lower(name[end + 1]);

        /* The plural of an abbreviation, as in userIDs, is no new word. */
        if (last_capital && name[end + 1] == 's' &&
            (end + 2 == length || !is_lower(name[end + 2]))) {
            last_capital = false;
        }
        if (hump || last_capital) break;
        end++;
    }
    return end;
}

static bool is_listed(const char word[WORD_BYTES])
{
    for (size_t i = 0; i < sizeof secret_words / sizeof *secret_words; i++) {
        if (!memcmp(secret_words[i], word, WORD_BYTES)) return true;
    }
    return false;
}

static bool is_secret_word(const char *word, size_t length, bool plural)
{
    char lower[WORD_BYTES] = {0};

    if (length > sizeof lower) return false;
    for (size_t i = 0; i < length; i++) {
        lower[i] = (char)toolbar__ascii_lower((unsigned char)word[i]);
    }
    if (is_listed(lower)) return true;
    if (!plural || length <= 3 || lower[length - 1] != 's') return false;
    lower[length - 1] = '\0';
    return is_listed(lower);
}

static bool has_secret_word(const char *name, size_t length)
{
    size_t end;

    for (size_t i = 0; i < length; i = end) {
        end = i + 1;
        if (!is_letter(name[i])) continue;
        end = word_end(name, length, i);
        if (is_secret_word(name + i, end - i, true)) return true;
    }
    return false;
}

/* Lower case letters and digits only. */
static size_t squeeze(const char *name, size_t length, char *squeezed)
{
    size_t kept = 0;

    for (size_t i = 0; i < length; i++) {
        if (!is_letter(name[i]) && !is_digit(name[i])) continue;
        squeezed[kept++] = (char)toolbar__ascii_lower((unsigned char)name[i]);
    }
    return kept;
}

static bool begins_with(const char *name, size_t length, const char *word)
{
    size_t i = 0;

    while (i < length && word[i] && name[i] == word[i]) {
        i++;
    }
    return !word[i];
}

static bool has_fragment(const char *name, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++) {
        if (!is_lower(name[i])) continue;
        for (const char *const *word = fragments[name[i] - 'a']; *word; word++) {
            /* Seldom more than the first letter is the same. */
            if ((*word)[1] == name[i + 1] && begins_with(name + i, length - i, *word)) return true;
        }
    }
    return false;
}

static bool is_harmless(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof harmless_names / sizeof *harmless_names; i++) {
        size_t harmless = strlen(harmless_names[i]);

        if (length < harmless || length > harmless + 1) continue;
        if (length > harmless && name[harmless] != 's') continue;
        if (!memcmp(name, harmless_names[i], harmless)) return true;
    }
    return false;
}

bool toolbar__mask_name(const char *name, size_t length)
{
    char squeezed[NAME_MAXIMUM];
    size_t kept;

    if (length > sizeof squeezed) return true;
    kept = squeeze(name, length, squeezed);
    if (has_fragment(squeezed, kept)) return true;
    return (is_secret_word(squeezed, kept, false) || has_secret_word(name, length)) &&
           !is_harmless(squeezed, kept);
}

bool toolbar__mask_harmless_header(const char *name, size_t length)
{
    // clang-format off
    static const struct name headers[] = {
        NAME("accept"), NAME("accept-charset"), NAME("accept-encoding"), NAME("accept-language"),
        NAME("accept-ranges"), NAME("cache-control"), NAME("connection"), NAME("content-length"),
        NAME("content-type"), NAME("dnt"), NAME("host"), NAME("if-match"),
        NAME("if-modified-since"), NAME("if-none-match"), NAME("if-range"),
        NAME("if-unmodified-since"), NAME("pragma"), NAME("priority"), NAME("range"),
        NAME("save-data"), NAME("sec-ch-ua"), NAME("sec-ch-ua-mobile"), NAME("sec-ch-ua-platform"),
        NAME("sec-fetch-dest"), NAME("sec-fetch-mode"), NAME("sec-fetch-site"),
        NAME("sec-fetch-user"), NAME("sec-gpc"), NAME("te"), NAME("upgrade-insecure-requests"),
        NAME("user-agent"), NAME("via")
    };
    // clang-format on

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        if (headers[i].length == length && toolbar__ascii_equal(name, headers[i].text, length)) {
            return true;
        }
    }
    return false;
}
