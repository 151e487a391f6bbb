/* On the page that says that a device is not paired: nobody's name stays on it. */
import { Store } from "./gate-store.js";

await (await Store.open()).wipe();
document.body.dataset.ready = "yes";
