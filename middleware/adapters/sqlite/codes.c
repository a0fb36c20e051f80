#include "adapters/sqlite/codes.h"

#include <sqlite3.h>
#include <stddef.h>

#define CODE(name)                                                                                 \
    {                                                                                              \
        SQLITE_##name, "SQLITE_" #name                                                             \
    }

static const struct {
    int code;
    const char *name;
} codes[] = {
    CODE(ABORT),
    CODE(ABORT_ROLLBACK),
    CODE(AUTH),
    CODE(AUTH_USER),
    CODE(BUSY),
    CODE(BUSY_RECOVERY),
    CODE(BUSY_SNAPSHOT),
    CODE(BUSY_TIMEOUT),
    CODE(CANTOPEN),
    CODE(CANTOPEN_CONVPATH),
    CODE(CANTOPEN_DIRTYWAL),
    CODE(CANTOPEN_FULLPATH),
    CODE(CANTOPEN_ISDIR),
    CODE(CANTOPEN_NOTEMPDIR),
    CODE(CANTOPEN_SYMLINK),
    CODE(CONSTRAINT),
    CODE(CONSTRAINT_CHECK),
    CODE(CONSTRAINT_COMMITHOOK),
    CODE(CONSTRAINT_DATATYPE),
    CODE(CONSTRAINT_FOREIGNKEY),
    CODE(CONSTRAINT_FUNCTION),
    CODE(CONSTRAINT_NOTNULL),
    CODE(CONSTRAINT_PINNED),
    CODE(CONSTRAINT_PRIMARYKEY),
    CODE(CONSTRAINT_ROWID),
    CODE(CONSTRAINT_TRIGGER),
    CODE(CONSTRAINT_UNIQUE),
    CODE(CONSTRAINT_VTAB),
    CODE(CORRUPT),
    CODE(CORRUPT_INDEX),
    CODE(CORRUPT_SEQUENCE),
    CODE(CORRUPT_VTAB),
    CODE(ERROR),
    CODE(ERROR_MISSING_COLLSEQ),
    CODE(ERROR_RETRY),
    CODE(ERROR_SNAPSHOT),
    CODE(FORMAT),
    CODE(FULL),
    CODE(INTERNAL),
    CODE(INTERRUPT),
    CODE(IOERR),
    CODE(IOERR_ACCESS),
    CODE(IOERR_AUTH),
    CODE(IOERR_BEGIN_ATOMIC),
    CODE(IOERR_BLOCKED),
    CODE(IOERR_CHECKRESERVEDLOCK),
    CODE(IOERR_CLOSE),
    CODE(IOERR_COMMIT_ATOMIC),
    CODE(IOERR_CONVPATH),
    CODE(IOERR_CORRUPTFS),
    CODE(IOERR_DATA),
    CODE(IOERR_DELETE),
    CODE(IOERR_DELETE_NOENT),
    CODE(IOERR_DIR_CLOSE),
    CODE(IOERR_DIR_FSYNC),
    CODE(IOERR_FSTAT),
    CODE(IOERR_FSYNC),
    CODE(IOERR_GETTEMPPATH),
    CODE(IOERR_LOCK),
    CODE(IOERR_MMAP),
    CODE(IOERR_NOMEM),
    CODE(IOERR_RDLOCK),
    CODE(IOERR_READ),
    CODE(IOERR_ROLLBACK_ATOMIC),
    CODE(IOERR_SEEK),
    CODE(IOERR_SHMLOCK),
    CODE(IOERR_SHMMAP),
    CODE(IOERR_SHMOPEN),
    CODE(IOERR_SHMSIZE),
    CODE(IOERR_SHORT_READ),
    CODE(IOERR_TRUNCATE),
    CODE(IOERR_UNLOCK),
    CODE(IOERR_VNODE),
    CODE(IOERR_WRITE),
    CODE(LOCKED),
    CODE(LOCKED_SHAREDCACHE),
    CODE(LOCKED_VTAB),
    CODE(MISMATCH),
    CODE(MISUSE),
    CODE(NOLFS),
    CODE(NOMEM),
    CODE(NOTADB),
    CODE(NOTFOUND),
    CODE(PERM),
    CODE(PROTOCOL),
    CODE(RANGE),
    CODE(READONLY),
    CODE(READONLY_CANTINIT),
    CODE(READONLY_CANTLOCK),
    CODE(READONLY_DBMOVED),
    CODE(READONLY_DIRECTORY),
    CODE(READONLY_RECOVERY),
    CODE(READONLY_ROLLBACK),
    CODE(SCHEMA),
    CODE(TOOBIG),
};

static const char *find(int code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (codes[i].code == code) return codes[i].name;
    }
    return NULL;
}

const char *toolbar__code_name(int code)
{
    const char *name = find(code);

    return name ? name : find(code & 0xff);
}
