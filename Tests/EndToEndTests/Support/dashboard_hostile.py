"""Text that tries to become something else than text, put into whatever the server takes, and looked at."""
import urllib.parse
from dashboard_api import TYPE
from dashboard_browser import LIVE, expect

STRINGS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(2)>", '"><svg onload=alert(3)>',
    "'><script>alert(4)</script>", "javascript:alert(5)", '<iframe srcdoc="<script>alert(6)</script>">',
    '<a href="javascript:alert(7)">x</a>', "<body onload=alert(8)>", "<details open ontoggle=alert(9)>",
    '<style>@import"//evil.invalid"</style>',
    '{{constructor.constructor("alert(11)")()}}', "${alert(12)}", "</title><script>alert(13)</script>",
    "</bdi></td><script>alert(14)</script>", "</script><script>alert(15)</script>",
    "<form action=//evil.invalid><input>", "<base href=//evil.invalid>", "<object data=//evil.invalid></object>",
    "<a>link</a><b>bold</b>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(20)&gt;">',
    "\u202eevil\u202c abc", "\u2066isolate\u2069\u200fRTL", "\x1b[31mred\x1b[0m\x1b]8;;http://evil.invalid\x07",
    "\x00nul\x08bs\x7fdel\u0085nel", "\ufeff\u200bzero", "\u2028line\u2029sep", "\U000e0041tag", "\ud800lone",
    "__proto__", "constructor", "toString", "..", "../../..", "%2e%2e%2f#/tasks?x",
    "#/tasks/<img src=x onerror=alert(35)>", "?a=b&c=d#e", "a" * 5000, "Z\u0351\u036b\u0343\u036a\u0302" * 40,
]

# What may be the name of a queue, a type, a tenant or a tag, and is something in JavaScript or in an address as well.
NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "..", "a..b"]

# Addresses of the page that somebody could be sent.
PLACES = [
    "#/queues/%3Cscript%3Ealert(41)%3C%2Fscript%3E", "#/queues/__proto__", "#/queues/constructor", "#/queues/..",
    "#/tasks/..%2f..", "#/%3Cimg%20src=x%20onerror=alert(42)%3E", "#/tasks/%E0%A4%A", "#/tasks/%E2%80%AEevil",
    "#/tasks?queue=%3Cimg%20src=x%20onerror=alert(43)%3E&type=%22%3E%3Csvg%20onload=alert(44)%3E",
    "#/dead-letters?error=%3Cimg%20src=x%20onerror=alert(45)%3E%E2%80%AE",
]


class Hostile:
    def __init__(self, page, api, name):
        self.page, self.api, self.name, self.queue = page, api, name, f"{name}-hostile"

    def check(self):
        page = self.page
        page.load()
        page.until(LIVE, "the page is live")
        kept = self.plant()
        expect(len(kept) >= 30, f"the API took only {len(kept)} hostile strings")
        page.until(f"[...__watch.feed].some((row) => row.includes('{TYPE}'))", "hostile tasks ended before its eyes")
        page.rest(1)
        expect(page.js("document.querySelectorAll('li.queue').length") >= len(NAMES), "queues are missing")
        for task, text in kept.items():
            self.expect_shown(task, text)
        page.size(360, 740, is_phone=True)
        one, here = next(iter(kept)), f"?queue={self.queue}"
        for place in (f"#/dead-letters{here}", f"#/tasks{here}", f"#/tasks/{one}", "#/"):
            page.settle(place)
            page.expect_narrow(place)
        page.size(1366, 900)
        for name in NAMES:
            page.settle(f"#/tasks?queue={urllib.parse.quote(name)}")
        for place in PLACES:
            page.go(place)
            page.rest(0.2)
        # Addresses that lead nowhere are answered with 4xx, which the browser notes.
        page.forgive(r"status of 40[04]")

    def plant(self):
        """Puts hostile text wherever the API takes it. Answers what it took, by task."""
        kept = {}
        for name in NAMES:
            self.api.enqueue(queue=name, tenant=name, tags=[name], delay_seconds=3600)
        for number, text in enumerate(STRINGS):
            key = text[:200] + self.name
            self.enqueue_as_far_as_allowed({"payload": {text: [text]}, "queue": self.queue, "idempotency_key": key,
                                            "tenant": text, "tags": [text], "max_retries": 0})
            task = self.claim_as(text)
            fields = {"error": text} if number % 8 else {"error": text * 2, "retryable": False}
            self.api.complete(task, "failed", **fields)
            kept[task["task_id"]] = text
            self.page.rest(0.03)
        return kept

    def enqueue_as_far_as_allowed(self, task):
        """Leaves out what the API refuses, field by field; the payload has to go in."""
        while True:
            code, answer = self.api.call("POST", "/tasks", {"type": TYPE, **task})
            if code < 300:
                return
            refused = [name for name in task if name != "payload" and answer.get("detail", "").startswith(name)]
            expect(code == 400 and refused, f"POST /tasks answered {code}: {answer.get('detail')}")
            del task[refused[0]]

    def claim_as(self, worker):
        body = {"queues": [self.queue], "types": [TYPE], "lease_seconds": 60, "wait_seconds": 5}
        code, answer = self.api.call("POST", "/leases", {**body, "worker": worker})
        if code == 400:
            answer = self.api.post("/leases", body)
        expect(answer.get("tasks"), f"no task was handed out: {code}")
        return answer["tasks"][0]

    def expect_shown(self, task, text):
        """The page of the task has the text, or something readable in its place."""
        self.page.go(f"#/tasks/{task}")
        self.page.until(f"location.hash.endsWith('{task}') && document.querySelectorAll('main pre').length >= 2"
                        f" && document.querySelector('h1').textContent.includes('{task}')", "a hostile task is shown")
        self.page.expect_clean()
        if text.isascii() and text.isprintable():
            shown = self.page.js("[...document.querySelectorAll('main pre')].map((one) => one.textContent)")
            expect(any(text[:4000] in one for one in shown), f"{text[:60]!r} is not on the page of its task")
