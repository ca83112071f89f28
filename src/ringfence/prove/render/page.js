"use strict";
// The page is whole without this: an arrow is a link to its evidence, and evidence a <details>.
{
  const arrows = [...document.querySelectorAll("a.arrow")];
  const evidence = (arrow) => document.getElementById(arrow.getAttribute("href").slice(1));
  const mark = (chosen) => {
    for (const arrow of arrows) {
      if (arrow === chosen) arrow.setAttribute("aria-current", "true");
      else arrow.removeAttribute("aria-current");
    }
  };
  for (const [number, arrow] of arrows.entries()) {
    const details = evidence(arrow).closest("details");
    details.addEventListener("toggle", () => {
      if (details.open) mark(arrow);
    });
    arrow.addEventListener("click", (event) => {
      event.preventDefault();
      for (const other of document.querySelectorAll("details[open]")) {
        if (other !== details) other.open = false;
      }
      details.open = true;
      details.scrollIntoView({ block: "start" });
      details.querySelector("summary").focus({ preventScroll: true });
      mark(arrow);
    });
    arrow.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      arrows.at((number + step) % arrows.length).focus();
    });
    const back = evidence(arrow).querySelector("a.back");
    back.addEventListener("click", (event) => {
      event.preventDefault();
      arrow.focus();
      document.getElementById("picture").scrollIntoView({ block: "start" });
    });
  }
  // On paper nothing can be opened. What was closed is closed again.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.breach:not([open]), details.near:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
}
