#!/usr/bin/env python3
"""Makes release.zip and release.json beside this file: a data folder as the release of commit 9cd6b79 leaves it, and what that release answers.

    git worktree add ../release 9cd6b79
    dotnet build ../release/src/CampaignManager.Web
    python3 tests/CampaignManager.Application.Tests/Fixtures/make-release-fixture.py ../release

Everything is made through the release's own HTTP API and jobs. Three things the API does not take are written into the stopped database, as the
release's pages or an older release would have written them: a schedule, a test cart that is kept, and a field in stored rules that no release knows.
Ids, salts, keys and times differ from one run to the next, so both files are made and committed together. Needs Python 3.9 and its standard library.
"""
import atexit, csv, io, json, os, pathlib, random, shutil, socket, sqlite3, subprocess, sys, tempfile, threading, time, urllib.error, urllib.parse, urllib.request, uuid, zipfile
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer

HERE = pathlib.Path(__file__).resolve().parent
CUSTOMERS = 1000

# A week: the reservations are still held at the moment that tests stand at.
HELD = 10080

NO_HOLDOUT = {"holdoutPercent": 0, "attributionDays": 14}
LIVE = [
    # The include is there and names nothing: everything, as ever.
    {"name": "Empty include", "note": "The include names nothing", "tags": ["autumn", "store-wide"], "scope": {"include": {}},
     "offer": {"type": "fullReduction", "tiers": [{"spend": 200, "off": 30}, {"spend": 400, "off": 80}]}, "limits": {"budget": 50000}},
    {"name": "Falling tiers", "scope": {"include": {"categories": ["books"]}},
     "offer": {"type": "fullReduction", "tiers": [{"spend": 100, "off": 40}, {"spend": 200, "off": 25}, {"spend": 300, "off": 60}]}},
    {"name": "Falling percentages", "scope": {"include": {"categories": ["toys"]}},
     "offer": {"type": "percentOff", "tiers": [{"percent": 20}, {"spend": 150, "percent": 10}], "cap": 45}},
    # Gets "limit" beside "limits" in its stored rules.
    {"name": "Unknown field", "scope": {"include": {"categories": ["garden"]}}, "offer": {"type": "amountOff", "amount": 5, "per": "unit", "maxUnits": 2},
     "limits": {"uses": 100, "usesPerCustomer": 3, "usesPerDay": 50, "reservationMinutes": HELD}},
    {"name": "Generic code", "trigger": {"code": "Welcome-10"}, "offer": {"type": "percentOff", "tiers": [{"percent": 10}]},
     "limits": {"usesPerCustomer": 5, "usesPerCode": 40, "reservationMinutes": HELD}, "returnPolicy": "clawback"},
    {"name": "Unique codes", "trigger": {"uniqueCodes": True}, "offer": {"type": "amountOff", "amount": 15}, "limits": {"budget": 600, "onBudgetShort": "partial", "reservationMinutes": HELD}},
    {"name": "Every so much", "scope": {"include": {"categories": ["food"]}, "exclude": {"skus": ["F-9"]}}, "combining": {"priority": 5, "group": "food"},
     "offer": {"type": "fullReduction", "every": 150, "off": 20, "maxTimes": 3}},
    {"name": "Second at half", "scope": {"include": {"categories": ["shoes"]}, "onlyUndiscounted": True}, "combining": {"class": "item", "thresholdBase": "list"},
     "offer": {"type": "buyXGetY", "buy": {"quantity": 1}, "get": {"quantity": 1, "percent": 50}, "maxTimes": 2, "pick": "cheapest"}},
    {"name": "Set of three", "scope": {"include": {"categories": ["beauty"]}}, "combining": {"group": "beauty"},
     "offer": {"type": "bundle", "items": [{"quantity": 2}, {"scope": {"include": {"brands": ["Lumi"]}}, "quantity": 1}], "price": 99}},
    {"name": "One price", "scope": {"include": {"tags": ["outlet"]}}, "combining": {"exclusive": True}, "offer": {"type": "fixedPrice", "price": 19.9, "maxUnits": 3}},
    {"name": "Third of a kind", "scope": {"include": {"categories": ["pets"]}}, "offer": {"type": "quantityDiscount", "tiers": [{"quantity": 3, "percent": 15}]}},
    {"name": "A gift", "scope": {"include": {"categories": ["kitchen"]}}, "offer": {"type": "gift", "tiers": [{"spend": 120, "sku": "G-1", "giftQuantity": 2, "value": 8}]}},
    {"name": "Free shipping", "offer": {"type": "freeShipping", "spend": 59, "cap": 12}, "returnPolicy": "keep"},
    {"name": "Lapsed by segment", "audience": {"anyOf": ["lapsed", "lapsing"], "noneOf": ["new"], "customerKinds": ["returning"], "channels": ["app"], "regions": ["north"]},
     "scope": {"include": {"categories": ["home"]}, "perSegment": [{"segment": "lapsed", "categories": ["home", "baby"]}]},
     "offer": {"type": "percentOff", "tiers": [{"spend": 80, "percent": 12}], "cap": 80}},
    {"name": "Half held out", "scope": {"include": {"categories": ["sports"]}}, "offer": {"type": "amountOff", "amount": 9}, "experiment": {"holdoutPercent": 50, "attributionDays": 7}},
]
DRAFT = {"name": "A draft", "offer": {"type": "fullReduction", "tiers": [{"spend": 200, "off": 30}]}, "scope": {"include": {"categories": ["shoes"]}}, "audience": {"anyOf": ["new"]},
         "limits": {"budget": 20000}}


