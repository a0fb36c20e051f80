/* Files that are sent from a descriptor. */
#include "scratch.h"
#include "test_activity.h"

#define TOOLBAR_MHD_DROP_IN
#include <debugtoolbar/mhd.h>
#include <fcntl.h>
#include <unistd.h>

static const struct toolbar__file *only_file(void)
{
    assert_int_equal(request.recording->activity.files.count, 1);
    return (const struct toolbar__file *)request.recording->activity.files.first;
}

/* A file of 5 bytes. */
static int open_file(void)
{
    int fd = open(scratch_file("page.html", "hello", 0600), O_RDONLY);

    assert_true(fd >= 0);
    return fd;
}

static void a_descriptor_becomes_a_path(void **state)
{
    struct MHD_Response *response;
    int fd = open_file();
    char *page;

    (void)state;
    response = MHD_create_response_from_fd64((uint64_t)5, fd);
    assert_non_null(response);
    assert_string_equal(only_file()->path, scratch_path("page.html"));
    assert_int_equal(only_file()->size_bytes, 5);
    MHD_destroy_response(response);
    finish();
    page = html();
    assert_text(page, scratch_path("page.html"));
    assert_text(page, "<td>5 bytes</td>");
    free(page);
}

static void every_wrapper_notes_it(void **state)
{
    int fd = open_file();
    int other = dup(fd);

    (void)state;
    MHD_destroy_response(MHD_create_response_from_fd((size_t)5, fd));
    MHD_destroy_response(MHD_create_response_from_fd_at_offset64((uint64_t)3, other, (uint64_t)2));
    assert_int_equal(request.recording->activity.files.count, 2);
}

static void who_is_not_shown_is_not_asked(void **state)
{
    int fd = open_file();

    (void)state;
    toolbar_request_unbind();
    MHD_destroy_response(MHD_create_response_from_fd((size_t)5, fd));
    toolbar_request_bind(&request);
    assert_int_equal(request.recording->activity.files.count, 0);
}

static void a_deleted_file_and_no_file_do_no_harm(void **state)
{
    int fd = open_file();

    (void)state;
    assert_int_equal(unlink(scratch_path("page.html")), 0);
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
