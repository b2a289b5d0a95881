#!/usr/bin/env python3
"""A Sojourn worker in plain Python: claims tasks over HTTP, runs them, reports how they ended."""
import json, os, signal, socket, sys, threading, time, urllib.error, urllib.request

SERVER = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
QUEUES = sys.argv[2:]  # none = all
LEASE = 30  # seconds; a task comes back if its worker is silent for so long
NAME = f"{socket.gethostname()}:{os.getpid()}"
stopping = threading.Event()


def call(path, body, patience=30):
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("SOJOURN_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(SERVER + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=patience) as response:
        return json.load(response)


def call_until_answered(path, body):
    while True:  # a report may be repeated: the lease's token makes a second one harmless
        try:
            return call(path, body)
        except urllib.error.HTTPError as error:
            return print(f"{path}: {error.read().decode()}", file=sys.stderr)
        except OSError:
            time.sleep(1)


def heartbeat(lease, done, lost):
    while not done.wait(LEASE / 3):
        try:
            answer = call("/leases/extend", {"leases": [lease], "lease_seconds": LEASE})
            if answer["leases"][0]["status"] != "ok":  # lost to somebody else, or cancelled
                return lost.set()
        except OSError:
            pass  # the lease lasts a while yet


def run(task, handlers):
    lease = {"task_id": task["task_id"], "token": task["token"]}
    done, lost, started = threading.Event(), threading.Event(), time.monotonic()
    threading.Thread(target=heartbeat, args=(lease, done, lost), daemon=True).start()
    try:
        # A handler that works for long looks at `lost` and gives up when it is set.
        report = {"outcome": "succeeded", "result": handlers[task["type"]](task["payload"], lost)}
    except Exception as error:
        report = {"outcome": "cancelled"} if lost.is_set() else {"outcome": "failed", "error": repr(error)}
    done.set()
    report |= lease | {"run_seconds": time.monotonic() - started}
    call_until_answered("/leases/complete", {"results": [report], "worker": NAME})


def leave(*_):
    stopping.set()
    # The claim that waits is answered now: a worker that just hung up would lose what it was granted in this instant.
    threading.Thread(target=call_until_answered, args=("/leases/leave", {"worker": NAME}), daemon=True).start()


def work(handlers):
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    wanted = {"queues": QUEUES, "types": list(handlers), "lease_seconds": LEASE, "wait_seconds": 5, "worker": NAME}
    while not stopping.is_set():
        try:
            for task in call("/leases", wanted)["tasks"]:
                run(task, handlers)
        except OSError as error:
            print(f"cannot claim: {error}", file=sys.stderr)
            stopping.wait(1)


if __name__ == "__main__":
    work({"noop": lambda payload, lost: None, "add": lambda payload, lost: sum(payload)})
