// Loads what the page names.
for (const place of document.querySelectorAll("[data-load]")) {
  const script = document.createElement("script");
  script.src = place.dataset.load; // hole: csp-gadget
  document.head.append(script);
}
