/*
 * Keeps the development certificates in a directory. A lock on the directory makes processes
 * take turns, and files are renamed into place, so that nobody ever reads half of one. The keys
 * outlive the certificates: a renewal replaces one file, so key and certificate always match.
 */
#include "adapters/tls/development.h"

#include <errno.h>
#include <fcntl.h>
#include <mbedtls/entropy.h>
#include <mbedtls/pem.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/tls/certificate.h"
#include "adapters/tls/versions.h"
#include "base/digest.h"

enum { PATH_BYTES = sizeof((struct toolbar_tls_development_files *)0)->key_file };

static bool path_in(const char *directory, const char *name, char path[PATH_BYTES])
{
    int length = snprintf(path, PATH_BYTES, "%s/%s", directory, name);

    return length > 0 && length < PATH_BYTES;
}

/* Opens and locks the directory. What others may write to would not be worth reading. */
static enum toolbar_error enter(const char *directory, int *directory_fd)
{
    struct stat status;
    int fd;

    if (mkdir(directory, 0700) != 0 && errno != EEXIST) return TOOLBAR_ERROR_SYSTEM;
    fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return TOOLBAR_ERROR_SYSTEM;
    while (flock(fd, LOCK_EX) != 0) {
        if (errno != EINTR) goto fail;
    }
    if (fstat(fd, &status) != 0) goto fail;
    if (status.st_uid != geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH))) {
        close(fd);
        return TOOLBAR_ERROR_CERTIFICATE;
    }
    *directory_fd = fd;
    return TOOLBAR_OK;
fail:
    close(fd);
    return TOOLBAR_ERROR_SYSTEM;
}

static bool write_all(int fd, const unsigned char *data, size_t length)
{
    while (length) {
        ssize_t written = write(fd, data, length);

        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        data += written;
        length -= (size_t)written;
    }
    return fsync(fd) == 0;
}

static enum toolbar_error replace(const char *path, const unsigned char *pem)
{
    char new_path[PATH_BYTES + 4];
    int fd;
    bool written;

