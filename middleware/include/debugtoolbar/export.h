/* Marks what the shared library exports; everything else is hidden. */
#ifndef DEBUGTOOLBAR_EXPORT_H
#define DEBUGTOOLBAR_EXPORT_H

#if defined(__GNUC__)
#define TOOLBAR_EXPORT __attribute__((visibility("default")))
#else
#define TOOLBAR_EXPORT
#endif

#endif
