// Runs before any script of a page: what waits for longer than a moment is kept, so that it can be
// run when the visitor has "waited". It still runs at its time as well.
(() => {
  const waiting = new Map();
  const real = { set: window.setTimeout, clear: window.clearTimeout, every: window.setInterval };
  const keep = (make) =>
    function (task, delay, ...rest) {
      const number = make.call(window, task, delay, ...rest);
      if (delay > 50 && typeof task === "function" && waiting.size < 200) {
        waiting.set(number, () => task(...rest));
      }
      return number;
    };
  window.setTimeout = keep(real.set);
  window.setInterval = keep(real.every);
  window.clearTimeout = window.clearInterval = function (number) {
    waiting.delete(number);
    real.clear.call(window, number);
  };
  Object.defineProperty(window, "__ringfenceWait", {
    value: () => {
      for (const task of [...waiting.values()]) {
        try {
          task();
        } catch {}
      }
      waiting.clear();
    },
  });
})();
