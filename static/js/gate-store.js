/* What a device keeps across reloads: what it carries, who went through, scans that nobody has taken over yet. */
const VERSION = 1;
export const PHOTO = "photo "; // before the serial of the badge

export class Store {
  static async open() {
    const store = new Store();
    store.database = await new Promise((resolve, reject) => {
      const asked = indexedDB.open("gate", VERSION);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("kept");
        asked.result.createObjectStore("passed", { keyPath: ["serial", "way", "moment"] });
        asked.result.createObjectStore("scans", { keyPath: "id" });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return store;
  }

  get(name) { return this.#do(["kept"], "readonly", (rows) => rows.get(name)); }

  set(name, value) { return this.#do(["kept"], "readwrite", (rows) => rows.put(value, name)); }

  forget(name) { return this.#do(["kept"], "readwrite", (rows) => rows.delete(name)); }

  /* { serial: { version, picture } } */
  async photos() {
    const range = IDBKeyRange.bound(PHOTO, `${PHOTO}\uffff`), found = {};
    const names = await this.#do(["kept"], "readonly", (rows) => rows.getAllKeys(range));
    for (const name of names) found[name.slice(PHOTO.length)] = await this.get(name);
    return found;
  }

  passed() { return this.#do(["passed"], "readonly", (rows) => rows.getAll()); }

  scans() { return this.#do(["scans"], "readonly", (rows) => rows.getAll()); }

  async notePassed(all) {
    await this.#do(["passed"], "readwrite", (rows) => all.map((one) => rows.put(one)).at(-1));
  }

  /* What was decided alone, and that somebody went through, stand there together or not at all. */
  async keep(scan, passed) {
    await this.#do(["scans", "passed"], "readwrite", (scans, rows) => {
      if (passed) rows.put(passed);
      return scans.put(scan);
    });
  }

  async done(ids) { await this.#do(["scans"], "readwrite", (rows) => ids.map((id) => rows.delete(id)).at(-1)); }

  async forgetPassedBefore(moment) {
    const old = (await this.passed()).filter((one) => one.moment < moment);
    await this.#do(["passed"], "readwrite", (rows) => old.map((one) => rows.delete([one.serial, one.way, one.moment])).at(-1));
  }

  /* Everything about people. Scans that were not sent hold codes alone, and stay until they are. */
  async wipe() {
    await this.#do(["kept", "passed"], "readwrite", (kept, passed) => {
      passed.clear();
      return kept.clear();
    });
  }

  /* The answer of the last question, once the whole of it is safe on the disk. */
  #do(names, mode, act) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(names, mode, { durability: "strict" });
      const asked = act(...names.map((name) => transaction.objectStore(name)));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }
}
