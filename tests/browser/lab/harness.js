// Loads documents into frames, many at a time; looks at each; uses each as a visitor would; and
// reports what ran. Driven by `run(items)`, which answers with a result for each item.
"use strict";

const SITE = "site.test";
const CODE = new Set(["javascript:", "vbscript:", "data:"]);
const URLS = new Set(["href", "src", "action", "formaction", "data", "xlink:href"]);
// To these a `data:` URL is a picture, in which nothing runs.
const PICTURES = new Set(["img", "image", "video", "input"]);
const USED = "a, area, button, input, summary, label, select, [tabindex], [autofocus]";

const cells = [];
let calls = 0;

addEventListener("message", (event) => {
  if (!event.data || !event.data.lab) return;
  calls += 1;
  let from = event.source;
  while (from && from.parent !== window && from.parent !== from) from = from.parent;
  const cell = cells.find((one) => one.frame.contentWindow === from);
  if (cell) cell.ran.push(event.data.lab);
});

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));

function documentOf(frame) {
  try {
    return frame.contentDocument;
  } catch {
    return null;
  }
}

// The tree's shape: names of elements and attributes, comments, nesting, and which URLs are code.
function shape(node) {
  if (node.nodeType === 8) return "<!>";
  if (node.nodeType === 10) return "<!d>";
  if (node.nodeType === 4) return "";
  if (node.nodeType !== 1 && node.nodeType !== 9 && node.nodeType !== 11) return "";
  let text = "";
  if (node.nodeType === 1) {
    const names = [];
    for (const { name, value } of node.attributes) {
      let url = name;
      if (URLS.has(name)) {
        try {
          const { protocol } = new URL(value, node.baseURI);
          const picture = protocol === "data:" && PICTURES.has(node.localName);
          if (CODE.has(protocol) && !picture) url += "!" + protocol;
        } catch {}
      }
      names.push(url);
    }
    text = `${node.localName}[${names.sort().join(" ")}](`;
  }
  for (const child of node.childNodes) text += shape(child);
  if (node.content && node.content.nodeType === 11) text += "{" + shape(node.content) + "}";
  if (node.localName === "iframe") {
    const inner = documentOf(node);
    // A frame with an address holds whatever is there; what it loaded is seen by what runs.
    if (inner && node.hasAttribute("srcdoc")) text += "{" + shape(inner) + "}";
  }
  if (node.style && node.hasAttribute && node.hasAttribute("style")) {
    text += `style{${properties(node.style)}}`;
  }
  return node.nodeType === 1 ? text + ")" : text;
}

// Only the properties that a style sets by itself, not what a shorthand expands to.
function properties(style) {
  const names = new Set();
  for (const name of style) names.add(name.startsWith("--") ? name : name.split("-")[0]);
  return [...names].sort().join(" ");
}

function sheets(d) {
  const found = [];
  for (const sheet of d.styleSheets) {
    try {
      for (const rule of sheet.cssRules) {
        found.push(`${rule.constructor.name}{${rule.style ? properties(rule.style) : ""}}`);
      }
    } catch {} // Another site's: what it does is seen by `foreignStyle`.
  }
  return found.join(" ");
}

function read(cell) {
  const w = cell.frame.contentWindow;
  const d = w.document;
  try {
    // In the frame's own realm; what it gives back must be data.
    const value = w.Function("d", "w", "t", "lab", `return (${cell.item.read})`)(
      d, w, d.getElementById("t"), w.lab,
    );
    return { value: value === undefined ? { missing: 1 } : JSON.parse(JSON.stringify(value)) };
  } catch (error) {
    return { error: String(error).slice(0, 120) };
  }
}

function look(cell) {
  const w = cell.frame.contentWindow;
  const d = documentOf(cell.frame);
  if (!d || w.location.host !== SITE) {
    cell.shape = "elsewhere";
    return;
  }
  cell.shape = `${shape(d)} css:${sheets(d)} after:${w.after}`;
  if (!cell.item.after) cell.read = read(cell);
}

function foreignStyle(cell) {
  const w = cell.frame.contentWindow;
  const d = documentOf(cell.frame);
  if (!d || !d.documentElement || w.location.host !== SITE) return;
  for (const element of [d.documentElement, d.getElementById("t")]) {
    if (element && w.getComputedStyle(element).getPropertyValue("--evil")) {
      cell.ran.push("style");
      return;
    }
  }
}

function isCode(url, base) {
  try {
    return new URL(url, base).protocol === "javascript:";
  } catch {
    return false;
  }
}

function animated(element) {
  const { href } = element;
  return href && typeof href === "object" ? href.animVal : (element.getAttribute("href") ?? "");
}

// Nothing leaves a frame but what would run in it.
function stayOnPage(w) {
  w.addEventListener("click", (event) => {
    const link = event.composedPath().find((one) => one.localName === "a" || one.localName === "area");
    if (link && !isCode(animated(link), link.baseURI)) event.preventDefault();
  });
  w.addEventListener("submit", (event) => {
    const from = event.submitter;
    const action =
      (from && from.getAttribute("formaction")) ?? event.target.getAttribute("action") ?? "";
    if (!isCode(action, w.document.baseURI)) event.preventDefault();
  });
}

