/* The board looks again by itself, and stays where the reader has scrolled and what they have opened. */
(() => {
  const seconds = Number(document.getElementById("board")?.dataset.again);
  if (!seconds) return;

  async function look() {
    const shown = document.getElementById("board");
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(seconds * 1000) });
      const told = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
      if (!told) throw new Error("no board");
      const isOpen = shown.querySelector("details")?.open;
      const table = told.querySelector("details");
      if (table && isOpen) table.open = true;
      shown.replaceWith(told);
    } catch {
      document.getElementById("board-late").hidden = false;
    }
    setTimeout(look, seconds * 1000);
  }
  setTimeout(look, seconds * 1000);
})();
