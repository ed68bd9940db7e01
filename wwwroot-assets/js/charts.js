// Draws what Shared/Charts describe, with the ECharts that the package brings. Colours come from the stylesheet, so both themes follow;
// figures are written by the page's language. Nothing is evaluated: a strict content policy can hold.
window.charts = (() => {
  const shown = new Map();
  const roles = {
    treated: "--accent", control: "--chart-control", loss: "--loss",
    blue: "--chart-blue", orange: "--chart-orange", vermilion: "--chart-vermilion", purple: "--chart-purple", sky: "--chart-sky",
  };
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = role => css(roles[role] ?? "--accent");
  const escape = text => String(text).replace(/[&<>"]/g, c => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

  // The minus sign of the pages, not a hyphen.
  const minus = text => text.replace("-", "−");
  const written = (number, points) => { const write = writer(number, points); return v => minus(write(v)); };
  const between = (document.documentElement.lang || "en").startsWith("zh") ? " ~ " : " .. ";

  function writer(number, points) {
    const lang = document.documentElement.lang || "en";
    const digits = number.decimals;
    const plain = options => new Intl.NumberFormat(lang, options);
    const fixed = digits === null || digits === undefined ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: digits };
    switch (number.kind) {
      case "percent": { const f = plain({ style: "percent", maximumFractionDigits: digits ?? 1 }); return v => f.format(v); }
      case "points": { const f = plain({ ...fixed, signDisplay: "exceptZero" }); return v => f.format(v * 100) + " " + points; }
      case "money": { const f = plain(fixed); return v => f.format(v) + " " + number.currency; }
      case "day": { const f = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeZone: "UTC" }); return v => f.format(v * 864e5); }
      default: { const f = plain(fixed); return v => f.format(v); }
    }
  }

  // An axis names its unit once, in its title. Ticks may lie closer than the figures' digits: they take as many as they need.
  function ticks(number) {
    if (number.kind === "day") {
      const days = new Intl.DateTimeFormat(document.documentElement.lang || "en", { month: "short", day: "numeric", timeZone: "UTC" });
      return v => days.format(v * 864e5);
    }
    const f = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumSignificantDigits: 4 });
    return v => minus(number.kind === "points" ? f.format(v * 100) : number.kind === "percent" ? f.format(v * 100) + "%" : f.format(v));
  }
  const named = (name, number, points) => number.kind === "points" ? `${name} (${points})` : number.kind === "money" ? `${name} (${number.currency})` : name;

  // Round ends and steps that hold every figure, the intervals' ends too, which ECharts does not know of.
  function scale(values, withZero) {
    const known = values.filter(v => v !== null && v !== undefined);
    let low = Math.min(...known, ...(withZero ? [0] : [])), high = Math.max(...known, ...(withZero ? [0] : []));
    if (!(high > low)) { const pad = Math.abs(low) * 0.1 || 1; low -= pad; high += pad; }
    const raw = (high - low) / 5, power = 10 ** Math.floor(Math.log10(raw));
    const interval = power * [1, 2, 2.5, 5, 10].find(m => m * power >= raw * 0.999);
    return { min: Math.floor(low / interval + 1e-9) * interval, max: Math.ceil(high / interval - 1e-9) * interval, interval };
  }

  // What tells "favourite_category = toys" from its neighbours stands at its end: where a name is too long its beginning is cut. ECharts cuts what is still too long.
  const pen = document.createElement("canvas").getContext("2d");
  function fitted(name, width) {
    const wide = text => (pen.font = `12px ${getComputedStyle(document.body).fontFamily}`, pen.measureText(text).width > width - 6);
    const [, what, which] = /^(.+?)( (?:[=≠≤>]) .+)$/s.exec(name) ?? [];
    if (!what || !wide(name)) return name;
    let kept = what.length - 1;
    while (kept > 3 && wide(what.slice(0, kept).trimEnd() + "…" + which)) kept--;
    return what.slice(0, kept).trimEnd() + "…" + which;
  }

  const axis = extra => ({
    nameTextStyle: { color: css("--ink-2"), fontSize: 12 },
    axisLabel: { color: css("--ink-2"), fontSize: 12, hideOverlap: true, ...extra.axisLabel },
    axisLine: { show: false }, axisTick: { show: false },
    splitLine: { show: extra.grid !== false, lineStyle: { color: css("--line") } },
    ...extra.axis,
  });

  const tooltip = formatter => ({
    backgroundColor: css("--paper"), borderColor: css("--line"), textStyle: { color: css("--ink"), fontSize: 12 }, confine: true, formatter,
  });

  // Lines that end together, as all curves of one set of customers do, would write their names over each other: those are moved apart, by so many pixels each.
  function apart(lines, { min, max }) {
    const plot = 220, lineHeight = 15;
    const ends = lines.map((line, i) => ({ i, at: plot * (max - (line.data.at(-1)?.[1] ?? min)) / (max - min) })).sort((a, b) => a.at - b.at || a.i - b.i);
    const moved = lines.map(() => 0);
    let group = [];
    for (const end of [...ends, null]) {
      if (end && (!group.length || end.at - group.at(-1).at < lineHeight)) { group.push(end); continue; }
      const middle = group.reduce((sum, e) => sum + e.at, 0) / group.length;
      group.forEach((e, k) => moved[e.i] = group.length > 1 ? middle + (k - (group.length - 1) / 2) * lineHeight - e.at : 0);
      group = [end];
    }
    return moved;
  }

  function lines(spec) {
    const x = written(spec.xNumber, spec.points), y = written(spec.yNumber, spec.points);
    const series = [];
    const all = spec.lines.flatMap(l => l.data);
    const yScale = scale(all.flatMap(p => [p[1], p[2], p[3]]), true), moved = apart(spec.lines, yScale);
    for (const [i, line] of spec.lines.entries()) {
      const ink = colour(line.role);
      if (line.data.some(p => p[2] !== null && p[3] !== null)) {
        series.push({
          type: "custom", silent: true, z: 1, tooltip: { show: false }, data: [0],
          renderItem: (_, api) => {
            const upper = line.data.map(p => api.coord([p[0], p[3]])), lower = line.data.map(p => api.coord([p[0], p[2]])).reverse();
            return { type: "polygon", shape: { points: [...upper, ...lower] }, style: { fill: ink, opacity: 0.16 } };
          },
          encode: { x: -1, y: -1 },
        });
      }
      series.push({
        type: "line", name: line.name, z: 3, showSymbol: line.data.length < 3, symbol: "circle", symbolSize: 6, data: line.data.map(p => [p[0], p[1]]), color: ink,
        lineStyle: { width: line.dashed ? 1.5 : 2.5, type: line.dashed ? "dashed" : line.role === "blue" ? [12, 4] : "solid" },
        endLabel: { show: true, formatter: "{a}", color: ink, fontSize: 12, distance: 6, offset: [0, moved[i]] },
      });
    }
    const marked = spec.markX !== null && spec.markX !== undefined && series.length > 0;
    if (marked)
      series[series.length - 1].markLine = {
        symbol: "none", silent: true, lineStyle: { color: css("--ink-2"), type: "dotted" }, label: { formatter: spec.markText ?? "", color: css("--ink-2") }, data: [{ xAxis: spec.markX }],
      };
    const band = (line, at) => { const p = line.data.find(d => d[0] === at); return p && p[2] !== null && p[3] !== null ? ` [${y(p[2])}${between}${y(p[3])}]` : ""; };
    const longest = Math.max(0, ...spec.lines.map(l => [...l.name].reduce((n, c) => n + (c.charCodeAt(0) > 255 ? 12 : 6.5), 0)));
    return {
      grid: { left: 0, right: Math.min(140, longest + 16), top: marked ? 48 : 32, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "all" },
      xAxis: axis({ grid: false, axisLabel: { formatter: ticks(spec.xNumber) }, axis: {
        type: "value", name: named(spec.xLabel, spec.xNumber, spec.points), nameLocation: "middle", nameGap: 28, min: Math.min(...all.map(p => p[0])), max: Math.max(...all.map(p => p[0])),
        minInterval: spec.xNumber.kind === "day" ? 1 : 0, axisLine: { show: true, lineStyle: { color: css("--ink-2") } } } }),
      yAxis: axis({ axisLabel: { formatter: ticks(spec.yNumber) }, axis: { type: "value", name: named(spec.yLabel, spec.yNumber, spec.points), nameLocation: "end", nameGap: marked ? 28 : 15, nameTextStyle: { align: "left", color: css("--ink-2"), fontSize: 12 }, ...yScale } }),
      tooltip: { trigger: "axis", axisPointer: { type: "line", lineStyle: { color: css("--ink-2") } }, ...tooltip(items => {
        const own = items.filter(i => i.seriesType === "line");
        if (!own.length) return "";
        const rows = own.map(i => { const line = spec.lines.find(l => l.name === i.seriesName); return `${i.marker}${escape(i.seriesName)} <b>${y(i.value[1])}</b>${band(line, i.value[0])}`; });
        return [`${escape(spec.xLabel)} ${x(own[0].value[0])}`, ...rows].join("<br>");
      }) },
      series,
    };
  }

  function bars(spec, room) {
    const write = written(spec.number, spec.points);
    const rows = spec.bars, ink = css("--ink");
    const has = b => b.low !== null && b.low !== undefined && b.high !== null && b.high !== undefined;
    const at = (value, i) => spec.upright ? [i, value] : [value, i];
    // A few bars have the height for names of two or three lines; among many a long name is cut, and whole in the tooltip.
    const roomy = !spec.upright && rows.length <= 8;
    const nameWidth = spec.upright ? undefined : Math.min(190, 0.4 * room);
    const category = axis({ grid: false, axisLabel: { color: ink, width: nameWidth, formatter: roomy || spec.upright ? undefined : name => fitted(name, nameWidth), lineHeight: roomy ? 15 : undefined, overflow: roomy ? "break" : "truncate", interval: 0 }, axis: { type: "category", data: rows.map(b => b.label), inverse: !spec.upright,
      ...(spec.upright ? { name: spec.labelName, nameLocation: "middle", nameGap: 28 } : {}) } });
    const values = axis({ axisLabel: { formatter: ticks(spec.number) }, axis: { type: "value", name: named(spec.valueName, spec.number, spec.points),
      ...(spec.upright ? { nameLocation: "end", nameTextStyle: { align: "left", color: css("--ink-2"), fontSize: 12 } } : { nameLocation: "middle", nameGap: 28 }),
      ...scale(rows.flatMap(b => [b.value, b.low, b.high, b.marker]), true) } });
    const series = [
      { type: "bar", name: spec.valueName, color: colour("treated"), barMaxWidth: 22, z: 2, data: rows.map(b => ({ value: b.value, itemStyle: { color: colour(b.role), opacity: 0.75, borderRadius: 2 } })),
        markLine: { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: css("--ink-2"), type: "solid", width: 1 }, data: [spec.upright ? { yAxis: 0 } : { xAxis: 0 }] } },
      { type: "custom", z: 5, silent: true, data: rows.map((b, i) => i), encode: { x: -1, y: -1 },
        renderItem: (params, api) => {
          const i = params.dataIndex, b = rows[i];
          if (!has(b)) return null;
          const from = api.coord(at(b.low, i)), to = api.coord(at(b.high, i)), cap = 5;
          const dx = spec.upright ? cap : 0, dy = spec.upright ? 0 : cap;
          const stroke = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: ink, lineWidth: 1.5 } });
          return { type: "group", children: [stroke(...from, ...to), stroke(from[0] - dx, from[1] - dy, from[0] + dx, from[1] + dy), stroke(to[0] - dx, to[1] - dy, to[0] + dx, to[1] + dy)] };
        } },
    ];
    if (spec.markerName)
      series.push({ type: "scatter", name: spec.markerName, symbol: "diamond", symbolSize: 11, z: 6, color: colour("orange"), itemStyle: { borderColor: ink, borderWidth: 1 },
        data: rows.map((b, i) => b.marker === null ? null : at(b.marker, i)).filter(p => p) });
    return {
      grid: { left: 6, right: 24, top: spec.upright || spec.markerName ? 32 : 8, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "all" },
      legend: spec.markerName ? { top: 0, right: 0, textStyle: { color: css("--ink-2") }, data: [spec.valueName, spec.markerName], selectedMode: false } : undefined,
      xAxis: spec.upright ? category : values, yAxis: spec.upright ? values : category,
      tooltip: { trigger: "axis", axisPointer: { type: "none" }, ...tooltip(items => {
        const b = rows[items[0].dataIndex];
        const text = [`<b>${escape(b.label)}</b>`, `${escape(spec.valueName)} <b>${write(b.value)}</b>${has(b) ? ` [${write(b.low)}${between}${write(b.high)}]` : ""}`];
        if (spec.markerName && b.marker !== null) text.push(`${escape(spec.markerName)} <b>${write(b.marker)}</b>`);
        return text.join("<br>");
      }) },
      series,
    };
  }

  // Bars over a scale of numbers, so that a threshold lies where it is; the last one is open and drawn as wide as the one before.
  function histogram(spec) {
    const x = written(spec.xNumber, spec.points), y = written(spec.yNumber, spec.points), bins = spec.bins;
    const width = bins.length && bins[0].to !== null ? bins[0].to - bins[0].from : 1;
    const end = b => b.to ?? b.from + width;
    const range = b => b.to === null ? `${x(b.from)} ${spec.more}` : `${x(b.from)} – ${x(b.to)}`;
    return {
      grid: { left: 0, right: 24, top: 48, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "all" },
      xAxis: axis({ grid: false, axisLabel: { formatter: ticks(spec.xNumber) }, axis: {
        type: "value", name: named(spec.xLabel, spec.xNumber, spec.points), nameLocation: "middle", nameGap: 28, min: 0, max: bins.length ? end(bins[bins.length - 1]) : 1,
        axisLine: { show: true, lineStyle: { color: css("--ink-2") } } } }),
      yAxis: axis({ axisLabel: { formatter: ticks(spec.yNumber) }, axis: { type: "value", name: spec.yLabel, nameLocation: "end", nameGap: 28,
        nameTextStyle: { align: "left", color: css("--ink-2"), fontSize: 12 }, ...scale(bins.map(b => b.count), true) } }),
      tooltip: { trigger: "item", ...tooltip(item => { const b = bins[item.dataIndex]; return `${escape(range(b))}<br>${escape(spec.yLabel)} <b>${y(b.count)}</b>`; }) },
      series: [{
        type: "custom", name: spec.yLabel, z: 2, clip: true, encode: { x: [0, 1], y: 2 }, data: bins.map(b => [b.from, end(b), b.count]),
        renderItem: (params, api) => {
          const b = bins[params.dataIndex], low = api.coord([b.from, 0]), high = api.coord([end(b), b.count]);
          return { type: "rect", shape: { x: low[0] + 1, y: high[1], width: Math.max(1, high[0] - low[0] - 2), height: low[1] - high[1] }, style: { fill: colour(b.role), opacity: 0.75 } };
        },
      }, {
        // A series of its own that shows nothing else: bars drawn by hand carry no lines.
        type: "line", silent: true, showSymbol: false, lineStyle: { opacity: 0 }, data: [[0, 0]], tooltip: { show: false },
        markLine: { symbol: "none", silent: true, lineStyle: { color: css("--ink"), type: "dashed", width: 1.5 },
          data: spec.marks.map(m => ({ xAxis: m.at, label: { formatter: m.text, color: css("--ink"), fontSize: 12 } })) },
      }],
    };
  }

  const kinds = { bars, histogram, lines };

  // The drawing is XML, and ECharts writes names of fonts into its attributes as they are: in double quotes they would end them.
  const font = () => getComputedStyle(document.body).fontFamily.replaceAll('"', "'");

  function draw(entry) {
    const option = kinds[entry.spec.kind](entry.spec, entry.chart.getWidth());
    option.animation = false;
    option.textStyle = { fontFamily: font() };
    entry.chart.setOption(option, true);
  }

  function redrawAll() { for (const entry of shown.values()) draw(entry); }
  new MutationObserver(redrawAll).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);

  // The library is larger than all the rest of a page: it is fetched where there is a chart, and once.
  let library;
  const loaded = () => library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = document.querySelector("meta[name=charts]").content;
    script.onload = done;
    script.onerror = () => { library = null; failed(new Error("The charts could not be loaded.")); };
    document.head.append(script);
  });

  return {
    async show(element, json) {
      element.dataset.wanted = json;
      await loaded();
      // Meanwhile the page may have moved on, or asked for something newer.
      if (!element.isConnected || element.dataset.wanted !== json) return;
      delete element.dataset.wanted;
      let entry = shown.get(element);
      if (!entry) {
        entry = { chart: echarts.init(element, null, { renderer: "svg" }) };
        entry.observer = new ResizeObserver(() => { if (element.offsetWidth) entry.chart.resize(); });
        entry.observer.observe(element);
        shown.set(element, entry);
      }
      entry.spec = JSON.parse(json);
      draw(entry);
      element.dataset.drawn = "true";
    },

    dispose(element) {
      const entry = shown.get(element);
      if (!entry) return;
      entry.observer.disconnect();
      entry.chart.dispose();
      shown.delete(element);
    },

    save(element, name) {
      const entry = shown.get(element);
      if (!entry) return;
      const image = new Image();
      image.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = 2 * element.offsetWidth;
        canvas.height = 2 * element.offsetHeight;
        const pen = canvas.getContext("2d");
        pen.fillStyle = css("--paper");
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(image, 0, 0, canvas.width, canvas.height);
        const link = document.createElement("a");
        link.href = canvas.toDataURL("image/png");
        link.download = name;
        link.click();
      };
      image.src = entry.chart.getDataURL({ type: "svg" });
    },
  };
})();
