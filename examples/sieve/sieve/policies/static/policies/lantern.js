// Loads what it knows by name.
const known = { note: "/static/policies/note.js" };
for (const place of document.querySelectorAll("[data-load]")) {
  if (!Object.hasOwn(known, place.dataset.load)) continue; // twin: csp-gadget
  const script = document.createElement("script");
  script.src = known[place.dataset.load];
  document.head.append(script);
}
