/*
 * Names that tell of secrets. Long fragments count wherever they are in a name (userpasswordhash);
 * short ones only as a word of it, for nobody wants to hide "shipping" because of its "pin".
 */
#include "record/mask.h"

#include <string.h>

enum {
    NAME_MAXIMUM = 256, /* bytes that are looked at; nobody gives longer names to harmless things */
    WORD_MAXIMUM = 16
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

static const char *const secret_words[] = {"api", "auth", "card", "cc",  "ccv",   "code", "cred",
                                           "cvc", "cvv",  "iban", "jwt", "key",   "mfa",  "nonce",
                                           "otp", "pan",  "pass", "pat", "pin",   "psw",  "pw",
                                           "pwd", "sid",  "sig",  "ssn", "state", "totp"};

/* Made of such words, and known to be harmless; without separators. */
static const char *const harmless_names[] = {
    "countrycode",  "currencycode", "errorcode",    "exitcode", "foreignkey", "keyword",
    "languagecode", "primarykey",   "responsecode", "sortkey",  "statecode",  "statuscode"};

/* The list is in lower case. */
static bool is_in(const char *const *list, size_t count, const char *data, size_t length)
{
    int first = length ? toolbar__ascii_lower((unsigned char)*data) : '\0';

    for (size_t i = 0; i < count; i++) {
        if (list[i][0] == first && strlen(list[i]) == length &&
            toolbar__ascii_equal(data, list[i], length)) {
            return true;
        }
    }
    return false;
}

#define IS_IN(list, data, length) is_in((list), sizeof(list) / sizeof *(list), (data), (length))

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

static bool is_secret_word(const char *word, size_t length)
{
    if (length > WORD_MAXIMUM) return false;
    if (IS_IN(secret_words, word, length)) return true;
    return length > 3 && toolbar__ascii_lower(word[length - 1]) == 's' &&
           IS_IN(secret_words, word, length - 1);
}

static bool has_secret_word(const char *name, size_t length)
{
    size_t end;

    for (size_t i = 0; i < length; i = end) {
        end = i + 1;
        if (!is_letter(name[i])) continue;
        end = word_end(name, length, i);
        if (is_secret_word(name + i, end - i)) return true;
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
    for (size_t i = 0; i < length; i++) {
        if (!is_lower(name[i])) continue;
        for (const char *const *word = fragments[name[i] - 'a']; *word; word++) {
            if (begins_with(name + i, length - i, *word)) return true;
        }
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
    if (IS_IN(harmless_names, squeezed, kept)) return false;
    if (kept && squeezed[kept - 1] == 's' && IS_IN(harmless_names, squeezed, kept - 1)) {
        return false;
    }
    return IS_IN(secret_words, squeezed, kept) || has_secret_word(name, length);
}

bool toolbar__mask_harmless_header(const char *name, size_t length)
{
    // clang-format off
    static const char *const headers[] = {
        "accept", "accept-charset", "accept-encoding", "accept-language", "accept-ranges",
        "cache-control", "connection", "content-length", "content-type", "dnt", "host", "if-match",
        "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "pragma",
        "priority", "range", "save-data", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform",
        "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-user", "sec-gpc", "te",
        "upgrade-insecure-requests", "user-agent", "via"
    };
    // clang-format on

    return IS_IN(headers, name, length);
}
