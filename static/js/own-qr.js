/* Keeps the page of the code on this device, says so, and keeps the screen on while it is shown. */
const kept = document.getElementById("kept");

async function keep() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(document.body.dataset.worker, { updateViaCache: "none" });
  await navigator.serviceWorker.ready;
  kept.hidden = false;
}

async function stayAwake() {
  if (document.visibilityState !== "visible") return;
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // a battery that is low, or a browser that does not allow it: the code is shown nevertheless
  }
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();
keep().catch(() => {
  kept.hidden = true; // a private window keeps nothing; the page works as long as there is a network
});
