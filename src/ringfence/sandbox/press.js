async () => {
  // What a visitor can set off on this page: links that are code, and every event handler.
  // Runs outside the page's policy; what it sets off does not.
  const pause = () => new Promise((done) => setTimeout(done, 0));
  // A plain Event sets off handlers and nothing else; what they submit must not lead away.
  HTMLFormElement.prototype.submit = HTMLFormElement.prototype.requestSubmit = () => {};
  const links = [...document.querySelectorAll("a[href], area[href]")];
  for (const link of links.filter((each) => each.protocol === "javascript:").slice(0, 100)) {
    link.removeAttribute("target");
    link.click();
    await pause();
  }
  for (const element of [...document.querySelectorAll("*")]) {
    for (const name of element.getAttributeNames()) {
      if (name.startsWith("on")) {
        element.dispatchEvent(new Event(name.slice(2), { bubbles: false, cancelable: true }));
      }
    }
  }
  await pause();
}
