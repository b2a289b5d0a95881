"""A headless Chromium, driven over two pipes with the DevTools protocol. The standard library is enough."""
import base64, fcntl, json, os, re, select, shutil, signal, socket, tempfile, threading, time

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage",
         "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
         "--remote-debugging-pipe"]
KEYS = {"Escape": 27, "Enter": 13, "Tab": 9}

# Runs before the page's own scripts, in every document. It sees each node that ever gets into the page, so that
# what was there for one frame only is found as well.
WATCH = r"""(() => {
  const OWN = new Set(`a bdi body b button caption code dd details dialog div dl dt figcaption figure form h1 h2 h3 head
    header html input kbd label legend li link main meta nav noscript ol option p pre script section select small span
    strong summary svg table tbody td th thead time title tr ul circle desc g line path rect text`.split(/\s+/));
  const RAW = new RegExp("[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e"
    + "\\u2066-\\u2069\\ufeff\\u{e0000}-\\u{e007f}]", "u");
  const seen = window.__watch = { foreign: [], raw: [], reports: [], firstRow: null, feed: new Set() };
  const note = (list, what) => list.length < 20 && list.push(String(what).slice(0, 300));
  const isOwn = (element) => OWN.has(element.localName)
    && (!["script", "link", "meta", "title"].includes(element.localName) || element.parentNode?.localName === "head"
      || (element.localName === "title" && element.namespaceURI.endsWith("svg")))
    && ![...element.attributes].some(({ name, value }) => /^on/i.test(name)
      || (["href", "src", "action", "formaction", "srcdoc", "xlink:href"].includes(name) && element.localName !== "link"
        && !/^(#|\/dashboard[a-z-]*\.(js|css)$)/.test(value)));
  const check = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return RAW.test(node.data) && note(seen.raw, JSON.stringify(node.data));
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (!isOwn(node)) note(seen.foreign, node.outerHTML);
    for (const { name, value } of node.attributes) {
      if (RAW.test(value)) note(seen.raw, name + "=" + JSON.stringify(value));
    }
    if (node.localName === "tr" && node.closest(".feed")) seen.feed.add(node.textContent);
    if (node.matches("li.queue")) requestAnimationFrame(() => (seen.firstRow ??= performance.now()));
    node.childNodes.forEach(check);
  };
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach(check);
      else if (type === "characterData") check(target);
      else if (!isOwn(target) || [...target.attributes].some(({ value }) => RAW.test(value))) check(target);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  document.addEventListener("securitypolicyviolation", (event) =>
    note(seen.reports, `${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
})()"""


STATE = "document.getElementById('connection').textContent"
LIVE = f"{STATE} === 'Live'"


class Failed(Exception):
    """A check does not hold."""


def expect(condition, why):
    if not condition:
        raise Failed(why)


class Browser:
    """The process and its pipes. Messages are JSON that ends with a NUL."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="dashboard-check-")
        self.rest, self.ready, self.number, self.ended = b"", [], 0, False
        commands, self.writing = pipe()
        self.reading, answers = pipe()
        nothing = os.open(os.devnull, os.O_RDWR)
        ends = enumerate((nothing, nothing, nothing, commands, answers))
        files = [(os.POSIX_SPAWN_DUP2, ours, its) for its, ours in ends]
        arguments = [program, *FLAGS, f"--user-data-dir={self.profile}", "about:blank"]
        # A group of its own, so that everything it starts can be ended with it.
        self.pid = os.posix_spawnp(program, arguments, os.environ, file_actions=files, setpgroup=0)
        for number in (commands, answers, nothing):
            os.close(number)

    def send(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.writing, data):]
        return self.number

    def receive(self, seconds):
        """The next message, or None if none comes in time."""
        end = time.monotonic() + seconds
        while not self.ready:
            if not select.select([self.reading], [], [], max(0, end - time.monotonic()))[0]:
                return None
            data = os.read(self.reading, 1 << 20)
            if not data:
                raise Failed("the browser ended")
            *whole, self.rest = (self.rest + data).split(b"\0")
            self.ready = [json.loads(message) for message in whole]
        return self.ready.pop(0)

    def close(self):
        """Ends it, whatever state it is in, and takes its profile away."""
        try:
            self.send("Browser.close")
            self.wait(5)
        except OSError:
            pass
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except OSError:
            pass
        self.wait(5)
        shutil.rmtree(self.profile, ignore_errors=True)

    def wait(self, seconds):
        end = time.monotonic() + seconds
        while not self.ended and time.monotonic() < end:
            self.ended = os.waitpid(self.pid, os.WNOHANG)[0] != 0
            time.sleep(0.02)


def pipe():
    """Both ends above the numbers that the browser wants for its own."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return high