def line(id, sku, category, price, quantity=1, **more):
    return {"id": id, "sku": sku, "categories": [category], "quantity": quantity, "unitPrice": price, **more}


def cart(*lines, customer="C-1", codes=(), shipping=10, **more):
    person = {"id": customer, **more.pop("person", {})} if customer else None
    return {"currency": "CNY", "customer": person, "codes": list(codes), "shipping": shipping, "lines": list(lines), **more}


CARTS = {
    "everything": cart(line("1", "E-1", "electronics", 450)),
    "just below": cart(line("1", "E-1", "electronics", 199.99)),
    "falling tiers, first": cart(line("1", "B-1", "books", 150)),
    "falling tiers, second": cart(line("1", "B-1", "books", 120, 2)),
    "falling tiers, third": cart(line("1", "B-1", "books", 33.33, 10)),
    "falling percentages": cart(line("1", "T-1", "toys", 49.9, 2), line("2", "T-2", "toys", 80)),
    "unknown field": cart(line("1", "Y-1", "garden", 12.5, 3), customer="C-2"),
    "generic code": cart(line("1", "E-2", "electronics", 88.88, 3), codes=["ＷＥＬＣＯＭＥ-10 "]),
    "unique code": cart(line("1", "E-2", "electronics", 60), codes=["vip-0007"]),
    "revoked and unknown codes": cart(line("1", "E-2", "electronics", 60), codes=["VIP-0002", "NO-SUCH"]),
    "every so much": cart(line("1", "F-1", "food", 155, 2), line("2", "F-9", "food", 300)),
    "sets": cart(line("1", "S-1", "shoes", 199), line("2", "S-2", "shoes", 149), line("3", "M-1", "beauty", 45, 2), line("4", "M-2", "beauty", 60, brand="Lumi")),
    "outlet": cart(line("1", "O-1", "home", 35, 4, tags=["outlet"]), line("2", "E-3", "electronics", 220)),
    "gift and shipping": cart(line("1", "K-1", "kitchen", 130.5), line("2", "P-1", "pets", 20, 3), shipping=15),
    "by segment": cart(line("1", "N-1", "baby", 120), line("2", "H-1", "home", 40), customer="C-9", person={"segments": ["lapsed"], "isNew": False}, channel="app", region="north"),
    "guest": cart(line("1", "X-1", "sports", 70, 2), line("2", "X-2", "sports", 15, selected=False), customer=None),
    "held out or not": cart(line("1", "X-1", "sports", 70), customer="C-3"),
    "floors and tax": cart(line("1", "E-4", "electronics", 300, 2, minUnitPrice=290, taxRate=13), pricesIncludeTax=False),
}


