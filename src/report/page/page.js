"use strict";
// The calls as ribbons: drawn when they come into view, zoomed and played when asked for. No network, no library.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const rows = [...document.querySelectorAll("table.calls > tbody > tr")];
  const SVG = "http://www.w3.org/2000/svg";
  const audio = new Audio();
  let stopAt = Infinity, panel = null;

  // on a telephone tables are laid out as lists; they stay tables to a screen reader
  const roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
  for (const part of document.querySelectorAll("table, thead, tbody, tr, th, td")) {
    part.setAttribute("role", roles[part.tagName] || (part.scope === "col" ? "columnheader" : "rowheader"));
  }

  const element = (name, attributes, parent) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (parent) parent.append(made);
    return made;
  };
  const clock = (s) => {
    const tenths = Math.round(s * 10);
    return `${Math.floor(tenths / 600)}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}${words.point}${tenths % 10}`;
  };
  // a segment is [part, start, end, message]; times are in hundredths of a second
  const start = (segment) => segment[1] / 100, end = (segment) => segment[2] / 100;
  const name = (segment) => data.parts[segment[0]].name + (segment[3] ? ` ${segment[3]}` : "");
  const span = (segment) => `${name(segment)}, ${clock(start(segment))} – ${clock(end(segment))}`;

  // places are per cents, so that the patterns keep their shape whatever the width
  function small(call) {
    const svg = element("svg", { role: "img" });
    const share = (s) => `${(s / data.longest * 100).toFixed(3)}%`;
    svg.setAttribute("aria-label", call.segments.map(span).join("; "));
    for (const s of call.segments) {
      element("rect", { x: share(start(s)), width: share(Math.max(end(s) - start(s), 0.01)), height: 26, fill: data.parts[s[0]].fill }, svg);
    }
    for (const [key, at] of call.keys) {
      element("title", {}, element("rect", { x: share(at / 100), width: 2, height: 26, fill: "#000" }, svg)).append(`${words.key} ${key}`);
    }
    return svg;
  }

  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || target.firstChild) continue;
      const call = data.calls[rows.indexOf(target.parentElement)];
      if (call) target.append(small(call));
    }
  }, { rootMargin: "400px" });
  rows.forEach((row) => seen.observe(row.lastElementChild));
  addEventListener("beforeprint", () => rows.forEach((row, i) => {
    if (!row.lastElementChild.firstChild) row.lastElementChild.append(small(data.calls[i]));
  }));

  function play(call, from, to) {
    if (!call.audio) return words.noAudio;
    if (audio.dataset.of !== call.audio) {
      audio.src = call.audio;
      audio.dataset.of = call.audio;
    }
    stopAt = to;
    const begin = () => {
      audio.currentTime = from;
      audio.play().catch(() => { if (panel) panel.say(words.cannotPlay); });
    };
    if (audio.readyState > 0) begin();
    else audio.addEventListener("loadedmetadata", begin, { once: true });
    audio.onerror = () => { if (panel) panel.say(words.cannotPlay); };
    return `${words.playing} ${clock(from)} – ${clock(to)}`;
  }
  audio.addEventListener("timeupdate", () => {
    if (audio.currentTime >= stopAt) audio.pause();
    if (panel) panel.mark(audio.currentTime);
  });

  // a number that several calls make leaves only these in the list, each with its own value and where to hear it
  const bar = document.createElement("p"), barText = document.createElement("span");
  let basis = null, origin = null;
  for (const [text, action] of [[words.showAll, release], [words.back, () => { const to = origin; release(); to.focus(); }]]) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", action);
    bar.append(made);
  }
  bar.id = "basis";
  bar.tabIndex = -1;
  bar.hidden = true;
  bar.prepend(barText);
  document.getElementById("filters").after(bar);
  for (const link of document.querySelectorAll("a[data-b]")) {
    link.title = `${words.rests} ${new Set(data.bases[link.dataset.b].map((place) => place[0])).size} ${words.calls}`;
  }
  function called(link) {
    const host = link.closest("tr, article, li"), head = host && host.querySelector("th, h3, span");
    const cell = link.closest("td");
    const about = [head && (head.querySelector(".num") || head).firstChild.textContent.trim() || head && head.textContent.trim(), cell && cell.dataset.l];
    return `${about.filter(Boolean).join(", ")}: ${link.textContent}`;
  }
  function rest(link) {
    release();
    for (const select of selects) select.value = "";
    find.value = "";
    origin = link;
    basis = new Map();
    for (const [call, at, said] of data.bases[link.dataset.b]) {
      if (!basis.has(call)) {
        basis.set(call, document.createElement("small"));
        basis.get(call).className = "at";
        rows[call].cells[0].append(basis.get(call));
      }
      const place = document.createElement("span");
      place.append(said);
      if (at !== null) {
        const listen = document.createElement("a");
        listen.href = `#call-${call}`;
        listen.dataset.call = call;
        listen.dataset.at = at / 100;
        listen.textContent = `${words.from} ${clock(at / 100)}`;
        place.append(said ? " " : "", listen);
      }
      basis.get(call).append(place);
    }
    barText.textContent = `${words.behind} “${called(link)}”`;
    bar.hidden = false;
    filter();
    bar.scrollIntoView({ block: "start" });
    bar.focus({ preventScroll: true });
  }
  function release() {
    if (basis) for (const places of basis.values()) places.remove();
    basis = null;
    bar.hidden = true;
    filter();
  }

  function open(row, at) {
    const i = rows.indexOf(row), call = data.calls[i];
    if (panel) panel.close();
    const line = document.createElement("tr");
    line.className = "panel";
    const cell = line.insertCell();
    cell.colSpan = row.cells.length;
    const tools = document.createElement("div");
    tools.className = "tools";
    const svg = element("svg", { class: "big-ribbon", role: "group" });
    svg.setAttribute("aria-label", `${row.querySelector(".open").textContent}: ${words.segments}`);
    const said = document.createElement("p");
    said.className = "said";
    said.setAttribute("aria-live", "polite");
    let from = 0, to = call.duration;
    const x = (s) => `${((s - from) / (to - from) * 100).toFixed(3)}%`;
    let head = null;

    function draw() {
      const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.n : undefined;
      svg.replaceChildren();
      call.segments.forEach((s, n) => {
        const [a, b] = [Math.max(start(s), from), Math.min(end(s), to)];
        if (b <= a) return;
        const part = data.parts[s[0]];
        const g = element("rect", {
          x: x(a), width: `${Math.max((b - a) / (to - from) * 100, 0.05).toFixed(3)}%`, y: 4, height: 66, fill: part.fill,
          tabindex: 0, role: "button", "aria-label": `${words.play} ${span(s)}`, "data-n": n,
        }, svg);
        element("title", {}, g).append(span(s));
        const go = () => say(`${span(s)}. ${play(call, start(s), end(s))}`);
        g.addEventListener("click", go);
        g.addEventListener("keydown", (e) => {
          if (e.key === "Enter" || e.key === " ") { e.preventDefault(); go(); }
          const next = e.key === "ArrowRight" ? g.nextElementSibling : e.key === "ArrowLeft" ? g.previousElementSibling : null;
          if (next && next.focus) { e.preventDefault(); next.focus(); }
        });
        if (String(n) === focused) g.focus();
      });
      for (const [, at] of call.keys) {
        if (at / 100 >= from && at / 100 <= to) element("rect", { x: x(at / 100), width: 3, y: 0, height: 74, fill: "#000" }, svg);
      }
      const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800].find((s) => (to - from) / s <= 10) || 3600;
      for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
        element("rect", { x: x(t), width: 1, y: 70, height: 8, fill: "#555" }, svg);
      }
      scale.textContent = `${clock(from)} – ${clock(to)}`;
      head = null;
    }
    function zoom(factor, centre) {
      const wide = Math.min(Math.max((to - from) * factor, 1), call.duration);
      from = Math.min(Math.max(centre - wide / 2, 0), call.duration - wide);
      to = from + wide;
      draw();
    }
    function say(text) { said.textContent = text; }
    function button(text, action) {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = text;
      made.addEventListener("click", action);
      tools.append(made);
      return made;
    }
    const middle = () => (from + to) / 2;
    button(words.zoomIn, () => zoom(0.5, middle())).dataset.do = "in";
    button(words.zoomOut, () => zoom(2, middle())).dataset.do = "out";
    button(words.earlier, () => zoom(1, middle() - (to - from) / 2));
    button(words.later, () => zoom(1, middle() + (to - from) / 2));
    button(words.playAll, () => say(play(call, from, to))).dataset.do = "play";
    button(words.stop, () => audio.pause());
    const scale = document.createElement("span");
    tools.append(scale);
    svg.addEventListener("wheel", (e) => {
      if (!e.ctrlKey) return;
      e.preventDefault();
      const box = svg.getBoundingClientRect();
      zoom(e.deltaY < 0 ? 0.7 : 1.4, from + (e.clientX - box.left) / box.width * (to - from));
    }, { passive: false });
    cell.append(tools, svg, said);
    row.after(line);
    const opener = row.querySelector(".open");
    opener.setAttribute("aria-expanded", "true");
    panel = {
      row, say,
      mark(t) {
        if (!head) head = element("line", { class: "playing", y1: 0, y2: 78 }, svg);
        head.setAttribute("x1", x(t));
        head.setAttribute("x2", x(t));
      },
      close() {
        audio.pause();
        line.remove();
        opener.setAttribute("aria-expanded", "false");
        panel = null;
      },
    };
    draw();
    if (at !== undefined) {
      zoom(Math.min(1, 30 / call.duration), at);
      const here = call.segments.findIndex((s) => start(s) <= at && at < end(s));
      if (here >= 0) say(span(call.segments[here]));
    }
  }

  document.addEventListener("click", (e) => {
    const opener = e.target.closest(".open");
    if (opener) {
      const row = opener.closest("tr");
      if (panel && panel.row === row) panel.close();
      else open(row);
    }
    const resting = e.target.closest("a[data-b]");
    if (resting) {
      e.preventDefault();
      rest(resting);
    }
    const link = e.target.closest("a[data-call]");
    if (link) {
      e.preventDefault();
      const row = rows[Number(link.dataset.call)];
      row.hidden = false;
      open(row, link.dataset.at === undefined ? undefined : Number(link.dataset.at));
      row.scrollIntoView({ block: "center" });
      row.querySelector(".open").focus({ preventScroll: true });
    }
  });

  const find = document.getElementById("find"), shown = document.getElementById("shown");
  const selects = [...document.querySelectorAll("#filters select")];
  function filter() {
    const text = find.value.trim().toLowerCase();
    let count = 0;
    for (const [i, row] of rows.entries()) {
      const fits = selects.every((s) => !s.value || row.cells[s.dataset.column].textContent === s.value);
      row.hidden = !(fits && (!basis || basis.has(i)) && (!text || row.textContent.toLowerCase().includes(text)));
      count += row.hidden ? 0 : 1;
    }
    if (panel && panel.row.hidden) panel.close();
    shown.textContent = `${count} / ${rows.length}`;
  }
  document.getElementById("filters").addEventListener("input", filter);
  document.getElementById("filters").addEventListener("submit", (e) => e.preventDefault());
  filter();
})();
