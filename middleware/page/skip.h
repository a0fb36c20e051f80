/* Why a shown response's body was left alone: the values of the Debug-Toolbar-Skipped header. */
#ifndef TOOLBAR_PAGE_SKIP_H
#define TOOLBAR_PAGE_SKIP_H

#define TOOLBAR__SKIPS(X)                                                                          \
    X(METHOD, "method")                                                                            \
    X(STATUS, "status")                                                                            \
    X(CONTENT_TYPE, "content-type")                                                                \
    X(CONTENT_ENCODING, "content-encoding")                                                        \
    X(ATTACHMENT, "attachment")                                                                    \
    X(RANGE, "range")                                                                              \
    X(NO_TRANSFORM, "no-transform")                                                                \
    X(CHARSET, "charset")                                                                          \
    X(CROSS_ORIGIN, "cross-origin")                                                                \
    X(FETCH, "fetch")                                                                              \
    X(FRAME, "frame")                                                                              \
    X(TOO_LARGE, "too-large")                                                                      \
    X(NOT_HTML, "not-html")                                                                        \
    X(ERROR, "error")

enum toolbar__skip {
    TOOLBAR__SKIP_NONE,
#define TOOLBAR__SKIP_VALUE(name, text) TOOLBAR__SKIP_##name,
    TOOLBAR__SKIPS(TOOLBAR__SKIP_VALUE)
#undef TOOLBAR__SKIP_VALUE
};

/* NULL for TOOLBAR__SKIP_NONE. */
const char *toolbar__skip_text(enum toolbar__skip skip);

#endif
