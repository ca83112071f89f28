() => {
  // What a visitor can follow or fill in on this page. Runs outside the page's policy.
  const here = location.origin;
  const links = [...document.links].map((a) => a.href).filter((url) => url.startsWith(here + "/"));
  const forms = [...document.forms].map((form, index) => {
    // A field named "action" or "method" hides the form's own property: ask the prototype.
    const own = (name) => Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, name).get.call(form);
    return {
      index,
      action: own("action"),
      method: own("method"),
      enctype: own("enctype"),
      fields: [...own("elements")]
        .filter((field) => field.name && !field.disabled)
        .map((field) => ({
          name: field.name,
          kind: field.type,
          value: field.value ?? "",
          checked: field.checked ?? false,
        })),
    };
  });
  return { links: [...new Set(links)], forms };
}