function framesOf(d) {
  return [...d.querySelectorAll("iframe, object, embed")];
}

function fire(w, d) {
  for (const element of [...d.querySelectorAll("*")]) {
    for (const { name } of [...element.attributes]) {
      if (!name.startsWith("on")) continue;
      try {
        element.dispatchEvent(new w.Event(name.slice(2)));
        if (element === d.body) w.dispatchEvent(new w.Event(name.slice(2)));
      } catch {}
    }
  }
}

function use(w) {
  let d;
  try {
    d = w.document;
    if (!d || !d.documentElement) return;
    stayOnPage(w);
  } catch {
    return;
  }
  fire(w, d);
  for (const svg of d.querySelectorAll("svg")) if (svg.setCurrentTime) svg.setCurrentTime(1);
  for (const element of [...d.querySelectorAll(USED)]) {
    try {
      element.removeAttribute("target");
      if (element.focus) element.focus();
      if (element.localName === "input") element.dispatchEvent(new w.Event("change"));
      element.dispatchEvent(new w.MouseEvent("mouseover", { bubbles: true }));
      element.dispatchEvent(
        new w.MouseEvent("click", { bubbles: true, cancelable: true, composed: true, view: w }),
      );
    } catch {}
  }
  for (const form of [...d.querySelectorAll("form")]) {
    try {
      w.HTMLFormElement.prototype.removeAttribute.call(form, "target");
      form.noValidate = true;
      w.HTMLFormElement.prototype.requestSubmit.call(form);
    } catch {}
  }
  for (const frame of framesOf(d)) {
    try {
      if (frame.contentWindow && frame.contentDocument) use(frame.contentWindow);
    } catch {}
  }
}

async function quiet(within) {
  const end = performance.now() + within;
  let before = -1;
  let still = 0;
  while (still < 3 && performance.now() < end) {
    await pause(12);
    const now = calls + cells.filter((cell) => busy(cell)).length * 1e6;
    still = now === before && now < 1e6 ? still + 1 : 0;
    before = now;
  }
}

function busy(cell) {
  const d = documentOf(cell.frame);
  return Boolean(d) && d.readyState !== "complete";
}

// Documents of the same essence run and look the same: they differ only in text, and in attributes,
// that no script, style or URL is made of. Parsed by the browser itself, with nothing run.
const INERT = /^(title|alt|class|lang|value|label|placeholder|summary|data-.*)$/;
const ACTIVE = new Set(["script", "style", "title"]);

function essence(node) {
  if (node.nodeType === 3) return ACTIVE.has(node.parentNode.localName) ? node.data : "";
  if (node.nodeType !== 1 && node.nodeType !== 11) return shape(node);
  let text = node.localName ?? "";
  if (node.attributes) {
    for (const { name, value } of node.attributes) {
      text += `[${name}=${INERT.test(name) ? "" : value}]`;
    }
  }
  text += `(${node.namespaceURI}`;
  for (const child of node.childNodes) text += essence(child);
  if (node.content && node.content.nodeType === 11) text += essence(node.content);
  return text + ")";
}

function hash(text) {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return `${(b >>> 0).toString(36)}.${(a >>> 0).toString(36)}`;
}

function essences(items) {
  const parser = new DOMParser();
  return items.map((html) => {
    const d = parser.parseFromString(html, "text/html");
    // Its content is elements to this parser, and text to one that runs scripts.
    if (d.querySelector("noscript")) return hash(html);
    return hash(d.compatMode + essence(d.documentElement));
  });
}

// As a parser reads it from the network, without the cost of a navigation.
function write(frame, html) {
  const d = frame.contentDocument;
  d.open();
  d.write(html);
  d.close();
}

async function run(items) {
  cells.length = 0;
  document.body.replaceChildren();
  await Promise.race([
    Promise.all(
      items.map(
        (item) =>
          new Promise((done) => {
            const frame = document.createElement("iframe");
            const cell = { item, frame, ran: [], shape: null, read: null };
            cells.push(cell);
            if (item.url) frame.src = item.url;
            else document.body.append(frame);
            frame.addEventListener(
              "load",
              () => {
                look(cell);
                done();
              },
              { once: true },
            );
            if (item.url) document.body.append(frame);
            else write(frame, item.html);
          }),
      ),
    ),
    pause(6000),
  ]);
  await painted();
  for (const cell of cells) use(cell.frame.contentWindow);
  await painted();
  // Animations have moved: what they lead to is clicked now.
  for (const cell of cells) {
    const d = documentOf(cell.frame);
    if (d && d.querySelector("svg a")) use(cell.frame.contentWindow);
  }
  await quiet(3000);
  for (const cell of cells) {
    if (cell.shape === null) look(cell);
    foreignStyle(cell);
    if (cell.item.after && documentOf(cell.frame)) cell.read = read(cell);
  }
  const results = cells.map(({ item, ran, shape, read }) => ({
    id: item.id,
    ran: [...new Set(ran)],
    shape,
    read,
  }));
  document.body.replaceChildren();
  return results;
}
