"""A mail server on this machine, for the tests of what really leaves."""

from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Mailbox:
    """Keeps what it accepts; refuses as told, and calls `on_data` once a message was taken, before its sender knows."""

    def __init__(self):
        self.messages, self.refusals, self.on_data = [], {}, None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if answer := self.refusals.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        message["X-MailFrom"] = envelope.mail_from
        self.messages.append(message)
        if self.on_data:
            self.on_data()
        return "250 OK"


class Server(Controller):
    """`with Server() as server:` listens on a free port of this machine; `server.box` has the messages."""

    def __init__(self):
        self.box = Mailbox()
        super().__init__(self.box, hostname="127.0.0.1", port=0)

    def _trigger_server(self):
        """The parent's, which asks the wished port, not the one that the system gave."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stop()