class Line:
    """Carries connections to the server, until it is cut. What DevTools call offline leaves an open stream alone."""

    def __init__(self, host, port):
        self.server, self.is_cut, self.ends = (host, port), False, set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            try:
                far = socket.create_connection(self.server, 10)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self.ends |= {near, far}
            if self.is_cut:
                self.cut()
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one, other):
        try:
            while data := one.recv(1 << 16):
                other.sendall(data)
        except OSError:
            pass
        hang_up(other)
        self.ends.discard(one)

    def cut(self):
        self.is_cut = True
        for end in list(self.ends):
            hang_up(end)

    def mend(self):
        self.is_cut = False


def hang_up(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it has ended by itself


class Page:
    """One tab."""

    def __init__(self, browser, base):
        self.browser, self.base = browser, base
        self.answers, self.errors, self.dialogs, self.requests, self.failures = {}, [], [], [], []
        self.session = self.view = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.size(1366, 900)

    # Talking to it

    def call(self, method, patience=30, **params):
        number = self.browser.send(method, self.session, **params)
        end = time.monotonic() + patience
        while number not in self.answers:
            if not self.pump(end - time.monotonic()):
                raise Failed(f"the browser did not answer {method}")
        answer = self.answers.pop(number)
        if "error" in answer:
            raise Failed(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def pump(self, seconds):
        """Takes one message; False if none came."""
        message = self.browser.receive(seconds)
        if message is None:
            return False
        if "id" in message:
            self.answers[message["id"]] = message
        else:
            self.take(message["method"], message["params"])
        return True

    def take(self, event, params):
        if event == "Page.javascriptDialogOpening":
            self.dialogs.append(params["message"])
            self.browser.send("Page.handleJavaScriptDialog", self.session, accept=True)
        elif event == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif event == "Runtime.consoleAPICalled" and params["type"] in ("error", "assert"):
            self.errors.append(" ".join(str(one.get("value", one.get("description"))) for one in params["args"]))
        elif event == "Log.entryAdded":
            entry = params["entry"]
            if entry["level"] == "error" or entry["source"] == "security":
                self.errors.append(f"{entry['text']} {entry.get('url', '')}".strip())
        elif event == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif event == "Network.webSocketCreated":
            self.requests.append(params["url"])

    def rest(self, seconds):
        """Lets time pass while events are heard."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.pump(end - time.monotonic())

    def forgive(self, pattern):
        """Forgets errors that a check provoked."""
        self.errors = [error for error in self.errors if not re.search(pattern, error)]

    def expect_clean(self):
        """Whatever a check was about: nothing else went wrong meanwhile."""
        self.collect()
        expect(not self.dialogs, f"a dialog opened: {self.dialogs}")
        expect(not self.failures, "; ".join(self.failures[:3]))
        expect(not self.errors, f"the console has errors: {self.errors[:3]}")

    def forget(self):
        """Forgets all that was wrong."""
        self.errors, self.dialogs, self.failures = [], [], []

    # Looking

    def js(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Failed(f"{expression[:80]}: {details.get('exception', {}).get('description', details['text'])}")
        return answer["result"].get("value")

    def until(self, expression, what, seconds=10):
        """Waits until the expression is true, and answers its value."""
        end = time.monotonic() + seconds
        while True:
            value = self.js(expression)
            if value:
                return value
            if time.monotonic() > end:
                raise Failed(f"not within {seconds} s: {what}")
            self.rest(0.05)

    def watched(self, name):
        return self.js(f"[...window.__watch.{name}]")

    # Going places

    def load(self, place="#/"):
        """Loads the page anew."""
        self.collect()
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=self.base + place)
        self.until("document.readyState === 'complete' && !!window.__watch && !!document.querySelector('main *')",
                   f"the page is there at {place}")

    def go(self, place):
        """Goes to a place of the page that is loaded, and waits until the old one is gone."""
        self.js(f"""new Promise((done) => {{
          addEventListener("hashchange", () => requestAnimationFrame(done), {{ once: true }});
          setTimeout(done, 1000);
          location.hash = {json.dumps(place)};
        }})""")

    def collect(self):
        """Keeps what the watch found before its document is gone."""
        found = self.js("window.__watch ? [['an element that is not the page\\'s own', __watch.foreign],"
                        "['a raw control or bidi character', __watch.raw], ['a CSP report', __watch.reports]] : []")
        for what, list_of in found or []:
            self.failures += [f"{what}: {one}" for one in list_of]
        self.js("window.__watch && (__watch.foreign = [], __watch.raw = [], __watch.reports = [])")

    # Acting

    def click(self, selector, text=None):
        """Clicks in the middle of what is shown, as a person would; what is covered or disabled does not take it."""
        find = f"""(() => {{
          const all = [...document.querySelectorAll({json.dumps(selector)})].filter((one) => one.checkVisibility()
            && !one.disabled && ({json.dumps(text)} === null || one.textContent.trim() === {json.dumps(text)}));
          if (!all.length) return null;
          all[0].scrollIntoView({{ block: "nearest" }});
          const box = all[0].getBoundingClientRect();
          const x = box.x + box.width / 2, y = box.y + box.height / 2;
          const hit = document.elementFromPoint(x, y);
          return hit && (all[0].contains(hit) || hit.closest("label")?.control === all[0]) ? [x, y] : null;
        }})()"""
        x, y = self.until(find, f"{text or selector} can be clicked")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, selector, text):
        """Puts text into a field in place of what is there."""
        self.click(selector)
        self.js(f"document.querySelector({json.dumps(selector)}).select()")
        self.call("Input.insertText", text=text)

    def key(self, name):
        code = KEYS.get(name, 0)
        text = {"Enter": "\r"}.get(name, name if len(name) == 1 else "")
        self.call("Input.dispatchKeyEvent", type="keyDown", key=name, text=text, windowsVirtualKeyCode=code)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=name, windowsVirtualKeyCode=code)

    def offline(self, is_offline):
        self.call("Network.emulateNetworkConditions", offline=is_offline, latency=0, downloadThroughput=-1,
                  uploadThroughput=-1)

    # How it looks

    def settle(self, place):
        """Goes to a place and waits until it is drawn."""
        self.go(place)
        part = "tbody tr" if place != "#/" else "li.queue"
        if place.startswith("#/queues/"):
            part = "svg.chart path[d^=M]"
        self.until(f"document.querySelector('main {part}') !== null", f"{place} is drawn")
        self.rest(0.5)

    def expect_narrow(self, name):
        # A phone makes room for what is too wide, by showing all of it smaller: innerWidth grows with it.
        width = self.js("Math.max(innerWidth, document.scrollingElement.scrollWidth)")
        expect(width <= 360, f"{name} is {width} pixels wide at 360")

    def size(self, width, height, is_phone=False):
        self.view = (width, height, is_phone)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, mobile=is_phone,
                  deviceScaleFactor=2 if is_phone else 1)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def shot(self, path):
        """The whole page as a PNG; what is very long is cut."""
        before, height = self.view, self.call("Page.getLayoutMetrics")["cssContentSize"]["height"]
        # In a window that is as high as the page, because what is out of sight need not be drawn.
        self.size(before[0], min(int(height), 2600), before[2])
        self.rest(0.3)
        answer = self.call("Page.captureScreenshot", format="png")
        self.size(*before)
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))
