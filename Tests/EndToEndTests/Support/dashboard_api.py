"""The server of the dashboard, without the page."""
import json, time, urllib.error, urllib.request
from dashboard_browser import Failed, expect

TYPE = "browser.check"  # has no handler in any server: these tasks wait until they are claimed below


class API:
    """The same server, without the page."""

    def __init__(self, url, key):
        self.url, self.key = url, key

    def call(self, method, path, body=None):
        """The status and the answer."""
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def get(self, path):
        return expect_ok(self.call("GET", path), path)

    def post(self, path, body):
        return expect_ok(self.call("POST", path, body), path)

    def enqueue(self, number=1, **fields):
        """The IDs of new tasks."""
        task = {"type": TYPE, **fields}
        answer = self.post("/tasks/batch", {"tasks": [task] * number})
        return [one["task_id"] for one in answer["results"]]

    def claim(self, queue, worker="browser-check", limit=1):
        return self.post("/leases", {"queues": [queue], "types": [TYPE], "limit": limit, "lease_seconds": 60,
                                     "wait_seconds": 10, "worker": worker})["tasks"]

    def complete(self, task, outcome, **fields):
        report = {"task_id": task["task_id"], "token": task["token"], "outcome": outcome, **fields}
        return self.post("/leases/complete", {"results": [report]})

    def dead(self, queue, errors):
        """New dead letters, by their errors."""
        self.enqueue(len(errors), queue=queue)
        ids = {}
        for error in errors:
            task = self.claim(queue)[0]
            self.complete(task, "failed", error=error, retryable=False)
            ids[error] = task["task_id"]
        return ids

    def status(self, task):
        """The status of a task; None where there is no such task."""
        code, answer = self.call("GET", f"/tasks/{task}")
        return answer["status"] if code == 200 else None


def expect_ok(answer, path):
    code, body = answer
    if code >= 300:
        raise Failed(f"{path} answered {code}: {body.get('detail')}")
    return body


def eventually(what, condition, page, seconds=10):
    """Waits for what the server says, while the page goes on."""
    end = time.monotonic() + seconds
    while not condition():
        expect(time.monotonic() < end, f"not within {seconds} s: {what}")
        page.rest(0.1)
