async () => {
  // What a visitor can set off on this page: waiting, scrolling, hovering, focusing and clicking;
  // links that are code, and every event handler. Runs outside the page's policy; what it sets off
  // does not.
  const pause = () => new Promise((done) => setTimeout(done, 0));
  // An application may do much at each event: what is not reached in time is left.
  const until = performance.now() + 2000;
  window.__ringfenceWait?.();
  // Events set off handlers and nothing else; where they would lead must not lead away.
  HTMLFormElement.prototype.submit = HTMLFormElement.prototype.requestSubmit = () => {};
  const ours = new WeakSet();
  for (const name of ["click", "submit", "auxclick"]) {
    addEventListener(name, (event) => {
      const target = event.target.closest?.("a, area") ?? event.target;
      if (target.protocol !== "javascript:" && !ours.has(target)) event.preventDefault();
    });
  }
  const links = [...document.querySelectorAll("a[href], area[href]")];
  for (const link of links.filter((each) => each.protocol === "javascript:").slice(0, 100)) {
    link.removeAttribute("target");
    link.click();
    await pause();
  }
  for (const button of document.querySelectorAll("[formaction], form[action]")) {
    const address = button.formAction || button.getAttribute("action") || "";
    if (!/^\s*javascript:/i.test(address)) continue;
    // By a form of our own, which goes where the page's would.
    const form = document.createElement("form");
    form.action = address;
    document.body.append(form);
    const send = document.createElement("button");
    form.append(send);
    ours.add(form).add(send);
    send.click();
    await pause();
    form.remove();
  }
  const kinds = { pointerover: PointerEvent, mouseover: MouseEvent, mouseenter: MouseEvent,
    mousemove: MouseEvent, focus: FocusEvent, focusin: FocusEvent, click: MouseEvent };
  for (const element of [...document.querySelectorAll("*")].slice(0, 5000)) {
    if (performance.now() > until) break;
    for (const name of element.getAttributeNames()) {
      if (name.startsWith("on")) {
        element.dispatchEvent(new Event(name.slice(2), { bubbles: false, cancelable: true }));
      }
    }
  }
  const touched = document.querySelectorAll("a, button, input, select, textarea, summary, label, [role], [tabindex], [data-toggle]");
  for (const element of [...touched].slice(0, 400)) {
    if (performance.now() > until) break;
    if (element.protocol === "javascript:") continue;
    for (const [name, Kind] of Object.entries(kinds)) {
      element.dispatchEvent(new Kind(name, { bubbles: true, cancelable: true }));
    }
  }
  scrollTo(0, document.documentElement.scrollHeight);
  dispatchEvent(new Event("scroll"));
  window.__ringfenceWait?.();
  // What it set off has called by then.
  await new Promise((done) => setTimeout(done, 20));
}
