#include "record/index.h"

#include <stdlib.h>

void toolbar__proposal_free(struct toolbar__proposal *proposal)
{
    free(proposal->create);
    free(proposal->plan);
    free(proposal->table);
    *proposal = (struct toolbar__proposal){0};
}
