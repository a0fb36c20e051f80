/* Addresses and CIDR blocks. */
#include "gate/network.h"
#include "test_gate_fake.h"

static void set_peer(struct fake *fake, const char *address)
{
    fake_init(fake, NULL);
    fake_set_peer(fake, address);
}

static bool contains(const char *network, const char *address)
{
    const char *const list[] = {network, NULL};
    struct toolbar__networks networks;
    struct fake fake;
    bool found;

    set_peer(&fake, address);
    assert_int_equal(toolbar__networks_init(&networks, list), TOOLBAR_OK);
    found = toolbar__networks_contain(&networks, (const struct sockaddr *)&fake.peer);
    toolbar__networks_done(&networks);
    return found;
}

struct row {
    const char *network;
    const char *address;
    bool in;
};

static void blocks(void **state)
{
    static const struct row rows[] = {
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"127.0.0.1/32", "127.0.0.1", true},
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.0.0.0/8", "9.255.255.255", false},
        {"10.1.2.3/8", "10.9.9.9", true},
        {"172.16.0.0/12", "172.31.255.255", true},
        {"172.16.0.0/12", "172.32.0.0", false},
        {"192.168.1.128/25", "192.168.1.255", true},
        {"192.168.1.128/25", "192.168.1.127", false},
        {"192.168.1.6/31", "192.168.1.7", true},
        {"192.168.1.6/31", "192.168.1.8", false},
        {"128.0.0.0/1", "255.255.255.255", true},
        {"128.0.0.0/1", "127.255.255.255", false},
        {"10.0.0.0/8", "::ffff:10.1.2.3", true},
        {"10.0.0.0/8", "::10.1.2.3", false},
        {"10.0.0.0/8", "::ffff:11.1.2.3", false},
        {"::ffff:10.0.0.0/104", "10.1.2.3", true},
        {"::ffff:10.0.0.0/104", "::ffff:10.1.2.3", true},
        {"::ffff:10.0.0.0/104", "11.1.2.3", false},
        {"::ffff:10.1.2.3", "10.1.2.3", true},
        {"::ffff:10.1.2.3", "10.1.2.4", false},
        {"::1", "::1", true},
        {"::1", "::2", false},
        {"::1", "127.0.0.1", false},
        {"127.0.0.1", "::1", false},
        {"2001:db8::/32", "2001:db8:ffff::1", true},
        {"2001:db8::/32", "2001:db9::", false},
        {"2001:db8::/33", "2001:db8:7fff::", true},
        {"2001:db8::/33", "2001:db8:8000::", false},
        {"2001:DB8::abcd/128", "2001:db8::abcd", true},
        {"fe80::/10", "febf::1", true},
        {"fe80::/10", "fec0::1", false},
        {"::/1", "127.0.0.1", false},
        {"::/1", "::ffff:127.0.0.1", false},
        {"::/80", "1.2.3.4", false},
        {"::/1", "7fff::1", true},
        {"10.0.0.0/8", "unix", false},
        {"::/1", "unix", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("%s in %s\n", rows[i].address, rows[i].network);
        assert_int_equal(contains(rows[i].network, rows[i].address), rows[i].in);
    }
}

static void refused(void **state)
{
    // clang-format off
    static const char *const texts[] = {
        "", " ", "localhost", "127.0.0.1 ", " 127.0.0.1", "127.0.0", "127.1", "127.0.0.1/",
        "127.0.0.1/33", "127.0.0.1/-1", "127.0.0.1/+8", "127.0.0.1/08", "127.0.0.1/8 ",
        "127.0.0.1/ 8", "127.0.0.1/8/8", "127.0.0.1/x", "127.0.0.1/256", "127.0.0.1/4294967304",
        "0.0.0.0/0", "1.2.3.4/0", "::/0", "2001:db8::/0", "::ffff:0:0/96", "::ffff:1.2.3.4/96",
        "256.0.0.1", "01.2.3.4", "1.2.3.4.5", "::1/129", "::1/00", ":::1", "[::1]", "fe80::1%eth0",
        "1.2.3.4:80", "*", "10.0.0.0-10.0.0.9", "10.0.0.0/255.0.0.0", "0x7f.0.0.1", "2130706433",
        "/8", "unix:/run/x.sock",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd/64"
    };
    // clang-format on

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *const list[] = {"10.0.0.1", texts[i], NULL};
        struct toolbar_options options = TOOLBAR_OPTIONS_INIT;
        struct toolbar__gate *gate = NULL;

        print_message("%s\n", texts[i]);
        options.debug_peers = list;
        assert_int_equal(toolbar__gate_new(&options, &gate), TOOLBAR_ERROR_NETWORK);
        options.debug_peers = NULL;
        options.trusted_proxies = list;
        options.forwarded = TOOLBAR_FORWARDED_RFC7239;
        assert_int_equal(toolbar__gate_new(&options, &gate), TOOLBAR_ERROR_NETWORK);
        assert_null(gate);
    }
}

static void lists(void **state)
{
    const char *const two[] = {"10.0.0.1", "2001:db8::/32", NULL};
    const char *many[1026];
    struct toolbar__networks networks;
    struct fake fake;
    const struct sockaddr *peer = (const struct sockaddr *)&fake.peer;

    (void)state;
    set_peer(&fake, "2001:db8::1");
    assert_int_equal(toolbar__networks_init(&networks, two), TOOLBAR_OK);
    assert_true(toolbar__networks_contain(&networks, peer));
    assert_false(toolbar__networks_contain(&networks, NULL));
    toolbar__networks_done(&networks);
    assert_false(toolbar__networks_contain(&networks, peer));
    assert_int_equal(toolbar__networks_init(&networks, NULL), TOOLBAR_OK);
    assert_false(toolbar__networks_contain(&networks, peer));
    toolbar__networks_done(&networks);
    for (size_t i = 0; i < 1025; i++) {
        many[i] = "10.0.0.1";
    }
    many[1025] = NULL;
    assert_int_equal(toolbar__networks_init(&networks, many), TOOLBAR_ERROR_LIMIT);
    many[1024] = NULL;
    assert_int_equal(toolbar__networks_init(&networks, many), TOOLBAR_OK);
    toolbar__networks_done(&networks);
}

static void loopback(void **state)
{
    static const struct {
        const char *address;
        bool loopback;
    } rows[] = {{"127.0.0.1", true},
                {"127.255.255.254", true},
                {"::1", true},
                {"128.0.0.1", false},
                {"126.255.255.255", false},
                {"::2", false},
                {"10.0.0.1", false},
                {"::ffff:127.0.0.1", true},
                {"::ffff:10.0.0.1", false},
                {"::127.0.0.1", false},
                {"unix", false}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fake fake;

        set_peer(&fake, rows[i].address);
        assert_int_equal(toolbar__is_loopback((const struct sockaddr *)&fake.peer),
                         rows[i].loopback);
    }
    assert_false(toolbar__is_loopback(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks),
        cmocka_unit_test(refused),
        cmocka_unit_test(lists),
        cmocka_unit_test(loopback),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