GOODS = [line("1", "E-2", "electronics", 88.88, 3), line("2", "Y-1", "garden", 12.5, 2)]


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Release:
    """The release's app on a data folder."""

    def __init__(self, tree, data):
        self.data, self.database = data, data / "app.db"
        self.program = ["dotnet", str(next(tree.glob("src/CampaignManager.Web/bin/*/net10.0/CampaignManager.Web.dll")))]
        self.settings = ["--Database:Path", str(self.database), "--Lake:Path", str(data / "lake"), "--Lake:Buckets", "2", "--Models:Path", str(data / "models"),
                         "--Webhooks:AllowPrivateAddresses", "true", "--Demo:Customers", str(CUSTOMERS), "--Demo:Months", "15"]
        self.environment = {**os.environ, "ASPNETCORE_ENVIRONMENT": "Development", "OMP_WAIT_POLICY": "PASSIVE"}

    def start(self):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.process = subprocess.Popen(self.program + ["--urls", self.url] + self.settings, cwd=self.data, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.process.kill)
        self.wait(lambda: self.answers("/readyz"), 180)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)

    def answers(self, path):
        try:
            return urllib.request.urlopen(self.url + path).status == 200
        except OSError:
            return False

    def key(self, name, scopes, *more):
        made = subprocess.run(self.program + ["create-api-key", "--name", name, "--scopes", scopes] + self.settings + list(more), cwd=self.data, env=self.environment, capture_output=True, text=True, check=True)
        return made.stdout.split()[-1]

    def wait(self, done, seconds):
        until = time.monotonic() + seconds
        while not done():
            if time.monotonic() > until or self.process.poll() is not None:
                sys.exit("The release did not get there.")
            time.sleep(0.3)

    def rows(self, sql):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute(sql).fetchall()

    def settle(self):
        """Until no job is left to run."""
        states = lambda: [state for (state,) in self.rows('SELECT "State" FROM "JobRuns"')]
        self.wait(lambda: states() and not any(state in ("Queued", "Running") for state in states()), 900)
        broken = self.rows("""SELECT "Kind", "Error" FROM "JobRuns" WHERE "State" <> 'Succeeded'""")
        if broken:
            sys.exit(f"A job failed: {broken}")


