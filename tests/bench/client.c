/*
 * Sends one request again and again, one after the other, and tells what that cost the server.
 *
 *   bench-client [-n REQUESTS] [-H HEADER]... [-f FILE]... [-c keep|new|resume|hold] [-b] URL
 *
 * A FILE has a header on each line. -c: one connection for all (default), a new one for each, a
 * new one that resumes the TLS session before it, or new ones that all stay open to the end.
 * -b prints the last body instead.
 *
 * What the server used is asked for at /usage before and after, over one more connection.
 */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HELD_MAX = 1000, LINE_MAX_BYTES = 1024, USAGE_MAX_BYTES = 256 };

struct job {
    long requests;
    struct curl_slist *headers;
    const char *way;
    const char *url;
    bool print_body;
};

struct usage {
    long long cpu_ns, heap_bytes, heap_peak_bytes;
};

static size_t ignore(char *data, size_t size, size_t count, void *cls)
{
    (void)data, (void)cls;
    return size * count;
}

static size_t keep_line(char *data, size_t size, size_t count, void *cls)
{
    char *line = cls;
    size_t length = strlen(line);
    size_t more = size * count;

    if (more > USAGE_MAX_BYTES - 1 - length) return 0;
    memcpy(line + length, data, more);
    line[length + more] = '\0';
    return more;
}

static CURL *open_connection(const struct job *job)
{
    CURL *curl = curl_easy_init();

    if (!curl) return NULL;
    curl_easy_setopt(curl, CURLOPT_URL, job->url);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    /* What is measured is the server. */
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    return curl;
}

/* Of "name=number" in the line; -1 if it is not there. */
static long long number_in(const char *line, const char *name)
{
    const char *place = strstr(line, name);

    return place ? strtoll(place + strlen(name), NULL, 10) : -1;
}

static bool ask_usage(const struct job *job, CURL *curl, struct usage *usage)
{
    char url[LINE_MAX_BYTES], line[USAGE_MAX_BYTES] = "";
    const char *host = strstr(job->url, "//");
    const char *path = host ? strchr(host + 2, '/') : NULL;

    if (!path) return false;
    snprintf(url, sizeof url, "%.*s/usage", (int)(path - job->url), job->url);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep_line);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, line);
    if (curl_easy_perform(curl) != CURLE_OK) return false;
    usage->cpu_ns = number_in(line, "cpu_ns=");
    usage->heap_bytes = number_in(line, "heap_bytes=");
    usage->heap_peak_bytes = number_in(line, "heap_peak_bytes=");
    return usage->cpu_ns >= 0;
}

static bool perform(const struct job *job, CURL *curl)
{
    long status = 0;
    CURLcode code;

    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, job->headers);
    if (strcmp(job->way, "new") == 0 || strcmp(job->way, "resume") == 0) {
        curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    }
    curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, strcmp(job->way, "resume") == 0 ? 1L : 0L);
    code = curl_easy_perform(curl);
    if (code != CURLE_OK) {
        fprintf(stderr, "bench-client: %s: %s\n", job->url, curl_easy_strerror(code));
        return false;
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) return true;
    fprintf(stderr, "bench-client: %s: status %ld\n", job->url, status);
    return false;
}

/* Sends them; *curl is the connection of the last. */
static bool send_all(const struct job *job, CURL **held, CURL **curl)
{
    bool hold = strcmp(job->way, "hold") == 0;

    for (long i = 0; i < job->requests; i++) {
        if (i == 0 || hold) *curl = held[i] = open_connection(job);
        if (!*curl) return false;
        if (job->print_body && i == job->requests - 1) {
            curl_easy_setopt(*curl, CURLOPT_WRITEFUNCTION, NULL);
        }
        if (!perform(job, *curl)) return false;
    }
    return true;
}

static void print_cost(const struct job *job, const struct usage *before, const struct usage *after,
                       CURL *last, double seconds)
{
    curl_off_t body_bytes = 0;
    long header_bytes = 0;

    if (last) {
        curl_easy_getinfo(last, CURLINFO_SIZE_DOWNLOAD_T, &body_bytes);
        curl_easy_getinfo(last, CURLINFO_HEADER_SIZE, &header_bytes);
    }
    printf("seconds=%.6f cpu_us=%.3f body_bytes=%lld head_bytes=%ld heap_bytes=%lld "
           "heap_peak_bytes=%lld\n",
           seconds,
           job->requests ? (double)(after->cpu_ns - before->cpu_ns) / 1e3 / (double)job->requests
                         : 0,
           (long long)body_bytes, header_bytes, after->heap_bytes - before->heap_bytes,
           after->heap_peak_bytes - before->heap_bytes);
}

static int run(const struct job *job)
{
    static CURL *held[HELD_MAX];
    struct usage before, after;
    struct timespec start, end;
    CURL *usage = open_connection(job), *last = NULL;
    bool done = false;

    /* The first answer pays for the connection. */
    if (usage && ask_usage(job, usage, &before) && ask_usage(job, usage, &before)) {
        clock_gettime(CLOCK_MONOTONIC, &start);
        done = send_all(job, held, &last);
        clock_gettime(CLOCK_MONOTONIC, &end);
        done = ask_usage(job, usage, &after) && done;
    }
    if (done && !job->print_body) {
        print_cost(job, &before, &after, last,
                   (double)(end.tv_sec - start.tv_sec) +
                       (double)(end.tv_nsec - start.tv_nsec) / 1e9);
    }
    for (size_t i = 0; i < HELD_MAX && held[i]; i++)
        curl_easy_cleanup(held[i]);
    if (usage) curl_easy_cleanup(usage);
    if (!done) fprintf(stderr, "bench-client: %s: no measurement\n", job->url);
    return done ? 0 : 1;
}

static bool add_header(struct job *job, const char *line)
{
    struct curl_slist *more = curl_slist_append(job->headers, line);

    if (more) job->headers = more;
    return more != NULL;
}

static bool add_headers(struct job *job, const char *path)
{
    char line[LINE_MAX_BYTES];
    FILE *file = fopen(path, "r");
    bool added = file != NULL;

    while (added && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        added = add_header(job, line);
    }
    if (file) fclose(file);
    return added;
}

static bool read_job(struct job *job, int argc, char **argv)
{
    int option;

    *job = (struct job){.requests = 1, .way = "keep"};
    while ((option = getopt(argc, argv, "n:H:f:c:b")) != -1) {
        switch (option) {
        case 'n': job->requests = strtol(optarg, NULL, 10); break;
        case 'c': job->way = optarg; break;
        case 'b': job->print_body = true; break;
        case 'H':
            if (!add_header(job, optarg)) return false;
            break;
        case 'f':
            if (!add_headers(job, optarg)) return false;
            break;
        default: return false;
        }
    }
    if (optind + 1 != argc) return false;
    job->url = argv[optind];
    return job->requests >= 0 && (strcmp(job->way, "hold") != 0 || job->requests <= HELD_MAX);
}

int main(int argc, char **argv)
{
    struct job job;
    int status = 2;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (read_job(&job, argc, argv))
        status = run(&job);
    else
        fputs("bench-client: wrong arguments, see its source\n", stderr);
    curl_slist_free_all(job.headers);
    curl_global_cleanup();
    return status;
}
