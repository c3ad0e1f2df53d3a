// Prints lines that say when they were printed, at uneven times.
let count = 0;
(function tick() {
  console.log(`tick ${++count} ${Date.now()}`);
  setTimeout(tick, 120 + Math.random() * 160);
})();
