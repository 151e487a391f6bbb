/* Which part of a photo stands on the badge: a frame of 3:4 over the picture, moved and sized by finger, mouse, keyboard and
   ranges. The form sends it as shares of the upright picture; without this script they stay empty and the server cuts. */
const SHAPE = 4 / 3; // how high of how wide
const SMALLEST = 240; // pixels of the picture, as in cms/images.py
const LONGEST = 1200; // pixels, of what is drawn here
const STEP = 0.01, GROWTH = 1.05;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SIZES = { "+": GROWTH, "=": GROWTH, "-": 1 / GROWTH, "_": 1 / GROWTH };

const between = (least, value, most) => Math.max(least, Math.min(value, most));

/* Upright, as every picture on a page: a file is read as data because the policy of the page takes no other address. */
async function read(file) {
  const reader = new FileReader();
  await new Promise((done) => { reader.onloadend = done; reader.readAsDataURL(file); });
  const image = new Image();
  image.src = reader.result;
  await image.decode();
  return image;
}

function enliven(cutter) {
  const { elements } = cutter.form;
  const find = (name) => cutter.parentElement.querySelector(name);
  const input = find("input[type=file]"), hint = find(".cutter-hint"), small = find(".cutter-small");
  const stage = find(".cutter__stage"), sheet = find(".cutter__picture"), frame = find(".cutter__frame"), preview = find(".cutter__preview");
  const [leftRange, topRange, sizeRange] = cutter.querySelectorAll("input[type=range]");
  const shares = ["left", "top", "width"].map((name) => elements[`frame_${name}`]);
  const keep = elements.keep[0].closest(".field, .w-field__wrapper");

  const picture = document.createElement("canvas");
  let at, least, most, down; // the frame, the bounds of its width, and how many shares of the height one of the width makes

  const draw = () => {
    const { width, height } = sheet, pen = sheet.getContext("2d");
    const box = [at.left * width, at.top * height, at.width * width, at.width * down * height];
    pen.drawImage(picture, 0, 0);
    pen.fillStyle = "rgb(0 0 0 / 60%)";
    pen.beginPath();
    pen.rect(0, 0, width, height);
    pen.rect(...box);
    pen.fill("evenodd");
    preview.getContext("2d").drawImage(picture, ...box, 0, 0, preview.width, preview.height);
  };

  const show = () => {
    const across = 1 - at.width, below = 1 - at.width * down, span = most - least;
    [at.left, at.top, at.width].forEach((share, number) => { shares[number].value = share.toFixed(6); });
    [[leftRange, at.left, across], [topRange, at.top, below], [sizeRange, at.width - least, span]].forEach(([range, value, room]) => {
      range.disabled = room < 1e-6;
      range.value = range.disabled ? 100 : Math.round(100 * value / room);
    });
    const box = { left: at.left, top: at.top, width: at.width, height: at.width * down };
    Object.entries(box).forEach(([name, share]) => frame.style.setProperty(name, `${100 * share}%`));
    requestAnimationFrame(draw);
  };

  const move = (left, top) => {
    at.left = between(0, left, 1 - at.width);
    at.top = between(0, top, 1 - at.width * down);
    show();
  };

  /* What lies in the middle stays there; at a corner, the corner across. */
  const resize = (width, from = at, [right, lower] = [0, 0]) => {
    const room = right < 0 ? from.left + from.width : 1 - from.left;
    const depth = lower < 0 ? from.top + from.width * down : 1 - from.top;
    const grown = between(least, width, right ? Math.max(least, Math.min(room, depth / down)) : most);
    const x = from.left + (from.width - grown) * (1 - right) / 2;
    const y = from.top + (from.width - grown) * down * (1 - lower) / 2;
    at.width = grown;
    move(x, y);
  };

  leftRange.addEventListener("input", () => move(leftRange.value / 100 * (1 - at.width), at.top));
  topRange.addEventListener("input", () => move(at.left, topRange.value / 100 * (1 - at.width * down)));
  sizeRange.addEventListener("input", () => resize(least + sizeRange.value / 100 * (most - least)));

  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in SIZES) {
      resize(at.width * SIZES[event.key]);
    } else if (event.key in WAYS) {
      const [right, lower] = WAYS[event.key], step = event.shiftKey ? 5 * STEP : STEP;
      move(at.left + right * step, at.top + lower * step);
    } else {
      return;
    }
    event.preventDefault();
  });

  // A touchpad's two fingers come as a wheel with Ctrl; the wheel alone moves the page as everywhere.
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    resize(at.width * Math.exp(-between(-50, event.deltaY, 50) / 100));
  }, { passive: false });

  const fingers = new Map();
  let grip = null; // where the fingers and the frame were when one came or went
  const hold = (corner) => {
    const points = [...fingers.values()];
    grip = points.length ? { points, corner, from: { ...at } } : null;
  };
  const middle = (points) => ["x", "y"].map((way) => points.reduce((sum, point) => sum + point[way], 0) / points.length);
  const apart = ([one, two]) => Math.hypot(one.x - two.x, one.y - two.y);

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || fingers.size === 2) return;
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    hold(fingers.size === 1 && event.target.dataset.corner?.split(" ").map(Number));
  });
  stage.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const points = [...fingers.values()], box = stage.getBoundingClientRect(), { from, corner } = grip;
    const [before, now] = [middle(grip.points), middle(points)];
    const x = (now[0] - before[0]) / box.width, y = (now[1] - before[1]) / box.height;
    if (corner) {
      resize(from.width + Math.max(x * corner[0], y * corner[1] / down), from, corner);
    } else {
      at = { ...from };
      if (points.length === 2) resize(from.width * apart(points) / apart(grip.points));
      move(at.left + x, at.top + y);
    }
  });
  stage.addEventListener("lostpointercapture", (event) => {
    fingers.delete(event.pointerId);
    hold();
  });

  const close = () => {
    shares.forEach((share) => { share.value = ""; });
    cutter.hidden = hint.hidden = small.hidden = true;
    keep.hidden = false;
  };

  const open = (image) => {
    const { naturalWidth: wide, naturalHeight: high } = image;
    down = SHAPE * wide / high;
    [least, most] = [SMALLEST / wide, Math.min(1, 1 / down)];
    small.hidden = Math.round(most * wide) >= SMALLEST;
    if (!small.hidden) return;
    least = Math.min(least, most);
    const scale = Math.min(1, LONGEST / Math.max(wide, high));
    for (const canvas of [picture, sheet]) [canvas.width, canvas.height] = [wide * scale, high * scale];
    picture.getContext("2d").drawImage(image, 0, 0, picture.width, picture.height);
    cutter.hidden = hint.hidden = false;
    keep.hidden = true;
    // As the server would cut it.
    at = { left: (1 - most) / 2, top: elements.keep.value === "top" ? 0 : (1 - most * down) / 2, width: most };
    show();
  };

  let chosen;
  const choose = async () => {
    close();
    const file = chosen = input.files[0];
    if (!file) return;
    const image = await read(file).catch(() => null); // what a browser cannot show, the server may know
    if (image && file === chosen) open(image);
  };
  input.addEventListener("change", choose);
  choose();
}

document.querySelectorAll(".cutter").forEach(enliven);