    snprintf(new_path, sizeof new_path, "%s.new", path);
    /* Left by a process that died: the lock says that none is at it. */
    if (unlink(new_path) != 0 && errno != ENOENT) return TOOLBAR_ERROR_SYSTEM;
    fd = open(new_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return TOOLBAR_ERROR_SYSTEM;
    written = write_all(fd, pem, strlen((const char *)pem));
    if (close(fd) != 0 || !written || rename(new_path, path) != 0) return TOOLBAR_ERROR_SYSTEM;
    return TOOLBAR_OK;
}

/* Codes are made of two parts, one of which may say that there was no memory. */
static bool ran_out_of_memory(int code)
{
    int high = -(-code & ~0x7f);
    int low = -(-code & 0x7f);

    return high == MBEDTLS_ERR_PK_ALLOC_FAILED || high == MBEDTLS_ERR_X509_ALLOC_FAILED ||
           high == MBEDTLS_ERR_PEM_ALLOC_FAILED || high == MBEDTLS_ERR_ECP_ALLOC_FAILED ||
           low == MBEDTLS_ERR_MPI_ALLOC_FAILED || low == MBEDTLS_ERR_ASN1_ALLOC_FAILED;
}

/* Whether a file could not be read at all, as against read and found to be garbled. */
static enum toolbar_error read_error(int code)
{
    if (ran_out_of_memory(code)) return TOOLBAR_ERROR_MEMORY;
    return code == MBEDTLS_ERR_PK_FILE_IO_ERROR ? TOOLBAR_ERROR_SYSTEM : TOOLBAR_OK;
}

/* Reads what is there. A missing or garbled file leaves its half empty, to be made anew. */
static enum toolbar_error load(struct toolbar__tls_identity *identity, const char *certificate_path,
                               const char *key_path, mbedtls_ctr_drbg_context *random)
{
    struct stat status;
    enum toolbar_error error;

    if (stat(key_path, &status) == 0) {
        if (status.st_mode & (S_IRWXG | S_IRWXO)) return TOOLBAR_ERROR_CERTIFICATE;
        error = read_error(toolbar__tls_read_key(&identity->key, key_path, random));
        if (error) return error;
    } else if (errno != ENOENT) {
        return TOOLBAR_ERROR_SYSTEM;
    }
    if (access(certificate_path, F_OK) != 0) return TOOLBAR_OK;
    return read_error(mbedtls_x509_crt_parse_file(&identity->certificate, certificate_path));
}

static enum toolbar_error make_key(struct toolbar__tls_identity *identity, const char *path,
                                   mbedtls_ctr_drbg_context *random)
{
    unsigned char pem[TOOLBAR__PEM_BYTES];
    enum toolbar_error error = TOOLBAR_ERROR_TLS;

    if (toolbar__tls_identity_make_key(identity, random) &&
        mbedtls_pk_write_key_pem(&identity->key, pem, sizeof pem) == 0)
        error = replace(path, pem);
    toolbar__wipe(pem, sizeof pem);
    return error;
}

/* Loads an identity from its two files, or makes what is missing or no longer good. */
static enum toolbar_error provide(struct toolbar__tls_identity *identity,
                                  struct toolbar__tls_identity *authority,
                                  const char *certificate_path, const char *key_path, time_t now,
                                  mbedtls_ctr_drbg_context *random)
{
    unsigned char pem[TOOLBAR__PEM_BYTES];
    enum toolbar_error error = load(identity, certificate_path, key_path, random);

    if (error) return error;
    if (toolbar__tls_identity_is_good(identity, authority, now, random)) return TOOLBAR_OK;
    if (!mbedtls_pk_can_do(&identity->key, MBEDTLS_PK_ECDSA)) {
        error = make_key(identity, key_path, random);
        if (error) return error;
    }
    if (!toolbar__tls_identity_make_certificate(identity, authority, now, pem, random))
        return TOOLBAR_ERROR_TLS;
    return replace(certificate_path, pem);
}

static enum toolbar_error provide_both(const char *directory, time_t now,
                                       const struct toolbar_tls_development_files *files)
{
    static const unsigned char purpose[] = "debugtoolbar certificate";
    struct toolbar__tls_identity authority;
    struct toolbar__tls_identity server;
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    char authority_key[PATH_BYTES];
    enum toolbar_error error = TOOLBAR_ERROR_TLS;

    if (!path_in(directory, "ca.key", authority_key)) return TOOLBAR_ERROR_ARGUMENT;
    toolbar__tls_identity_init(&authority);
    toolbar__tls_identity_init(&server);
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random);
    if (toolbar__tls_prepare() != 0 ||
        mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, purpose,
                              sizeof purpose - 1) != 0)
        goto out;
    error = provide(&authority, NULL, files->authority_file, authority_key, now, &random);
    if (error) goto out;
    error = provide(&server, &authority, files->certificate_file, files->key_file, now, &random);
out:
    mbedtls_ctr_drbg_free(&random);
    mbedtls_entropy_free(&entropy);
    toolbar__tls_identity_free(&server);
    toolbar__tls_identity_free(&authority);
    return error;
}

enum toolbar_error toolbar__tls_development_at(const char *directory, time_t now,
                                               struct toolbar_tls_development_files *files)
{
    struct toolbar_tls_development_files made;
    enum toolbar_error error;
    int directory_fd;
    int system_error;

    if (!directory || !files || !path_in(directory, "ca.pem", made.authority_file) ||
        !path_in(directory, "localhost.pem", made.certificate_file) ||
        !path_in(directory, "localhost.key", made.key_file))
        return TOOLBAR_ERROR_ARGUMENT;
    error = enter(directory, &directory_fd);
    if (error) return error;
    error = provide_both(directory, now, &made);
    system_error = errno;
    close(directory_fd);
    errno = system_error;
    if (!error) *files = made;
    return error;
}

enum toolbar_error toolbar_tls_development_certificate(const char *directory,
                                                       struct toolbar_tls_development_files *files)
{
    return toolbar__tls_development_at(directory, time(NULL), files);
}
