"""A stretch of network between an agent and an API server that can be cut."""

import socket
import threading


class Relay:
    """Passes bytes between its own port on 127.0.0.1 and another one."""

    def __init__(self, target_port):
        self._target = ("127.0.0.1", target_port)
        self._lock = threading.Lock()
        self._sockets = set()
        self._passing = threading.Event()
        self._passing.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Ends every connection; new ones are passed on."""
        with self._lock:
            ended, self._sockets = self._sockets, set()
        for each in ended:
            _end(each)

    def silence(self):
        """From now on connections are accepted, and no byte gets through."""
        self._passing.clear()

    def restore(self):
        """Ends the connections that were silent, and passes new ones on."""
        self._passing.set()
        self.cut()

    def _accept(self):
        while True:
            near, _ = self._listener.accept()
            try:
                far = socket.create_connection(self._target)
            except OSError:
                near.close()
                continue
            with self._lock:
                self._sockets |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source, sink):
        try:
            while data := source.recv(65536):
                self._passing.wait()
                sink.sendall(data)
        except OSError:
            pass  # Cut, or the other side is gone.
        finally:
            _end(source)
            _end(sink)


def _end(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # It had ended.
    connection.close()
