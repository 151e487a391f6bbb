/* Wagtail wakes its choosers and inline panels by scripts inside the page, which our policy forbids; this wakes them from here. */
(() => {
  function wake() {
    for (const mark of document.querySelectorAll("[data-wake-chooser]")) {
      const id = mark.dataset.wakeChooser;
      mark.removeAttribute("data-wake-chooser");
      new window.SnippetChooser(id, JSON.parse(mark.dataset.options));
    }
    for (const mark of document.querySelectorAll("[data-wake-panel]")) {
      const options = JSON.parse(mark.dataset.wakePanel);
      mark.removeAttribute("data-wake-panel");
      new window.InlinePanel(options);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    wake();
    new MutationObserver(wake).observe(document.body, { childList: true, subtree: true });
  });
})();
