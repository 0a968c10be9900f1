"""Messages between the server and a session's driver: a length in four bytes, then JSON."""
import json
import struct
import threading


class TooLarge(Exception):
    pass


class Channel:
    """One end of a socket. Sending is safe from several threads; receiving is for one."""

    def __init__(self, sock, largest):
        self._socket = sock
        self._largest = largest
        self._lock = threading.Lock()

    def send(self, message):
        body = json.dumps(message).encode()
        if len(body) > self._largest:
            raise TooLarge('Message of %d bytes is over the limit of %d.' % (len(body), self._largest))
        with self._lock:
            self._socket.sendall(struct.pack('>I', len(body)) + body)

    def receive(self):
        """The next message, or None at the end."""
        head = self._exactly(4)
        body = self._exactly(struct.unpack('>I', head)[0]) if head is not None else None
        return None if body is None else json.loads(body)

    def _exactly(self, count):
        parts = bytearray()
        while len(parts) < count:
            try:
                part = self._socket.recv(min(count - len(parts), 1 << 20))
            except OSError:
                return None
            if not part:
                return None
            parts += part
        return bytes(parts)

    def close(self):
        try:
            self._socket.shutdown(2)
        except OSError:
            pass
        self._socket.close()
