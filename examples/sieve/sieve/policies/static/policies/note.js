document.getElementById("note").textContent = "The board is read by many.";