class Caller:
    """Somebody with a key."""

    def __init__(self, release, key):
        self.release, self.key = release, key

    def ask(self, method, path, body=None, headers=None, kind="application/json"):
        """Status and answer, JSON where it is JSON."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body, separators=(",", ":")).encode()
        request = urllib.request.Request(self.release.url + "/api/v1" + path, data, {"Authorization": "Bearer " + self.key, **(headers or {})}, method=method)
        if data is not None:
            request.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(request) as response:
                status, text = response.status, response.read().decode()
        except urllib.error.HTTPError as refused:
            status, text = refused.code, refused.read().decode()
        return status, json.loads(text) if text.startswith(("[", "{")) else text

    def send(self, method, path, *more):
        status, answer = self.ask(method, path, *more)
        if status >= 400:
            sys.exit(f"{method} {path}: {status} {answer}")
        return answer

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, body=None, **headers):
        return self.send("POST", path, body, headers)

    def upload(self, path, name, text, mapping):
        edge = "edge" + uuid.uuid4().hex
        part = lambda head, content: f'--{edge}\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n'
        body = part('name="kind"', "experiment") + part('name="mapping"', json.dumps(mapping)) + part(f'name="file"; filename="{name}"', text) + f"--{edge}--\r\n"
        return self.send("POST", path, body.encode(), None, "multipart/form-data; boundary=" + edge)


def experiment_file():
    """A mail sent at random; those with much history react. Fixed by its seed."""
    chance, text = random.Random(7), io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["customer", "mail", "visit", "spend", "history", "recency", "channel"])
    for i in range(900):
        mail, history, recency = chance.random() < 0.5, round(chance.expovariate(1 / 120), 2), chance.randint(1, 12)
        visit = chance.random() < 0.1 + (0.25 if mail and history > 120 else 0)
        out.writerow([f"K-{i}", "letter" if mail else "none", int(visit), round(chance.uniform(20, 200), 2) if visit else 0, history, recency, chance.choice(["web", "phone", "shop"])])
    return text.getvalue()


def make(release, callers, hook):
    """Everything that a shop would have; answers what later code must find again."""
    planner, judge, shop = callers["planner"], callers["judge"], callers["shop"]
    made = {"campaigns": {}, "redemptions": {}}
    planner.send("PUT", "/settings", {"storeMarginPercent": 35, "shipping": 12})
    made["webhook"] = planner.post("/webhooks", {"url": hook, "events": ["campaign.started", "import.done", "model.promoted"], "description": "The shop"})["id"]
    for wanted in LIVE:
        id = made["campaigns"][wanted["name"]] = planner.post("/campaigns", {"experiment": NO_HOLDOUT, **wanted})["id"]
        planner.post(f"/campaigns/{id}/submit")
        judge.post(f"/campaigns/{id}/approve")
        judge.post(f"/campaigns/{id}/launch")
    draft = made["campaigns"][DRAFT["name"]] = planner.post("/campaigns", DRAFT)["id"]
    waiting = made["campaigns"]["Waits for approval"] = planner.post("/campaigns", {**DRAFT, "name": "Waits for approval"})["id"]
    planner.post(f"/campaigns/{waiting}/submit")

    unique, generic = made["campaigns"]["Unique codes"], made["campaigns"]["Generic code"]
    planner.post(f"/campaigns/{unique}/codes", {"name": "Cards", "usesPerCode": 1, "codes": [f"VIP-{i:04}" for i in range(1, 21)]})
    planner.post(f"/campaigns/{unique}/codes", {"name": "Drawn", "count": 5, "prefix": "D-", "length": 8, "usesPerCode": 2})
    withdrawn = planner.post(f"/campaigns/{unique}/codes", {"name": "Withdrawn", "codes": ["OLD-1", "OLD-2"]})
    planner.post(f"/campaigns/{unique}/code-batches/{withdrawn['id']}/revoke")
    planner.post(f"/campaigns/{unique}/codes/VIP-0002/revoke")

    orders = made["redemptions"]

    def redeem(order, lines, key=None, **more):
        body = {"orderId": order, "cart": cart(*lines, **more)}
        return shop.post("/redemptions", body, **({"Idempotency-Key": key} if key else {}))["id"]

    orders["reserved"] = redeem("O-1", GOODS, codes=["welcome-10"])
    orders["to confirm"] = redeem("O-2", GOODS, codes=["VIP-0003"], customer="C-4")
    orders["confirmed"] = redeem("O-3", GOODS, codes=["Welcome-10"], customer="C-5")
    orders["partly refunded"] = redeem("O-4", GOODS, codes=["Welcome-10"], customer="C-6")
    orders["wholly refunded"] = redeem("O-5", GOODS, codes=["VIP-0004"], customer="C-7")
    orders["cancelled"] = redeem("O-6", GOODS, codes=["VIP-0005"], customer="C-8")
    orders["idempotent"] = redeem("O-7", GOODS, key="order-7", customer="C-2")
    for name in ("reserved", "to confirm", "idempotent"):
        shop.post(f"/redemptions/{orders[name]}/extend", {"minutes": HELD})
    for name in ("confirmed", "partly refunded", "wholly refunded"):
        shop.post(f"/redemptions/{orders[name]}/confirm")
    shop.post(f"/redemptions/{orders['partly refunded']}/refunds", {"lines": [{"id": "1", "quantity": 1}]})
    shop.post(f"/redemptions/{orders['wholly refunded']}/refunds", {"lines": [{"id": "1", "quantity": 3}, {"id": "2", "quantity": 2}]})
    shop.post(f"/redemptions/{orders['cancelled']}/cancel")

    made["replay"] = planner.post(f"/campaigns/{made['campaigns']['Empty include']}/replay", {"days": 60})["id"]
    release.settle()
    made["import"] = planner.upload("/imports", "mail.csv", experiment_file(), {
        "name": "Mail", "customerId": "customer", "treatment": {"column": "mail", "control": "none", "arms": ["letter"]},
        "outcomes": [{"column": "visit", "kind": "binary"}, {"column": "spend", "kind": "money", "currency": "CNY"}], "features": "rest"})["id"]
    release.settle()
    made["experiment"] = planner.get("/imports/" + made["import"])["experimentId"]
    train = lambda **more: planner.post("/training-runs", {"kind": "uplift", "seed": 1, **more})["id"]
    made["models"] = {"mail": train(experimentId=made["experiment"], outcome="visit", learner="t"),
                      "mail by LightGBM": train(experimentId=made["experiment"], outcome="visit", learner="t", base="lightgbm")}
    release.settle()
    made["models"]["shop"] = next(m["id"] for m in planner.get("/models")["items"] if m["id"] not in made["models"].values())
    planner.post(f"/models/{made['models']['shop']}/score-runs")
    release.settle()
    planner.get(f"/campaigns/{draft}/suggestions")
    return made


def write_by_hand(database, made):
    """What no call of the API writes; see the top."""
    stored = lambda id: id.upper()
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")
    campaign = stored(made["campaigns"]["Unknown field"])
    (rules,) = database.execute('SELECT "RulesJson" FROM "Campaigns" WHERE "Id" = ?', [campaign]).fetchone()
    odd = json.dumps({**json.loads(rules), "limit": {"uses": 1}, "colour": "red"}, ensure_ascii=False, separators=(",", ":"))
    database.execute('UPDATE "Campaigns" SET "RulesJson" = ? WHERE "Id" = ?', [odd, campaign])
    database.execute('UPDATE "CampaignVersions" SET "RulesJson" = ? WHERE "CampaignId" = ? AND "Version" = (SELECT MAX("Version") FROM "CampaignVersions" WHERE "CampaignId" = ?)', [odd, campaign, campaign])
    made["schedule"] = str(uuid.uuid4())
    database.execute(
        'INSERT INTO "Schedules" ("Id", "Name", "Kind", "Arguments", "Cron", "Zone", "Paused", "SettledUntil", "CreatedById", "CreatedByName", "CreatedAt") VALUES (?,?,?,?,?,?,?,?,?,?,?)',
        [stored(made["schedule"]), "Features at new year", "compute-features", "{}", "30 3 1 1 *", "Asia/Shanghai", 0, now, None, "Ada Admin", now])
    price = {"currency": "CNY", "goods": 45000, "discount": 8000, "shipping": 1000, "shippingDiscount": 1000, "total": 37000, "grants": []}
    database.execute(
        'INSERT INTO "CartExamples" ("Id", "CampaignId", "Name", "CartJson", "ExpectedJson", "AcceptedByName", "AcceptedAt", "CreatedAt", "Version") VALUES (?,?,?,?,?,?,?,?,1)',
        [stored(str(uuid.uuid4())), stored(made["campaigns"]["Empty include"]), "A big one",
         json.dumps({"input": {**CARTS["everything"], "at": datetime.now(timezone.utc).isoformat()}, "countLimits": False}), json.dumps(price), "Mia Marketer", now, now])
    database.commit()


class Script:
    """Calls with what the release answered: a test sends them again. Of a text that is not JSON the first lines and their number are kept."""

    def __init__(self, callers):
        self.callers, self.calls = callers, []

    def add(self, name, caller, method, path, body=None, key=None):
        status, answer = self.callers[caller].ask(method, path, body, {"Idempotency-Key": key} if key else None)
        call = {"name": name, "as": caller, "method": method, "path": path}
        if body is not None:
            call["body"] = body
        if key:
            call["idempotencyKey"] = key
        call["status"] = status
        if isinstance(answer, str):
            lines = answer.split("\n")
            call.update({"lines": len(lines), "firstLines": lines[:12]})
        else:
            call["answer"] = answer
        self.calls.append(call)
        return answer

    def read(self, name, path, caller="planner"):
        return self.add(name, caller, "GET", path)


def answers(callers, made):
    """What the release says of all that, by subject. Reads only."""
    campaigns, models = made["campaigns"], made["models"]
    empty, unique, draft = campaigns["Empty include"], campaigns["Unique codes"], campaigns["A draft"]
    said = {}

    def about(subject):
        script = Script(callers)
        said[subject] = script.calls
        return script

    told = about("campaigns")
    told.read("settings", "/settings")
    told.read("all", "/campaigns?pageSize=200&sort=name")
    told.read("versions of the one with an unknown field", f"/campaigns/{campaigns['Unknown field']}/versions")
    told.read("activity", f"/campaigns/{empty}/activity?pageSize=200")
    told.read("what a customer may have", "/customers/C-1/campaigns?segments=lapsed&isNew=false&channel=app&region=north", "shop")

    told = about("quotes")
    for name, body in CARTS.items():
        told.add(name, "explained", "POST", "/offers/quote", {"cart": body, "explain": "full"})
        told.add(name + ", to the shopper", "shop", "POST", "/offers/quote", {"cart": body, "explain": "shopper"})

    told = about("redemptions")
    for name, id in made["redemptions"].items():
        told.read(name, "/redemptions/" + id, "shop")
    told.read("of an order", "/redemptions?orderId=O-4", "shop")
    told.add("the same call again", "shop", "POST", "/redemptions", {"orderId": "O-7", "cart": cart(*GOODS, customer="C-2")}, "order-7")

    told = about("codes")
    told.read("all", f"/campaigns/{unique}/codes?pageSize=200&sort=code")
    told.read("used ones", f"/campaigns/{unique}/codes?state=usedUp&sort=code")
    told.read("batches", f"/campaigns/{unique}/code-batches")

    told = about("replay")
    told.read("by its run", f"/campaigns/{empty}/replay/{made['replay']}")
    told.read("the newest", f"/campaigns/{empty}/replay?days=60")

    told = about("customers")
    for segment in told.read("segments", "/audiences?pageSize=200")["items"]:
        told.read("members of " + segment["key"], f"/segments/{urllib.parse.quote(segment['key'], safe='')}/customers.csv")
    for id in callers["planner"].get("/segments/loyal/customers.csv").split("\n")[1:6]:
        told.read("segments of " + id, f"/customers/{id}/segments")
    told.read("how they differ from those that the model learnt from", f"/models/{models['shop']}/drift")

    told = about("models")
    people = [{"id": "C-1", "features": {"recency": 3, "history": 210.5, "channel": "web"}}, {"id": "C-2", "features": {"history": 12}}]
    told.read("all", "/models?pageSize=200")
    for name, id in models.items():
        told.read(name, f"/models/{id}")
        told.read("segments by " + name, f"/models/{id}/segments")
        told.read("scores by " + name, f"/models/{id}/scores.csv")
        if name != "shop":
            told.add("people by " + name, "planner", "POST", "/score", {"modelId": id, "customers": people})
    told.read("score runs", f"/models/{models['shop']}/score-runs")
    told.read("training runs", "/training-runs?pageSize=200")
    told.read("import", "/imports/" + made["import"])

    told = about("planning")
    told.read("prediction", f"/campaigns/{draft}/prediction")
    told.read("suggestions", f"/campaigns/{draft}/suggestions")

    told = about("webhooks")
    told.read("all", "/webhooks")
    told.read("deliveries", f"/webhooks/{made['webhook']}/deliveries")
    return said


def steps(callers, made):
    """What happens next, done after the folder is packed: the release's answers to calls that change something, one after the other."""
    script, orders = Script(callers), made["redemptions"]
    unique, draft = made["campaigns"]["Unique codes"], made["campaigns"]["A draft"]
    redemption = lambda name: "/redemptions/" + orders[name]
    fresh = lambda **more: {"cart": cart(line("1", "E-2", "electronics", 60, 2), **more)}
    order = lambda name, id, **more: script.add(name, "sandbox" if name == "sandbox" else "shop", "POST", "/redemptions", {"orderId": id, **more})
    script.add("confirm what was reserved", "shop", "POST", redemption("to confirm") + "/confirm")
    script.add("and pay a part back", "shop", "POST", redemption("to confirm") + "/refunds", {"lines": [{"id": "1", "quantity": 2}]})
    script.add("pay back the rest of one that was partly refunded", "shop", "POST", redemption("partly refunded") + "/refunds",
               {"lines": [{"id": "1", "quantity": 2}, {"id": "2", "quantity": 2}]})
    script.add("it is closed", "shop", "GET", redemption("partly refunded"))
    script.add("pay back more than was bought", "shop", "POST", redemption("confirmed") + "/refunds", {"lines": [{"id": "1", "quantity": 9}]})
    script.add("cancel what was reserved", "shop", "POST", redemption("reserved") + "/cancel")
    script.add("cancel what is confirmed", "shop", "POST", redemption("confirmed") + "/cancel")
    order("the order again", "O-3", **fresh())
    order("a code that was given back", "O-20", **fresh(codes=["VIP-0005"], customer="C-20"))
    order("the code is used up", "O-21", **fresh(codes=["VIP-0005"], customer="C-21"))
    order("a code of the revoked batch", "O-22", **fresh(codes=["OLD-1"], customer="C-22"))
    order("another price than told", "O-23", expectedTotal=1, **fresh(customer="C-23"))
    order("sandbox", "O-24", **fresh(codes=["VIP-0011"], customer="C-24"))
    script.add("bring a code back", "planner", "POST", f"/campaigns/{unique}/codes/VIP-0002/restore")
    script.read("codes", f"/campaigns/{unique}/codes?pageSize=200&sort=code")
    script.add("the draft changes", "planner", "PUT", f"/campaigns/{draft}", {**DRAFT, "note": "Changed"})
    script.read("budgets and uses", "/campaigns?pageSize=200&sort=name")
    return script.calls


