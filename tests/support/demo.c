/* See the header. */
#include "demo.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asserts.h"
#include "scratch.h"

enum { ARGUMENTS = 32, TIMEOUT_MS = 60 * 1000 };

static pid_t spawn(const char *program, const char *const *arguments, int out, int errors)
{
    const char *argv[ARGUMENTS] = {program};
    size_t count = 1;
    pid_t pid;

    if (!program) fail_msg("the environment does not name the program");
    for (; *arguments; arguments++) {
        assert_true(count < ARGUMENTS - 1);
        argv[count++] = *arguments;
    }
    pid = fork();
    assert_true(pid >= 0);
    if (pid) return pid;
    dup2(out, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    execv(program, (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* False: nothing came in time, or the end. */
static bool read_more(int fd, struct bytes *bytes)
{
    struct pollfd pollfd = {.fd = fd, .events = POLLIN};
    char buffer[4096];
    ssize_t got = poll(&pollfd, 1, TIMEOUT_MS) == 1 ? read(fd, buffer, sizeof buffer) : 0;

    if (got > 0) bytes_append(bytes, buffer, (size_t)got);
    return got > 0;
}

static void open_outputs(int out[2], int *errors)
{
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    *errors = open(scratch_directory(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    assert_true(*errors >= 0);
}

static struct demo_result wait_for(pid_t pid, int out, int errors)
{
    struct demo_result result = {.status = 0};
    int status;

    bytes_append(&result.out, "", 0);
    bytes_append(&result.errors, "", 0);
    while (read_more(out, &result.out)) {
    }
    /* Its output has ended, so it is about to; else it hangs. */
    for (int i = 0; waitpid(pid, &status, WNOHANG) == 0; i++) {
        if (i == TIMEOUT_MS / 10) kill(pid, SIGKILL);
        usleep(10 * 1000);
    }
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    lseek(errors, 0, SEEK_SET);
    while (read_more(errors, &result.errors)) {
    }
    close(out);
    close(errors);
    return result;
}

/* "https://localhost:1234/" and a line end */
static uint16_t port_of(const char *url, const char *scheme)
{
    const char *colon;

    if (strncmp(url, scheme, strlen(scheme)) != 0) return 0;
    colon = memrchr(url, ':', strcspn(url, "\n"));
    return colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0;
}

struct demo_process *demo_start(const char *const *arguments)
{
    const char *all[ARGUMENTS] = {"--https-port",   "0",
                                  "--http-port",    "0",
                                  "--database",     scratch_path("demo.sqlite"),
                                  "--certificates", scratch_path("demo-certificates")};
    struct demo_process *demo = calloc(1, sizeof *demo);
    struct bytes output = {0};
    const char *second;
    size_t count = 8;
    int out[2];

    for (; arguments && *arguments; arguments++) {
        all[count++] = *arguments;
    }
    assert_non_null(demo);
    open_outputs(out, &demo->errors);
    demo->out = out[0];
    demo->pid = spawn(getenv("TOOLBAR_DEMO"), all, out[1], demo->errors);
    close(out[1]);
    /* The first two lines are the addresses. */
    while ((!output.data || !strstr(output.data, "\n\n")) && read_more(demo->out, &output)) {
    }
    second = output.data ? strchr(output.data, '\n') : NULL;
    if (second) {
        demo->https_port = port_of(output.data, "https://");
        demo->http_port = port_of(second + 1, "http://");
    }
    bytes_free(&output);
    if (!demo->https_port || !demo->http_port) {
        struct demo_result result = demo_stop(demo, SIGKILL);

        fail_msg("the demo does not start: %s", result.errors.data);
    }
    return demo;
}

struct demo_result demo_stop(struct demo_process *demo, int signal)
{
    struct demo_result result;

    kill(demo->pid, signal);
    result = wait_for(demo->pid, demo->out, demo->errors);
    free(demo);
    return result;
}

struct demo_result program_run(const char *program, const char *const *arguments)
{
    int out[2], errors;
    pid_t pid;

    open_outputs(out, &errors);
    pid = spawn(program, arguments, out[1], errors);
    close(out[1]);
    return wait_for(pid, out[0], errors);
}

struct demo_result demo_run(const char *const *arguments)
{
    return program_run(getenv("TOOLBAR_DEMO"), arguments);
}

void demo_result_free(struct demo_result *result)
{
    bytes_free(&result->out);
    bytes_free(&result->errors);
}
