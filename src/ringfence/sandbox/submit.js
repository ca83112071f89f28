([index, values]) => {
  // Fill in a form and send it, as its visitor would. Runs outside the page's policy.
  const form = document.forms[index];
  if (!form) throw new Error("the form is not on this page");
  for (const [name, value] of Object.entries(values)) {
    form.elements[name].value = value;
  }
  // Not a click: whether the site's own scripts run is another question. Later: the answer to this
  // call must not be lost in the navigation.
  setTimeout(() => HTMLFormElement.prototype.submit.call(form), 0);
}
