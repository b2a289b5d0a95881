#!/usr/bin/env python3
"""Looks at the dashboard of a running server as people do: in a browser.

The server should be under some load (tasks in a queue `mail`, some of which die), and run no autoscaling. What is
tried is put into queues of its own. Prints a line per check; ends with 0 only if all of them hold.
"""
import argparse, json, os, pathlib, shutil, signal, sys, urllib.parse, uuid
from dashboard_api import API, eventually
from dashboard_browser import LIVE, STATE, Browser, Failed, Line, Page, expect
from dashboard_hostile import Hostile

DIALOG = "dialog[open]"
ROW = "document.querySelector('li.queue h3 a[href=\"#/queues/mail\"]')?.closest('li.queue')"
FIGURES = f"{ROW}?.querySelector('dl').textContent"


class TimeIsUp(BaseException):
    """Not an Exception, so that no check takes it for its own."""


class Checks:
    """The checks, in the order in which they run. The first line of each tells what it is about."""

    def __init__(self, page, line, api, shots):
        self.page, self.line, self.api, self.shots, self.key = page, line, api, shots, api.key
        self.name = f"browser-{uuid.uuid4().hex[:6]}"
        self.remark = ""

    # What several need

    def answer(self, action, title):
        """Presses a button of a dialog."""
        self.dialog(title, f"a dialog asks: {title}")
        self.page.click(f"{DIALOG} button", action)
        self.page.until(f"document.querySelector('{DIALOG}') === null", "the dialog closes")
        if action == "Cancel":
            self.page.rest(0.5)  # what must not happen would take a moment

    def said(self, text):
        self.page.until(f"document.getElementById('status').textContent.includes({json.dumps(text)})",
                        f"the page says: {text}")

    def rows(self, number):
        self.page.until(f"document.querySelectorAll('main tbody tr').length === {number}", f"{number} rows are shown")
        return self.page.js("[...document.querySelectorAll('main tbody tr')].map((row) => "
                            "row.querySelector('a[href^=\"#/tasks/\"]').hash.slice(8))")

    def title(self, text):
        self.page.until(f"document.querySelector('h1').textContent.includes('{text}')", f"the heading says {text}")

    def dialog(self, text, what):
        self.page.until(f"document.querySelector('{DIALOG}')?.textContent.includes({json.dumps(text)})", what)

    def letters(self, queue):
        return {one["task_id"] for one in self.api.get(f"/dead-letters?queue={queue}")["tasks"]}

    def asks_for_key(self):
        """a server with keys: the page asks, refuses a wrong key, takes the right one, and keeps it in its tab only"""
        page, field = self.page, f"{DIALOG} input[type=password]"
        page.load()
        page.until(f"document.querySelector('{field}') !== null", "the page asks for a key")
        expect(page.js("document.querySelectorAll('li.queue').length") == 0, "queues are shown without a key")
        self.give_key("wrong" + self.key[5:])
        self.dialog("did not accept", "a wrong key is refused")
        expect(page.js("document.querySelectorAll('li.queue').length") == 0, "queues are shown for a wrong key")
        self.give_key(self.key)
        page.until(LIVE, "the page is live with the key")
        page.until(ROW + " !== undefined", "queues are shown with the key")
        self.expect_key_in_tab_only()
        page.load()
        page.until(LIVE, "the tab still knows the key after a reload")
        page.click("#forget")
        page.until(f"document.querySelector('{field}') !== null", "the page asks again once the key is forgotten")
        expect(self.key not in page.js("JSON.stringify(sessionStorage)"), "the forgotten key is kept")
        self.give_key(self.key)
        page.until(LIVE, "the page is live again")
        page.forgive(r"status of 401")

    def give_key(self, key):
        self.page.type(f"{DIALOG} input[type=password]", key)
        self.page.key("Enter")
        self.page.until(f"document.querySelector('{DIALOG} input[type=password]')?.value !== {json.dumps(key)}",
                        "the dialog takes the key")

    def expect_key_in_tab_only(self):
        expect(self.key in self.page.js("JSON.stringify(sessionStorage)"), "the key is not in sessionStorage")
        for place in ("JSON.stringify(localStorage)", "document.cookie", "location.href",
                      "document.documentElement.outerHTML"):
            expect(self.key not in self.page.js(place), f"the key is in {place}")
        sent = [url for url in self.page.requests if self.key in url or urllib.parse.quote(self.key) in url]
        expect(not sent, f"the key is in an address: {sent}")

    # The overview

    def is_fast(self):
        """the first queue is drawn within two seconds"""
        times = []
        for _ in range(3):
            self.page.load()
            times.append(self.page.until("window.__watch.firstRow", "a queue is drawn"))
        # The middle one: whatever else runs on the machine now may hit one of them.
        self.remark = f" ({sorted(times)[1]:.0f} ms)"
        expect(sorted(times)[1] < 2000, f"it took {[round(one) for one in times]} ms")

    def is_live(self):
        """it is live: numbers change without a reload, in the same row"""
        page = self.page
        page.until(LIVE, "the state is Live")
        page.until(ROW + " !== undefined", "the queue mail is shown")
        page.js(f"window.__row = {ROW}; window.__mark = 1")
        before = page.js(FIGURES)
        for _ in range(2):
            page.until(f"{FIGURES} !== {json.dumps(before)}", "figures of mail change")
            before = page.js(FIGURES)
        expect(page.js("window.__mark === 1"), "the page was loaded anew")
        expect(page.js(f"window.__row === {ROW}"), "the row was made anew, not changed")

    def reconnects(self):
        """it says that the line is gone, tries again by itself, and at once when the browser says it is online"""
        page = self.page
        page.until(LIVE, "the page is live")
        self.line.cut()
        try:
            page.until(f"/^Reconnecting.*figures of/.test({STATE})",
                       "it says that it reconnects, and how old its figures are", 5)
            old = page.js(FIGURES)
            page.rest(1.5)
            expect(not page.js(LIVE) and page.js(FIGURES) == old, "the page goes on without a server")
        finally:
            self.line.mend()
        page.until(LIVE, "it is live again", 20)
        page.until(f"{FIGURES} !== {json.dumps(old)}", "figures change again")
        page.offline(True)
        self.line.cut()
        try:
            page.until(f"/in ([4-9]|1.) s/.test({STATE})", "it waits longer and longer", 20)
        finally:
            self.line.mend()
            page.offline(False)
        page.until(LIVE, "it is live as soon as the browser is online", 2)
        page.rest(0.2)
        page.forgive(r"net::ERR_")

    # Acting

    def pauses(self):
        """a queue is paused and resumed with its button and the dialog"""
        page = self.page

        def is_paused():
            return self.api.get("/queues/mail")["paused"]

        page.go("#/queues/mail")
        try:
            page.click("main .page-head button", "Pause")
            self.answer("Cancel", "Pause mail?")
            expect(not is_paused(), "it was paused although the dialog was left")
            page.click("main .page-head button", "Pause")
            self.answer("Pause", "Pause mail?")
            eventually("the API says paused", is_paused, page)
            self.title("paused")
            page.click("main .page-head button", "Resume")
            self.answer("Resume", "Resume mail?")
            eventually("the API says resumed", lambda: not is_paused(), page)
            page.until("!document.querySelector('h1').textContent.includes('paused')", "the heading says so")
        finally:
            self.api.call("POST", "/queues/mail/resume", {})

    def replays(self):
        """a dead letter is replayed, and its attempts grow"""
        page, queue = self.page, f"{self.name}-dead"
        self.dead = self.api.dead(queue, [f"broken on purpose {number}" for number in range(4)])
        page.go("#/")
        page.until(f"""[...document.querySelectorAll('li.queue')].some((row) => row.querySelector('h3').textContent
            === '{queue}' && row.querySelector('dl').textContent.includes('Dead4'))""", "the overview counts four")
        page.go(f"#/dead-letters?queue={queue}")
        expect(set(self.rows(4)) == set(self.dead.values()), "other letters are shown than the API has")
        task = self.dead["broken on purpose 2"]
        page.click(f'tr:has(input[value="{task}"]) button', "Replay")
        self.answer("Replay", "Replay dead letters?")
        self.said("1 dead letter replayed")
        expect(task not in self.rows(3) and task not in self.letters(queue), "the letter is still there")
        expect(self.api.status(task) == "queued", f"the task is {self.api.status(task)}")
        self.api.complete(self.api.claim(queue)[0], "succeeded", result={"well": True})
        record = self.api.get(f"/tasks/{task}")
        expect((record["status"], len(record["attempts"])) == ("succeeded", 2), "no second attempt is on record")
        page.go(f"#/tasks/{task}")
        self.title("succeeded")
        expect(page.js("document.querySelector('main').textContent.includes('before it was replayed')"),
               "the page of the task does not tell of the replay")

    def stops_a_replay(self):
        """a replay with a rate is seen, and stopped"""
        page, queue = self.page, f"{self.name}-slow"
        self.api.dead(queue, [f"error {number}" for number in range(3)])
        page.go(f"#/dead-letters?queue={queue}")
        self.rows(3)
        going = "document.querySelector('main .replays')"
        expect(page.js(f"{going}.hidden"), "a replay is shown although none goes on")
        page.click("button", "Replay all that match…")
        self.dialog("Replay dead letters?", "a dialog asks")
        page.type(f"{DIALOG} [name=speed]", "0.01")
        self.answer("Replay", "Replay dead letters?")
        self.said("The server replays them at 0.01 per second.")
        page.until(f"!{going}.hidden && {going}.textContent.includes('queue is “{queue}”')", "it is shown")
        page.until(f"/1 of at most [0-9,]+ at 0.01\\/s/.test({going}.textContent)", "it tells how far it is")
        page.click("main .replays button", "Stop")
        self.said("Stopped; 1 dead letter replayed.")
        page.until(f"{going}.hidden", "it is gone")
        expect(self.api.get("/dead-letters/replays")["replays"] == [], "the API has it still")
        expect(set(self.rows(2)) == self.letters(queue), "the page and the API disagree about what is left")

    def acts_on_a_page(self):
        """the page of a dead task replays and deletes it"""
        page, dead = self.page, self.api.dead(f"{self.name}-page", ["first", "second"])
        page.go(f"#/tasks/{dead['first']}")
        page.click("main .page-head button", "Replay")
        self.answer("Replay", "Replay dead letters?")
        self.said("1 dead letter replayed")
        self.title("queued")
        expect(self.api.status(dead["first"]) == "queued", "the API does not say that it waits")
        page.go(f"#/tasks/{dead['second']}")
        page.click("main .page-head button", "Delete")
        self.answer("Delete", "Delete dead letters?")
        self.said("1 dead letter deleted")
        page.until("document.querySelector('main').textContent.includes('There is no task')", "it is gone")
        page.forgive(r"status of 404")

    def keeps_its_filter(self):
        """the way back leads to the filter that was set"""
        page, rows = self.page, "[...document.querySelectorAll('li.queue h3')].map((one) => one.textContent).join()"
        page.go("#/")
        page.type("[data-search]", "mail")
        page.until(f"{rows} === 'mail' && location.hash === '#/?q=mail'", "one queue is left, and the address says so")
        page.go("#/queues/mail")
        page.js("history.back()")
        page.until(f"{rows} === 'mail' && document.querySelector('[data-search]').value === 'mail'", "it is there again")

    def knows_ages(self):
        """figures are as old as the server says, and a chart begins anew after a gap"""
        expect(self.page.js("""import("/dashboard-live.js").then(({ Store, History }) => {
            const store = new Store(), now = Date.now(), at = (age) => new Date(now - age).toISOString();
            const tell = (age) => { store.take("queues", { at: at(age), queues: [] }); return store.isOld(Date.now()); };
            store.begin(now);
            const first = tell(60000), again = tell(60000);
            // The line was cut, and the store has been away for half a minute meanwhile.
            store.begin(now);
            const later = tell(30000);
            const fresh = tell(0);
            const history = new History();
            for (const time of [0, 1000, 2000, 60000, 61000]) history.add(time, { waiting: time });
            return [first, again, later, fresh, store.isOld(Date.now() + 200000), history.length].join();
        })""") == "true,true,true,false,true,2", "ages or gaps are not seen")

    def judges_as_the_monitor_does(self):
        """the same figures have the same state here as in the monitor"""
        table = json.loads((pathlib.Path(__file__).parent / "verdicts.json").read_text())
        states = self.page.js(f"""import("/dashboard-verdict.js").then(({{ STATES, factsOf, judge }}) => {{
            const {{ queue, cases }} = {json.dumps(table)};
            return cases.map(({{ change, before = {{}} }}) =>
              STATES[judge(factsOf({{ ...queue, ...change }}), before).state].word);
        }})""")
        others = [(case, state) for case, state in zip(table["cases"], states) if state != case["state"]]
        expect(len(states) == len(table["cases"]) and not others, f"it says otherwise: {others}")

    def deletes(self):
        """selected dead letters are deleted, once that is confirmed"""
        page, queue = self.page, f"{self.name}-dead"
        page.go(f"#/dead-letters?queue={queue}")
        chosen = self.rows(3)[:2]
        for task in chosen:
            page.click(f'td input[value="{task}"]')
        page.click("button", "Delete selected")
        self.answer("Cancel", "Delete dead letters?")
        expect(set(chosen) < self.letters(queue), "they were deleted although the dialog was left")
        page.click("button", "Delete selected")
        self.dialog("2 dead letters.", "the dialog says how many")
        self.answer("Delete", "Delete dead letters?")
        self.said("2 dead letters deleted")
        left = self.rows(1)
        expect(set(left) == self.letters(queue), "the page and the API disagree about what is left")
        expect([self.api.status(task) for task in chosen] == [None, None], "the API still has them")

    def searches(self):
        """tasks are found by filters, page by page, and cancelled"""
        page, queue = self.page, f"{self.name}-later"
        ids = set(self.api.enqueue(60, queue=queue, delay_seconds=3600, tags=[self.name]))
        self.api.enqueue(3, queue=queue, delay_seconds=3600)
        page.go("#/tasks")
        page.type("form [name=queue]", queue)
        page.type("form [name=tag]", self.name)
        page.js("document.querySelector('form [name=status]').value = 'scheduled'")
        page.click("form button", "Search")
        page.until(f"location.hash === '#/tasks?queue={queue}&status=scheduled&tag={self.name}'",
                   "the search is in the address")
        first = self.rows(50)
        page.click(".paging a", "Older")
        second = self.rows(10)
        expect(set(first) | set(second) == ids, "other tasks are found than there are")
        page.click(".paging a", "Newest")
        expect(self.rows(50) == first, "the newest are other tasks now")
        page.type("form [name=type]", "no.such.type")
        page.click("form button", "Search")
        # With many tasks the server looks through a part of them at a time, and the page says so.
        page.until("/Nothing matches|None in this part/.test(document.querySelector('main').textContent)",
                   "it says that nothing matches")
        self.rows(0)
        self.cancels(second[0])

    def cancels(self, task):
        page = self.page
        page.type("form [name=id]", task)
        page.key("Enter")
        page.until(f"location.hash === '#/tasks/{task}'", "an ID leads to its task")
        self.title("scheduled")
        page.click("button", "Cancel task")
        self.answer("Cancel", "Cancel this task?")
        expect(self.api.status(task) == "scheduled", "it was cancelled although the dialog was left")
        page.click("button", "Cancel task")
        self.answer("Cancel task", "Cancel this task?")
        eventually("the API says cancelled", lambda: self.api.status(task) == "cancelled", page)
        self.title("cancelled")

    def shows_attempts(self):
        """the page of a task shows its attempts, and follows it to its end"""
        page, queue = self.page, f"{self.name}-twice"
        task = self.api.enqueue(queue=queue, payload={"to": ["ellen", "jon"], "large": 12345678901234567890})[0]
        self.api.complete(self.api.claim(queue, "first-worker")[0], "failed", error="not yet", retry_after_seconds=0)
        page.go(f"#/tasks/{task}")
        page.until("document.querySelectorAll('main tbody tr').length === 1", "one attempt is shown")
        self.api.complete(self.api.claim(queue, "second-worker")[0], "succeeded", result={"sent": 2})
        page.until("document.querySelectorAll('main tbody tr').length === 2", "the second attempt comes by itself")
        self.title("succeeded")
        text = page.js("document.querySelector('main').textContent")
        for part in ("first-worker", "second-worker", "not yet", '"jon"', "12345678901234567890", '"sent": 2'):
            expect(part in text, f"{part} is not on the page")

    def has_keys(self):
        """keys do what they say"""
        page = self.page
        focused = "document.activeElement.matches('[data-search]')"
        page.go("#/")
        for keys, place in (("gt", "#/tasks"), ("gd", "#/dead-letters"), ("go", "#/")):
            page.js("document.activeElement.blur()")
            page.key(keys[0])
            page.key(keys[1])
            page.until(f"location.hash === '{place}'", f"{keys} leads to {place}", 3)
            page.until("document.activeElement.tagName === 'H1'", "the heading has the focus", 3)
            page.key("/")
            page.until(focused, f"/ leads to the search of {place}", 3)
            expect(page.js("document.activeElement.value === ''"), "/ was typed into the search")
            page.key("g")
            page.key("t")
            expect(page.js(f"location.hash.split('?')[0] === '{place}' && document.activeElement.value === 'gt'"),
                   "keys work while one types")
            page.js("document.activeElement.value = ''")
            page.key("Escape")
            expect(not page.js(focused), "Esc does not leave the field")
        page.key("?")
        self.dialog("dead letters", "? shows the keys")
        page.key("Escape")
        page.until(f"document.querySelector('{DIALOG}') === null", "Esc closes them", 3)

    # How it looks

    def places(self):
        """A page of each kind, with something on it."""
        dead = self.api.get("/dead-letters?queue=mail&limit=1")["tasks"]
        expect(dead, "no task of the queue mail has died yet")
        return {"overview": "#/", "queue": "#/queues/mail", "tasks": "#/tasks?queue=mail",
                "task": f"#/tasks/{dead[0]['task_id']}", "dead-letters": "#/dead-letters?queue=mail"}

    def looks(self):
        """every page is drawn, light and dark"""
        page = self.page
        # What the last check made the page say would lie over all pictures.
        page.js("document.getElementById('status').replaceChildren()")
        for scheme in ("light", "dark"):
            page.scheme(scheme)
            for name, place in self.places().items():
                if scheme == "light" or name == "overview":
                    page.settle(place)
                    page.shot(os.path.join(self.shots, f"{name}-{scheme}.png"))
                    brightness = page.js("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
                                         ".reduce((sum, one) => sum + Number(one), 0) / 3")
                    expect((brightness > 128) == (scheme == "light"), f"the background of {name} is not {scheme}")
        page.scheme("light")

    def fits_phones(self):
        """no page is wider than a phone"""
        page = self.page
        page.size(360, 740, is_phone=True)
        for name, place in self.places().items():
            page.settle(place)
            page.expect_narrow(name)
            if name == "overview":
                page.shot(os.path.join(self.shots, "overview-phone.png"))
        page.size(1366, 900)

    def withstands(self):
        """hostile text stays text"""
        Hostile(self.page, self.api, self.name).check()

    def stays_home(self):
        """no request left the server"""
        home = [url for url in self.page.requests if url.startswith(self.page.base)]
        icon = ("data:image/svg+xml,", "about:")
        away = {url for url in self.page.requests if url not in home and not url.startswith(icon)}
        expect(home and not away, f"there were {sorted(away)[:5]}")

    def all(self):
        first = [self.asks_for_key] if self.key else []
        return [*first, self.is_fast, self.is_live, self.reconnects, self.pauses, self.replays, self.stops_a_replay,
                self.deletes, self.acts_on_a_page, self.keeps_its_filter, self.knows_ages,
                self.judges_as_the_monitor_does, self.searches, self.shows_attempts, self.has_keys, self.looks,
                self.fits_phones, self.withstands, self.stays_home]


