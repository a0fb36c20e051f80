/* The tips on other pages than their own. */
#ifndef DEMO_PAGES_TIPS_H
#define DEMO_PAGES_TIPS_H

#include <stdio.h>

/* All tips, the pages of each, and what the toolbar says of them. */
void tips_table(FILE *out);

#endif
