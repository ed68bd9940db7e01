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

  // Saves text that the page already holds, e.g. a chart's table as CSV.
  saveText(name, text, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  },
};
