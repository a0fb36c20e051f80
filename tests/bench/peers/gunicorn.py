"""One worker that serves what it is told to, and says its port as the other servers do."""

bind = "127.0.0.1:0"
workers = 1


def when_ready(server):
    print(server.LISTENERS[0].getsockname()[1], flush=True)
