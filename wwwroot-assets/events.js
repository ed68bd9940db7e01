// What visitors of a shop's pages do, told to CampaignManager. No cookie and no storage unless data-store asks for one. Guide: docs/events.md
(() => {
  const tag = document.currentScript, { key, store, consent, debug } = tag.dataset;
  const to = new URL("api/v1/events?key=" + key, tag.src).href, name = "cm_id", most = 50, held = 200;
  let allowed = consent !== "wait" && !navigator.globalPrivacyControl;
  let waiting = [], sending = false, timer, pause = 0, who = tag.dataset.anonymousId;

  const id = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("");

  // Storage may be closed to us: then the id lives as long as the page.
  const kept = value => {
    try {
      const shelf = store === "local" ? localStorage : store === "session" ? sessionStorage : null;
      if (store === "cookie") {
        if (value !== undefined) document.cookie = `${name}=${value};path=/;max-age=${value ? 31536000 : 0};samesite=lax`;
        return (document.cookie.match(/(?:^|; )cm_id=([^;]+)/) || [])[1];
      }
      if (value) shelf?.setItem(name, value);
      else if (value === "") shelf?.removeItem(name);
      return shelf?.getItem(name);
    } catch { }
  };

  const visitor = () => {
    if (!who) {
      who = kept() || id();
      kept(who);
    }
    return who;
  };

  const later = ms => timer ??= setTimeout(flush, ms);

  // Sent again after a failure, the same events have the same ids: the server counts them once.
  async function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (!allowed || sending || !waiting.length) return;
    const batch = waiting.splice(0, most);
    sending = true;
    let done = false;
    try {
      const answer = await fetch(to, { method: "POST", body: body(batch), keepalive: true, credentials: "omit", headers: { "Content-Type": "text/plain" } });
      done = answer.status < 500 && answer.status !== 429;
      if (debug !== undefined) console.log("events.js", answer.status, await answer.json());
    } catch { }
    sending = false;
    if (!done && allowed) waiting.unshift(...batch);
    pause = done ? 0 : Math.min(60000, 2 * pause || 2000);
    if (waiting.length) later(pause);
  }

  const body = batch => {
    for (const event of batch) event.anonymousId ??= visitor();
    return JSON.stringify(batch);
  };

  // A page that is being left has no time for answers.
  const leave = () => {
    while (allowed && waiting.length) {
      const batch = waiting.splice(0, most);
      if (!navigator.sendBeacon(to, new Blob([body(batch)], { type: "text/plain" }))) {
        waiting.unshift(...batch);
        return;
      }
    }
  };

  const add = (type, data, eventId = id()) => {
    if (waiting.length < held) waiting.push({ eventId, type, at: new Date().toISOString(), ...data });
    later(pause || 500);
  };

  const calls = {
    view: data => add("view", data),
    cart: data => add("cart", data),
    // One event a line, under ids that a reload of the page says again.
    order: ({ lines = [{}], ...order }) => lines.forEach((line, i) => add("order", { ...order, ...line }, `order-${order.orderId}-${i}`)),
    // { customerId, token }: the token is signed by the shop's server.
    identify: data => add("identify", data),
    // Until it is given nothing leaves the page; taken back, what waits and the visitor's id are forgotten.
    consent: given => {
      allowed = given;
      if (given) return flush();
      waiting = [];
      who = undefined;
      kept("");
    },
  };

  const before = window.cm?.q || [];
  window.cm = (call, data) => {
    try {
      calls[call](data);
    } catch (wrong) {
      console.warn("events.js", call, wrong);
    }
  };
  before.forEach(call => window.cm(...call));
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
})();
