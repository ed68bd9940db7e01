// The few things that only the browser can do.
window.app = {
  interactive() { document.body.dataset.interactive = "true"; },

  isDark() {
    const theme = document.documentElement.dataset.theme;
    return theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  },

  async setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    await this.send("/account/preferences", { theme });
    return this.isDark();
  },

  // Signing out and switching the language change cookies, so they are real form posts.
  post(action, fields) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = action;
    for (const [name, value] of Object.entries({ ...fields, __RequestVerificationToken: this.token() })) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  },

  setCulture(culture) { this.post("/account/preferences", { culture, returnUrl: location.pathname + location.search }); },

  send(url, fields) {
    const body = new URLSearchParams({ ...fields, __RequestVerificationToken: this.token() });
    return fetch(url, { method: "POST", body });
  },

  token() { return document.querySelector("meta[name=csrf]").content; },

  // The clipboard API wants https; without it the old way still works.
  async copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      try { await navigator.clipboard.writeText(text); return true; } catch { /* refused: the old way */ }
    }
    const area = document.createElement("textarea");
    area.value = text;
    (document.querySelector(".mud-dialog") ?? document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  },

  // Sends the chosen files themselves, one after another, not over the page's live connection: they may be large.
  upload(input, url, limit, page) {
    const files = [...input.files];
    if (files.length === 0) return null;
    if (files.some(f => f.size > limit)) {
      page.invokeMethodAsync("Refused", "file-too-large", null);
      return null;
    }
    const size = files.reduce((sum, f) => sum + f.size, 0);
    this.sendFile(files, 0, 0, size, url, page);
    return { name: files.map(f => f.name).join(", "), size };
  },

  sendFile(files, at, sent, size, url, page) {
    const request = this.uploading = new XMLHttpRequest();
    let told = 0;
    request.upload.onprogress = e => {
      if (e.lengthComputable && performance.now() - told > 200) {
        told = performance.now();
        page.invokeMethodAsync("Progressed", Math.min(1, (sent + e.loaded) / size));
      }
    };
    request.onload = () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* not ours: said below */ }
      if (request.status !== 200) page.invokeMethodAsync("Refused", answer?.code ?? null, answer?.detail ?? null);
      else if (at + 1 === files.length) page.invokeMethodAsync("Uploaded", answer.id);
      else this.sendFile(files, at + 1, sent + files[at].size, size, url.split("?")[0] + "?import=" + answer.id, page);
    };
    request.onerror = () => page.invokeMethodAsync("Refused", "connection-lost", null);
    request.open("POST", url + (url.includes("?") ? "&" : "?") + "name=" + encodeURIComponent(files[at].name));
    request.setRequestHeader("RequestVerificationToken", this.token());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(files[at]);
  },

  // Asks the page on the server for a sign of life as long as the place is there, and marks the place while none comes: a server that
  // hangs closes no connection, and what the place says was true before.
  watch(place, page) {
    let owed = 0;
    const timer = setInterval(() => {
      if (!place.isConnected) { clearInterval(timer); return; }
      owed ||= performance.now();
      place.toggleAttribute("data-silent", performance.now() - owed > 2500);
      page.invokeMethodAsync("Answer").then(() => { owed = 0; place.removeAttribute("data-silent"); }, () => { /* not connected: asked again */ });
    }, 1000);
  },

  cancelUpload() { this.uploading?.abort(); },

  // Saves text that the page already holds, e.g. a chart's table as CSV.
  saveText(name, text, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  },
};

// The panel that Blazor shows while the connection is down, by events on this element.
(() => {
  const panel = document.getElementById("components-reconnect-modal");
  if (!panel) return;
  const retry = async () => {
    document.removeEventListener("visibilitychange", whenSeen);
    try {
      if (!await Blazor.reconnect() && !await Blazor.resumeCircuit()) location.reload();
    } catch {
      document.addEventListener("visibilitychange", whenSeen);
    }
  };
  const whenSeen = () => { if (document.visibilityState === "visible") retry(); };
  panel.addEventListener("components-reconnect-state-changed", event => {
    switch (event.detail.state) {
      case "show": if (!panel.open) panel.showModal(); break;
      case "hide": panel.close(); break;
      case "failed": document.addEventListener("visibilitychange", whenSeen); break;
      case "paused": retry(); break;
      // The server is there and no longer knows this page.
      case "rejected": case "resume-failed": location.reload(); break;
    }
  });
  // Escape would leave a page that looks alive and is not.
  panel.addEventListener("cancel", event => event.preventDefault());
  document.getElementById("reconnect-now").addEventListener("click", retry);
})();
