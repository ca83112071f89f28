document.getElementById("weather").textContent = "Rain.";
