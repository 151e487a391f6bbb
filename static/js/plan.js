/* The plan in place: closer and further by buttons, keys, fingers and wheel, pushed about with the mouse, and from booth to
   booth with the arrows. Without this script the buttons are links to the same plan in other sizes. */
(() => {
  const STEP = 1.4, CLOSEST = 100; // pixels of a metre
  const SIZES = { closer: STEP, further: 1 / STEP, whole: 0 };
  const KEYS = { "+": "closer", "=": "closer", "-": "further", "_": "further", "0": "whole" };
  const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

  const middle = (element) => {
    const box = element.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };

  function enliven(figure) {
    const scroll = figure.querySelector(".plan__scroll"), sheet = scroll.querySelector(".plan__sheet");
    const { width: metres } = sheet.viewBox.baseVal;

    /* What lies beneath the point stays beneath it. */
    const show = (width, point) => {
      const wanted = Math.min(width, metres * CLOSEST / 100), isWhole = wanted <= scroll.clientWidth;
      scroll.classList.toggle("plan__scroll--closer", !isWhole);
      const before = sheet.getBoundingClientRect(), frame = scroll.getBoundingClientRect();
      const at = point || { x: frame.x + scroll.clientWidth / 2, y: frame.y + scroll.clientHeight / 2 };
      const share = { x: (at.x - before.x) / before.width, y: (at.y - before.y) / before.height };
      sheet.classList.remove("plan__sheet--whole", "plan__sheet--closer");
      sheet.classList.add(isWhole ? "plan__sheet--whole" : "plan__sheet--closer");
      const shown = isWhole ? scroll.clientWidth : wanted;
      sheet.setAttribute("width", shown);
      sheet.setAttribute("height", shown * before.height / before.width);
      const after = sheet.getBoundingClientRect();
      scroll.scrollLeft += after.x + share.x * after.width - at.x;
      scroll.scrollTop += after.y + share.y * after.height - at.y;
    };
    const resize = (factor, point) => show(sheet.getBoundingClientRect().width * factor, point);

    figure.querySelectorAll("[data-size]").forEach((link) => {
      link.setAttribute("role", "button");
      link.addEventListener("click", (event) => { event.preventDefault(); resize(SIZES[link.dataset.size]); });
      link.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); link.click(); } });
    });

    const booths = [...sheet.querySelectorAll("a.booth")];
    const neighbour = (booth, [right, down]) => {
      const here = middle(booth);
      let nearest = null, least = Infinity;
      for (const other of booths) {
        if (other === booth) continue;
        const there = middle(other);
        const ahead = (there.x - here.x) * right + (there.y - here.y) * down;
        const aside = Math.abs((there.x - here.x) * down) + Math.abs((there.y - here.y) * right);
        if (ahead > aside / 2 && ahead + 2 * aside < least) [nearest, least] = [other, ahead + 2 * aside];
      }
      return nearest;
    };
    const next = (booth, key) => {
      if (key === "Home") return booths[0];
      if (key === "End") return booths[booths.length - 1];
      return WAYS[key] && neighbour(booth, WAYS[key]);
    };

    scroll.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const booth = event.target.closest("a.booth");
      if (event.key in KEYS) {
        resize(SIZES[KEYS[event.key]], booth && middle(booth));
      } else if (booth && (event.key in WAYS || event.key === "Home" || event.key === "End")) {
        next(booth, event.key)?.focus();
      } else {
        return;
      }
      event.preventDefault();
    });

    // A touchpad's two fingers come as a wheel with Ctrl; the wheel alone moves the page as everywhere.
    scroll.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      resize(Math.exp(-Math.max(-50, Math.min(50, event.deltaY)) / 100), { x: event.clientX, y: event.clientY });
    }, { passive: false });

    const between = ([one, two]) => ({
      x: (one.clientX + two.clientX) / 2,
      y: (one.clientY + two.clientY) / 2,
      apart: Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY),
    });
    let pinch = null;
    scroll.addEventListener("touchstart", ({ touches }) => { pinch = touches.length === 2 ? between([...touches]) : null; }, { passive: true });
    scroll.addEventListener("touchmove", (event) => {
      if (!pinch || event.touches.length !== 2) return;
      event.preventDefault();
      const now = between([...event.touches]);
      resize(now.apart / pinch.apart, now);
      scroll.scrollLeft += pinch.x - now.x;
      scroll.scrollTop += pinch.y - now.y;
      pinch = now;
    }, { passive: false });

    // One finger pushes the plan as the browser does it; the mouse as here. A push is no click on the booth where it ends.
    let hold = null;
    scroll.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      hold = { x: event.clientX, y: event.clientY, left: scroll.scrollLeft, top: scroll.scrollTop, moved: false };
    });
    addEventListener("pointermove", (event) => {
      if (!hold) return;
      const x = event.clientX - hold.x, y = event.clientY - hold.y;
      hold.moved ||= Math.hypot(x, y) > 5;
      if (!hold.moved) return;
      scroll.classList.add("plan__scroll--held");
      scroll.scrollLeft = hold.left - x;
      scroll.scrollTop = hold.top - y;
    });
    addEventListener("pointerup", () => {
      scroll.classList.remove("plan__scroll--held");
      setTimeout(() => { hold = null; }); // after the click that may follow
    });
    scroll.addEventListener("click", (event) => { if (hold?.moved) event.preventDefault(); });
    scroll.addEventListener("dragstart", (event) => event.preventDefault()); // of a link
  }

  document.querySelectorAll("figure[data-zoom]").forEach(enliven);
  document.querySelectorAll(".plan__hint").forEach((hint) => { hint.hidden = false; });
})();
