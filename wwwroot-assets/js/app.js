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

  // Sends the chosen file itself, not over the page's live connection: it may be large.
  upload(input, url, limit, page) {
    const file = input.files[0];
    if (!file) return null;
    if (file.size > limit) {
      page.invokeMethodAsync("Refused", "file-too-large", null);
      return null;
    }
    const request = this.uploading = new XMLHttpRequest();
    let told = 0;
    request.upload.onprogress = e => {
      if (e.lengthComputable && performance.now() - told > 200) {
        told = performance.now();
        page.invokeMethodAsync("Progressed", e.loaded / e.total);
      }
    };
    request.onload = () => {
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* not ours: said below */ }
      if (request.status === 200) page.invokeMethodAsync("Uploaded", answer.id);
      else page.invokeMethodAsync("Refused", answer?.code ?? null, answer?.detail ?? null);
    };
    request.onerror = () => page.invokeMethodAsync("Refused", "connection-lost", null);
    request.open("POST", url + (url.includes("?") ? "&" : "?") + "name=" + encodeURIComponent(file.name));
    request.setRequestHeader("RequestVerificationToken", this.token());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
    return { name: file.name, size: file.size };
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
