/* The gate on a telephone: asks the server for each scan, decides alone where it does not answer, and tells it later. */
import { Camera } from "./gate-camera.js";
import { PHOTO, Store } from "./gate-store.js";
import { Gate } from "./gate-verdict.js";

const PATIENCE = 1500; // milliseconds for which the server's verdict is waited for
const LONG = 20_000; // for everything that nobody waits for
const EVERY = 15_000; // between two syncs
const FRESH = 55_000; // for so long what it carries is not asked for again
const AT_ONCE = 50; // scans told in one go
const SAME = 4_000; // the camera sees one badge many times
const DAY = 86_400_000;
const SHIFT = 14 * 3_600_000; // after which whoever took the device over has surely gone home

const part = (name) => document.getElementById(name);
const { language, addresses } = { language: document.documentElement.lang, addresses: document.body.dataset };
const words = Object.fromEntries(
  [...part("words").content.querySelectorAll("data")].map((word) => [word.value, word.textContent]),
);
const state = { gate: null, offset: 0, shift: null, isAlone: false, isPaired: true, last: { text: "", at: 0 } };
const store = await Store.open();

const moment = () => Date.now() + state.offset;
const figures = (text) => (language === "km" ? String(text).replace(/\d/g, (digit) => "០១២៣៤៥៦៧៨៩"[digit]) : String(text));
const fill = (sentence, values) => sentence.replace(/\[(\w+)\]/g, (_, name) => values[name]);
const named = (thing, name = "name") => thing?.[`${name}_${language}`] ?? "";