def run(checks, page):
    """Runs one after the other; a failure does not stop the others."""
    failed = 0
    for check in checks.all():
        checks.remark, title = "", check.__doc__
        try:
            check()
            page.expect_clean()
            print(f"ok     {title}{checks.remark}", flush=True)
        except Exception as error:
            failed += 1
            print(f"FAILED {title} because {str(error) or repr(error)}", flush=True)
            page.size(1366, 900)
            page.load()
            page.until(LIVE, "the page is live again after a failure")
            page.forget()
    return failed


def ring(signum, _):
    raise TimeIsUp("the time is up" if signum == signal.SIGALRM else f"of signal {signum}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="of the server, as http://127.0.0.1:8080")
    parser.add_argument("--key", help="one of its API keys, if it has some")
    parser.add_argument("--shots", required=True, help="the directory for screenshots")
    parser.add_argument("--chromium", default="chromium", help="the browser")
    parser.add_argument("--limit", type=int, default=120, help="seconds for everything")
    arguments = parser.parse_args()
    if not shutil.which(arguments.chromium):
        parser.error(f"there is no {arguments.chromium}")
    os.makedirs(arguments.shots, exist_ok=True)
    url = arguments.url.rstrip("/")
    server = urllib.parse.urlsplit(url)
    for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ring)
    signal.alarm(arguments.limit)
    line = Line(server.hostname, server.port or 80)
    browser = Browser(arguments.chromium)
    try:
        page = Page(browser, f"http://127.0.0.1:{line.port}/")
        return 1 if run(Checks(page, line, API(url, arguments.key), arguments.shots), page) else 0
    except (TimeIsUp, Failed, OSError) as error:
        print(f"FAILED to finish because {error}", flush=True)
        return 1
    finally:
        signal.alarm(0)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
