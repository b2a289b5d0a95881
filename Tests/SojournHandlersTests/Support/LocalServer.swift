#if HTTP
import Foundation
import Subprocess
import Testing

/// A real web server on this machine, in Python: what it does depends on the path.
struct LocalServer {
    /// Where it listens; with a certificate, where it speaks TLS.
    let port: Int
    /// Where it listens without TLS.
    let plainPort: Int

    var url: String { "http://127.0.0.1:\(plainPort)" }

    /// Starts a server, hands it to `body`, and stops it.
    /// - Parameter certificate: a file with a certificate and its key; without one there is no TLS.
    static func with<Result: Sendable>(
        certificate: String? = nil, _ body: (LocalServer) async throws -> Result
    ) async throws -> Result {
        try await Subprocess.run(
            .name("python3"), arguments: Arguments(["-u", "-c", source] + (certificate.map { [$0] } ?? [])),
            input: .none, output: .sequence, error: .discarded
        ) { process in
            // It listens before it prints its ports.
            var lines = process.standardOutput.strings().makeAsyncIterator()
            let ports = try await #require(lines.next()).split(separator: " ").map { try #require(Int($0)) }
            let result = try await body(LocalServer(port: ports[0], plainPort: try #require(ports.last)))
            try process.send(signal: .terminate)
            return result
        }.closureResult
    }

    private static let source = #"""
        import base64, hashlib, hmac, json, ssl, sys, threading, time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        from urllib.parse import parse_qs, urlsplit

        counts, connections, names = {}, [], []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                connections.append(1)

            def log_message(self, *args):
                pass

            def answer(self, status, body=b"", **headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                url = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                counts[url.path] = counts.get(url.path, 0) + 1
                getattr(self, "path_" + url.path.strip("/").replace("/", "_"))(query, body)

            def path_status(self, query, body):
                headers = {"Retry-After": query["after"]} if "after" in query else {}
                if "location" in query:
                    headers["Location"] = query["location"]
                self.answer(int(query["code"]), b"never shown: " + body, **headers)

            def path_json(self, query, body):
                self.answer(200, query["body"].encode(), Content_Type=query["type"])

            def path_echo(self, query, body):
                headers = {name.lower(): value for name, value in self.headers.items()}
                seen = {"headers": headers, "body": base64.b64encode(body).decode(), "path": self.path,
                        "connections": len(connections), "names": names}
                if "key" in query:
                    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
                    code = hmac.new(bytes.fromhex(query["key"]), content, hashlib.sha256).digest()
                    expected = "v1," + base64.b64encode(code).decode()
                    seen["verified"] = expected in headers["webhook-signature"].split(" ")
                self.answer(200, json.dumps(seen).encode(), Content_Type="application/json; charset=utf-8")

            def path_counts(self, query, body):
                self.answer(200, json.dumps(counts).encode(), Content_Type="application/json")

            def path_silent(self, query, body):
                self.rfile.read(1)  # returns when the client gives up

            def path_drip(self, query, body):
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                while True:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    time.sleep(0.02)

            def path_endless(self, query, body):
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                while True:
                    self.wfile.write(b"1000\r\n" + b" " * 4096 + b"\r\n")

            def path_reset(self, query, body):
                self.close_connection = True

            def path_garbage(self, query, body):
                self.wfile.write(b"this is no HTTP\r\n\r\n")
                self.close_connection = True

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                pass  # clients that give up are what some tests are about

        server = Server(("127.0.0.1", 0), Handler)
        if len(sys.argv) > 1:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[1])
            context.sni_callback = lambda socket, name, context: names.append(name)
            plain = Server(("127.0.0.1", 0), Handler)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=plain.serve_forever, daemon=True).start()
            print(server.server_port, plain.server_port)
        else:
            print(server.server_port)
        server.serve_forever()
        """#
}
#endif