function clock(at) {
  const options = { timeZone: state.gate?.data.edition.zone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" };
  return figures(new Intl.DateTimeFormat("en-GB", options).format(at));
}

/* Talking to the server */

async function send(address, { body, patience = LONG, headers = {} } = {}) {
  const begun = Date.now();
  const options = { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(patience), headers };
  if (body) Object.assign(options, { method: "POST", body: JSON.stringify(body) });
  const answer = await fetch(address, options);
  if (answer.status === 403 && (await answer.clone().json().catch(() => ({}))).error === "unpaired") await leave();
  const now = Number(answer.headers.get("X-Now"));
  if (now) {
    state.offset = Math.round(now - (begun + Date.now()) / 2);
    store.set("offset", state.offset);
  }
  return answer;
}

/* Revoked, or never paired: nobody's name stays here. */
async function leave() {
  state.isPaired = false;
  camera.stop();
  await store.wipe();
  location.reload();
}

async function sync() {
  if (!state.isPaired || sync.isRunning) return;
  sync.isRunning = true;
  try {
    await tell();
    await carry();
    await hear();
    alone(false);
    await carryPhotos();
  } catch {
    alone(true);
  }
  sync.isRunning = false;
  if (state.shift && moment() - state.shift.at > SHIFT) await end();
  else await show();
}

async function carry() {
  const kept = await store.get("data");
  if (kept && carry.at > Date.now() - FRESH) return;
  const answer = await send(addresses.data, { headers: kept ? { "If-None-Match": `"${kept.version}"` } : {} });
  if (answer.status === 200) {
    const data = await answer.json();
    await store.set("data", data);
    await take(data);
  } else if (answer.status !== 304) throw new Error(answer.status);
  await store.set("synced", moment());
  carry.at = Date.now();
}

/* Those of guests of honour. Whose is missing when the network fails comes in by name. */
async function carryPhotos() {
  const { photos = {} } = state.gate.data;
  const kept = await store.photos();
  for (const serial of Object.keys(kept)) if (kept[serial].version !== photos[serial]) await store.forget(PHOTO + serial);
  for (const [serial, version] of Object.entries(photos)) {
    if (kept[serial]?.version === version) continue;
    const answer = await send(addresses.photo.replace("SERIAL", serial));
    if (answer.ok) await store.set(PHOTO + serial, { version, picture: await answer.blob() });
  }
}

async function tell() {
  for (;;) {
    const waiting = (await store.scans()).slice(0, AT_ONCE);
    if (!waiting.length) return;
    const answer = await send(addresses.scans, { body: { now: moment(), scans: waiting } });
    if (!answer.ok) throw new Error(answer.status);
    const { done } = await answer.json();
    if (!done.length) return;
    await store.done(done);
  }
}

async function hear() {
  const since = (await store.get("heard")) ?? "";
  const answer = await send(`${addresses.passed}?since=${since}`);
  if (!answer.ok) throw new Error(answer.status);
  const { now, passed } = await answer.json();
  const rows = passed.map(([serial, way, moment]) => ({ serial, way, moment }));
  if (rows.length) await store.notePassed(rows);
  rows.forEach(({ serial, way, moment }) => state.gate.note(serial, way, moment));
  await store.set("heard", now);
}

async function take(data) {
  const gate = new Gate(data);
  for (const { serial, way, moment } of await store.passed()) gate.note(serial, way, moment);
  state.gate = gate;
}

function alone(is) {
  state.isAlone = is;
  document.body.classList.toggle("is-alone", is);
  part("alone").hidden = !is;
}

/* One badge */

async function scan(typed) {
  const text = typed.trim().slice(0, 200);
  if (!text || !state.gate || part("scanning").hidden) return;
  const asked = { id: crypto.randomUUID(), code: text, way: way(), shift: state.shift?.code ?? "", at: moment() };
  say((await ask(asked)) ?? (await decide(asked)));
  await show();
}

/* The server's verdict; null where none comes in time. Once one did not come, nobody waits for the next. */
async function ask(asked) {
  if (state.isAlone) return null;
  try {
    const answer = await send(addresses.scan, { body: asked, patience: PATIENCE });
    if (!answer.ok) throw new Error(answer.status);
    const said = await answer.json();
    if (!said.refusal && said.serial) await note({ serial: said.serial, way: asked.way, moment: asked.at });
    return said;
  } catch {
    alone(true);
    return null;
  }
}

async function decide(asked) {
  const said = await state.gate.judge(asked.code, asked.way, asked.at);
  const passed = said.refusal ? null : { serial: said.serial, way: asked.way, moment: asked.at };
  await store.keep({ ...asked, refusal: said.refusal, left: said.left ?? 0 }, passed);
  if (passed) state.gate.note(passed.serial, passed.way, passed.moment);
  return said;
}

async function note(passed) {
  state.gate.note(passed.serial, passed.way, passed.moment);
  await store.notePassed([passed]);
}

function way() {
  const { ways } = state.gate.data.gate;
  return ways === "both" ? document.querySelector("[name=way]:checked").value : ways;
}

/* What the guard sees and hears */

function say({ refusal, serial, km, en, pass, before }) {
  const { gate, passes } = state.gate.data;
  showPhoto(serial);
  const isIn = !refusal, verdict = part("verdict");
  verdict.className = `screen ${isIn ? "screen--yes" : "screen--no"}`;
  verdict.dataset.verdict = refusal || "admitted";
  part("sign").textContent = isIn ? "✓" : "✕";
  part("word").textContent = isIn ? words[way() === "out" ? "goodbye" : "welcome"] : words.stop;
  part("reason").textContent = refusal ? [words[refusal], detail(refusal, gate, passes[pass])].filter(Boolean).join(": ") : "";
  part("name-km").textContent = km ?? "";
  part("name-en").textContent = en ?? "";
  part("pass").textContent = named(passes[pass]);
  part("before").textContent = before
    ? fill(words.before, { time: clock(before.at), where: before[language] ?? named(gate) }) : "";
  verdict.hidden = false;
  signal(isIn);
  part("code").focus({ preventScroll: true });
}

/* On a canvas: a page of ours takes pictures from our addresses alone, and this one lies on the device. */
async function showPhoto(serial) {
  const canvas = part("photo");
  canvas.hidden = true;
  showPhoto.of = serial;
  const kept = serial && (await store.get(PHOTO + serial));
  const picture = kept && (await createImageBitmap(kept.picture).catch(() => null));
  if (!picture || showPhoto.of !== serial) return; // another badge was faster
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.hidden = false;
}

function detail(refusal, gate, pass) {
  if (refusal === "zone") return language === "km" ? gate.zone_km : gate.zone;
  if (refusal === "closed" && (gate.opens || gate.closes)) return figures(`${gate.opens ?? "…"}–${gate.closes ?? "…"}`);
  if (refusal === "pass-day") return pass?.days.map((day) => figures(day.split("-").reverse().join("."))).join(", ");
  return "";
}

/* Two sounds that nobody mistakes: one high, two low. A browser lets pages sound after the first touch. */
function signal(isIn) {
  navigator.vibrate?.(isIn ? 80 : [220, 90, 220]);
  if (!part("sound").checked) return;
  signal.audio ??= new AudioContext();
  const tones = isIn ? [[1320, 0, 0.12]] : [[196, 0, 0.22], [196, 0.3, 0.22]];
  for (const [pitch, after, length] of tones) {
    const tone = new OscillatorNode(signal.audio, { frequency: pitch, type: isIn ? "sine" : "square" });
    const volume = new GainNode(signal.audio, { gain: 0.25 });
    tone.connect(volume).connect(signal.audio.destination);
    tone.start(signal.audio.currentTime + after);
    tone.stop(signal.audio.currentTime + after + length);
  }
}

async function show() {
  const { gate, shift } = state;
  const waiting = (await store.scans()).length, synced = await store.get("synced");
  part("waiting").textContent = waiting ? fill(words.waiting, { n: figures(waiting) }) : "";
  part("waiting").dataset.count = waiting;
  part("loaded").textContent = gate && synced
    ? fill(words.loaded, { n: figures(gate.people), time: clock(synced) }) : words.empty;
  part("gate").textContent = gate ? named(gate.data.gate) : "";
  part("ways").hidden = gate?.data.gate.ways !== "both";
  part("who").textContent = shift?.name ?? "";
  const isOpen = Boolean(gate && shift);
  part("scanning").hidden = !isOpen;
  part("signing").hidden = isOpen || !gate;
  part("change").hidden = !isOpen;
  // Who proves to be somebody needs the server; without one the gate opens all the same.
  part("nobody").hidden = !(state.isAlone || !gate?.data.staff.length);
  const staff = gate?.data.staff ?? [];
  part("without").hidden = staff.length > 0;
  part("pin-form").hidden = !staff.length;
  if (part("staff").options.length !== staff.length)
    part("staff").replaceChildren(...staff.map(({ code, name }) => new Option(name, code)));
}

/* Who holds the device */

async function begin(event) {
  event.preventDefault();
  part("pin-error").textContent = "";
  try {
    const answer = await send(addresses.shift, { body: { who: part("staff").value, pin: part("pin").value } });
    const said = await answer.json();
    if (answer.ok) await open({ code: said.shift, name: said.name });
    else part("pin-error").textContent = said.sentence ?? words.wrong;
  } catch {
    part("pin-error").textContent = words.unproven;
    alone(true);
    await show();
  }
  part("pin").value = "";
}

async function open({ code, name }) {
  state.shift = { code, name, at: moment() };
  await store.set("shift", state.shift);
  await show();
  part("code").focus();
  await stayAwake();
}

/* A screen that goes dark between two guests is a queue. */
async function stayAwake() {
  if (state.shift && !document.hidden) await navigator.wakeLock?.request("screen").catch(() => null);
}

async function end() {
  state.shift = null;
  part("verdict").hidden = true;
  if (camera.isOn) await turnCamera();
  await store.forget("shift");
  await show();
  await sync();
}

/* Beginning */

const camera = new Camera(part("video"), addresses.reader, (text) => {
  const now = Date.now();
  if (text === state.last.text && now - state.last.at < SAME) state.last.at = now;
  else {
    state.last = { text, at: now };
    scan(text);
  }
});

async function turnCamera() {
  const { isOn } = camera;
  part("camera-error").textContent = "";
  if (isOn) camera.stop();
  else await camera.start().catch(() => (part("camera-error").textContent = words.blind));
  part("video").hidden = !camera.isOn;
  part("camera").setAttribute("aria-pressed", camera.isOn);
}

part("pin-form").addEventListener("submit", begin);
part("nobody").addEventListener("click", () => open({ code: "", name: "" }));
part("change").addEventListener("click", end);
part("camera").addEventListener("click", turnCamera);
part("verdict").addEventListener("click", () => {
  part("verdict").hidden = true;
  part("code").focus();
});
part("scan-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = part("code").value;
  part("code").value = "";
  scan(typed);
});
// A hardware scanner types wherever the page is; so does a thumb that has touched something else.
document.addEventListener("keydown", ({ key, target }) => {
  if (key.length === 1 && !part("scanning").hidden && !target.matches("input, select, button")) part("code").focus();
});
addEventListener("online", sync);
document.addEventListener("visibilitychange", stayAwake);

if (!new URLSearchParams(location.search).has("language")) history.replaceState(null, "", `?language=${language}`);
state.offset = (await store.get("offset")) ?? 0;
state.shift = (await store.get("shift")) ?? null;
await store.forgetPassedBefore(moment() - 2 * DAY);
if (await store.get("data")) await take(await store.get("data"));
navigator.storage?.persist?.();
navigator.serviceWorker?.register(addresses.worker, { scope: addresses.scope, updateViaCache: "none" });
await show();
await sync();
await stayAwake();
document.body.dataset.ready = "yes";
setInterval(sync, EVERY);
