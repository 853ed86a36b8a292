"""An embeddings service on this machine, which can be made to fail."""

import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def embed(text, dim):
    """The sum of its words' directions: texts that share words are near each other."""
    vector = [0.0] * dim
    for word in re.findall(r"\w+", text.lower()):
        digest = hashlib.blake2b(word.encode(), digest_size=dim).digest()
        vector = [a + b - 127.5 for a, b in zip(vector, digest)]
    return vector


class EmbeddingService:
    """`failing`: every request is answered 503. `left`: so many are answered until it fails.

    `keys`: the Authorization of each request.
    """

    def __init__(self, dim=12, key=None):
        self.dim = dim
        self.key = key
        self.failing = False
        self.left = None
        self.texts = 0
        self.keys = []
        self._lock = threading.Lock()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send(*service.answer(self.path, self.headers, body))

            def send(self, code, reply):
                self.send_response(code)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # A mount that was killed hangs up.

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, path, headers, body):
        with self._lock:
            self.keys.append(headers["Authorization"])
            if self.left is not None:
                self.failing = self.left <= 0
                self.left = max(self.left - 1, 0)
            if self.failing:
                return 503, b""
            if self.key is not None and headers["Authorization"] != f"Bearer {self.key}":
                return 401, b""
        inputs = json.loads(body)["input"]
        self.texts += len(inputs)
        data = [{"index": i, "embedding": embed(text, self.dim)} for i, text in enumerate(inputs)]
        return 200, json.dumps({"data": data}).encode()

    def recover(self):
        with self._lock:
            self.left = None
            self.failing = False

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
