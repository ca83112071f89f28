// Shows the words that a call brings.
function show(words) {
  document.getElementById("words").textContent = words.join(", ");
}
