/* The board looks again by itself, and at once when the network is back; it stays where the reader has scrolled and what
   they have opened. */
(() => {
  const seconds = Number(document.getElementById("board")?.dataset.again);
  if (!seconds) return;
  let next;

  async function look() {
    clearTimeout(next);
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(seconds * 1000) });
      const told = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
      if (!told) throw new Error("no board");
      show(told);
    } catch {
      document.getElementById("board-late").hidden = false;
    }
    clearTimeout(next);
    next = setTimeout(look, seconds * 1000);
  }

  function show(told) {
    const shown = document.getElementById("board");
    const before = shown.querySelector("details");
    const after = told.querySelector("details");
    if (before?.open && after) after.open = true;
    const wasOnSummary = document.activeElement?.matches("#board summary");
    shown.replaceWith(told);
    if (wasOnSummary) told.querySelector("summary")?.focus({ preventScroll: true });
  }

  addEventListener("online", look);
  next = setTimeout(look, seconds * 1000);
})();