def pack(data, path):
    database = sqlite3.connect(data / "app.db")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("VACUUM")
    database.close()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in sorted(f for f in data.rglob("*") if f.is_file() and not f.name.endswith(("-wal", "-shm"))):
            packed.write(file, file.relative_to(data).as_posix())


def main():
    tree = pathlib.Path(sys.argv[1]).resolve()
    data = pathlib.Path(tempfile.mkdtemp(prefix="release-fixture-"))
    hook = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    release = Release(tree, data)
    keys = {"planner": release.key("planner", "all"), "judge": release.key("judge", "campaigns"), "shop": release.key("shop", "offers"),
            "explained": release.key("explained", "offers,offers:explain"), "sandbox": release.key("sandbox", "offers", "--sandbox")}
    callers = {name: Caller(release, key) for name, key in keys.items()}
    release.start()
    release.settle()
    made = make(release, callers, f"http://127.0.0.1:{hook.server_port}/hook")
    release.stop()
    with sqlite3.connect(release.database) as database:
        write_by_hand(database, made)
    release.start()
    release.settle()
    said = answers(callers, made)
    at = datetime.now(timezone.utc).isoformat(timespec="seconds")
    tables = [name for (name,) in release.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
    kinds = [kind for (kind,) in release.rows('SELECT DISTINCT "Kind" FROM "JobRuns" ORDER BY "Kind"')]
    rules = {name: json.loads(text) for name, text in release.rows('SELECT "Name", "RulesJson" FROM "Campaigns" ORDER BY "Name"')}
    release.stop()
    pack(data, HERE / "release.zip")
    release.start()
    then = steps(callers, made)
    release.stop()
    told = {"madeBy": "9cd6b79", "at": at, "keys": keys, "made": made, "tables": tables, "jobKinds": kinds, "storedRules": rules, "answers": said, "steps": then}
    (HERE / "release.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    shutil.rmtree(data)


if __name__ == "__main__":
    main()
