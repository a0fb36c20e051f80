/*
 * What mbedTLS alone needs for the part of a handshake that nobody can save: the server's half
 * of a P-256 key exchange, and one signature. Prints the mean processor time in µs.
 *
 *   bench-crypto [ROUNDS]
 */
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecdh.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/entropy.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { HASH_BYTES = 32 };

struct parties {
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_ecp_group signing; /* the certificate's, loaded once */
    mbedtls_mpi signer, client;
    mbedtls_ecp_point signer_public, client_public;
};

static bool prepare(struct parties *parties)
{
    mbedtls_entropy_init(&parties->entropy);
    mbedtls_ctr_drbg_init(&parties->random);
    mbedtls_ecp_group_init(&parties->signing);
    mbedtls_mpi_init(&parties->signer);
    mbedtls_mpi_init(&parties->client);
    mbedtls_ecp_point_init(&parties->signer_public);
    mbedtls_ecp_point_init(&parties->client_public);
    return mbedtls_ctr_drbg_seed(&parties->random, mbedtls_entropy_func, &parties->entropy, NULL,
                                 0) == 0 &&
           mbedtls_ecp_group_load(&parties->signing, MBEDTLS_ECP_DP_SECP256R1) == 0 &&
           mbedtls_ecdh_gen_public(&parties->signing, &parties->signer, &parties->signer_public,
                                   mbedtls_ctr_drbg_random, &parties->random) == 0 &&
           mbedtls_ecdh_gen_public(&parties->signing, &parties->client, &parties->client_public,
                                   mbedtls_ctr_drbg_random, &parties->random) == 0;
}

static void release(struct parties *parties)
{
    mbedtls_ecp_point_free(&parties->client_public);
    mbedtls_ecp_point_free(&parties->signer_public);
    mbedtls_mpi_free(&parties->client);
    mbedtls_mpi_free(&parties->signer);
    mbedtls_ecp_group_free(&parties->signing);
    mbedtls_ctr_drbg_free(&parties->random);
    mbedtls_entropy_free(&parties->entropy);
}

/* As in a handshake, the key exchange begins with a group of its own. */
static bool exchange_keys(struct parties *parties)
{
    mbedtls_ecp_group group;
    mbedtls_mpi own, secret;
    mbedtls_ecp_point public;
    bool done;

    mbedtls_ecp_group_init(&group);
    mbedtls_mpi_init(&own);
    mbedtls_mpi_init(&secret);
    mbedtls_ecp_point_init(&public);
    done = mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1) == 0 &&
           mbedtls_ecdh_gen_public(&group, &own, &public, mbedtls_ctr_drbg_random,
                                   &parties->random) == 0 &&
           mbedtls_ecdh_compute_shared(&group, &secret, &parties->client_public, &own,
                                       mbedtls_ctr_drbg_random, &parties->random) == 0;
    mbedtls_ecp_point_free(&public);
    mbedtls_mpi_free(&secret);
    mbedtls_mpi_free(&own);
    mbedtls_ecp_group_free(&group);
    return done;
}

static bool sign(struct parties *parties)
{
    static const unsigned char hash[HASH_BYTES] = {1, 2, 3};
    mbedtls_mpi r, s;
    bool done;

    mbedtls_mpi_init(&r);
    mbedtls_mpi_init(&s);
    done = mbedtls_ecdsa_sign(&parties->signing, &r, &s, &parties->signer, hash, sizeof hash,
                              mbedtls_ctr_drbg_random, &parties->random) == 0;
    mbedtls_mpi_free(&s);
    mbedtls_mpi_free(&r);
    return done;
}

static double cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
    static struct parties parties;
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 100;
    bool done = prepare(&parties) && rounds > 0;
    double start_us = cpu_us();

    for (long i = 0; done && i < rounds; i++) {
        done = exchange_keys(&parties) && sign(&parties);
    }
    if (done)
        printf("%.3f\n", (cpu_us() - start_us) / (double)rounds);
    else
        fputs("bench-crypto: mbedTLS failed\n", stderr);
    release(&parties);
    return done ? 0 : 1;
}
