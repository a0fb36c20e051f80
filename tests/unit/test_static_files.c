/* Files that are sent from a descriptor. */
#include "test_activity.h"

#define TOOLBAR_MHD_DROP_IN
#include <debugtoolbar/mhd.h>
#include <unistd.h>

static const struct toolbar__file *only_file(void)
{
    assert_int_equal(request.recording->activity.files.count, 1);
    return (const struct toolbar__file *)request.recording->activity.files.first;
}

/* A file of 5 bytes whose name ends in "page.html"; its descriptor. */
static int open_file(char path[64])
{
    int fd;

    snprintf(path, 64, "/tmp/debugtoolbar-XXXXXX-page.html");
    fd = mkstemps(path, 10);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "hello", 5), 5);
    return fd;
}

static void a_descriptor_becomes_a_path(void **state)
{
    struct MHD_Response *response;
    char path[64], *page;
    int fd = open_file(path);

    (void)state;
    response = MHD_create_response_from_fd64((uint64_t)5, fd);
    assert_non_null(response);
    assert_string_equal(only_file()->path, path);
    assert_int_equal(only_file()->size_bytes, 5);
    MHD_destroy_response(response);
    finish();
    page = html();
    assert_text(page, path);
    assert_text(page, "<td>5 bytes</td>");
    free(page);
    unlink(path);
}

static void every_wrapper_notes_it(void **state)
{
    char path[64];
    int fd = open_file(path);
    int other = dup(fd);

    (void)state;
    MHD_destroy_response(MHD_create_response_from_fd((size_t)5, fd));
    MHD_destroy_response(MHD_create_response_from_fd_at_offset64((uint64_t)3, other, (uint64_t)2));
    assert_int_equal(request.recording->activity.files.count, 2);
    unlink(path);
}

static void who_is_not_shown_is_not_asked(void **state)
{
    char path[64];
    int fd = open_file(path);

    (void)state;
    toolbar_request_unbind();
    MHD_destroy_response(MHD_create_response_from_fd((size_t)5, fd));
    toolbar_request_bind(&request);
    assert_int_equal(request.recording->activity.files.count, 0);
    unlink(path);
}

static void a_deleted_file_and_no_file_do_no_harm(void **state)
{
    char path[64];
    int fd = open_file(path);

    (void)state;
    unlink(path);
    MHD_destroy_response(MHD_create_response_from_fd((size_t)5, fd));
    assert_non_null(strstr(only_file()->path, "(deleted)"));
    toolbar_static_file(NULL, UINT64_MAX);
    finish();
    free(json());
    free(html());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_descriptor_becomes_a_path),
        TEST(every_wrapper_notes_it),
        TEST(who_is_not_shown_is_not_asked),
        TEST(a_deleted_file_and_no_file_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
